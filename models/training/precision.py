"""Which arithmetic a machine is fast in.

bfloat16 is computed by instructions of its own (AVX-512 BF16, AMX) or emulated. Emulated it took eleven times
as long as single precision on a processor with AVX2 only, where a run would stand still without a word.
"""

from __future__ import annotations

import torch


def bfloat16_pays(device: torch.device) -> bool:
    """Whether autocast to bfloat16 is faster than single precision here."""
    if device.type != "cpu":
        return True
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
