import torch

from precision import bfloat16_pays


def test_other_devices_always_may():
    assert bfloat16_pays(torch.device("cuda"))


def test_a_processor_needs_the_instructions(monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_bf16": False})
    assert not bfloat16_pays(torch.device("cpu"))
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert bfloat16_pays(torch.device("cpu"))
