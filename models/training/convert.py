"""Converts an exported network for the processor: ONNX to LiteRT, mixed int8, with an entry in the manifest.

    python convert.py --onnx ../pspnet-lite.fp32.onnx --data DATA --out ..

Needs Python 3.12 and an environment of its own (see README.md): its packages do not go with torch's.

Convolutions compute in int8. What the eye would see stays in float: the pyramid, whose 50 cells stand for the whole
picture and whose gate goes down to zero, and the convolutions that make logits with all that follows them. Input and
output are float too. Which nodes these are is read from the graph's shape, not from names.

Ranges are measured on training pictures. The file is then compared with the ONNX file on pictures of the validation
sets; the share of cells of the same class goes into the manifest.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from ai_edge_quantizer import qtyping, quantizer, recipe
from ai_edge_quantizer.algorithm_manager import AlgorithmName
from PIL import Image

from sentence import Arguments, ends_in_a_sentence

# Pictures that ranges are measured on, by set: human labels' sets whole in spirit, weather as a seasoning.
CALIBRATION = {"camvid/train": 50, "idd/train": 50, "streets/train": 12, "wet/train": 6, "snow/train": 6}
# Pictures the converted file is compared on; none of them is calibrated on.
COMPARISON = {"camvid/val": 30, "idd/val": 30}
# Below these shares of cells alike the conversion went wrong: float differs by rounding, int8 by its steps.
FLOAT_AGREEMENT_MIN, MIXED_AGREEMENT_MIN = 0.999, 0.97

Predict = Callable[[np.ndarray], np.ndarray]   # image [1,3,H,W] -> logits [C,h,w], of LiteRT perhaps [h,w,C]


class ConvertError(Exception):
    """Something about the files is wrong; the message is one sentence for a human."""


def pictures(data: Path, share: dict[str, int]) -> list[Path]:
    """So many pictures of each set, evenly spread over it."""
    found = []
    for name, count in share.items():
        folder = data / name / "images"
        if not folder.is_dir():
            raise ConvertError(f"the folder {folder} does not exist")
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
        found += files[::max(1, len(files) // count)][:count]
    return found


def read(path: Path, manifest: dict) -> np.ndarray:
    """float32 [1,3,H,W]: stretched to the input bilinearly and normalised, as in training."""
    spec = manifest["input"]
    try:
        picture = Image.open(path).convert("RGB").resize((spec["width"], spec["height"]), Image.Resampling.BILINEAR)
    except OSError as error:
        raise ConvertError(f"the picture {path} cannot be read ({error})") from error
    x = (np.asarray(picture, np.float32) * spec["scale"] - np.float32(spec["mean"])) / np.float32(spec["std"])
    return np.ascontiguousarray(x.transpose(2, 0, 1)[None], np.float32)


def onnx_predictor(path: Path, levels: int) -> Predict:
    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:   # the runtime's errors have no base of their own
        raise ConvertError(f"{path} is not a network that ONNX Runtime can read ({error})") from error
    return lambda x: session.run(["logits"], {"image": x, "gate": np.ones(levels, np.float32)})[0][0]


def tflite_predictor(path: Path, levels: int) -> Predict:
    """LiteRT takes pictures channels last."""
    net = Interpreter(str(path), num_threads=2)
    net.allocate_tensors()
    inputs = {d["name"]: d["index"] for d in net.get_input_details()}
    output = net.get_output_details()[0]["index"]

    def predict(x: np.ndarray) -> np.ndarray:
        net.set_tensor(inputs["image"], x.transpose(0, 2, 3, 1))
        net.set_tensor(inputs["gate"], np.ones(levels, np.float32))
        net.invoke()
        return net.get_tensor(output)[0]

    return predict


def agreement(a: Predict, b: Predict, images: list[np.ndarray]) -> float:
    """Share of cells of the same class."""
    same = []
    for x in images:
        one, other = a(x), b(x)
        # A converter may leave the last convolution's channels last.
        other = other if other.shape == one.shape else other.transpose(2, 0, 1)
        same.append(float((one.argmax(0) == other.argmax(0)).mean()))
    return sum(same) / len(same)


def to_float_tflite(onnx: Path, folder: Path) -> Path:
    """The network in LiteRT's format, in single precision, its input's order of axes turned to channels last."""
    # onnx2tf writes what it simplifies over its input.
    copy = shutil.copy(onnx, folder / onnx.name)
    command = [str(Path(sys.executable).with_name("onnx2tf")), "-i", str(copy), "-o", str(folder), "-coion", "-n"]
    done = subprocess.run(command, capture_output=True, text=True)
    made = sorted(folder.glob("*_float32.tflite"))
    if done.returncode or len(made) != 1:
        raise ConvertError(f"onnx2tf failed on {onnx}: {(done.stderr or done.stdout).strip()[-400:]}")
    return made[0]


def float_nodes(path: Path) -> list[str]:
    """Names of the tensors whose nodes stay in float: the pyramid, and logits from their convolutions on."""
    net = Interpreter(str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    net.allocate_tensors()
    names = {d["index"]: d["name"] for d in net.get_tensor_details()}
    ops = [(o["op_name"], [int(i) for i in o["inputs"]], int(o["outputs"][0])) for o in net._get_ops_details()]
    made_by = {out: (kind, inputs) for kind, inputs, out in ops}

    products = [out for kind, _, out in ops if kind == "BATCH_MATMUL"]
    gates = [d["index"] for d in net.get_input_details() if d["name"] == "gate"]
    if len(products) != 2 or not gates:
        raise ConvertError(f"{path.name} has no pyramid of two matrix products with a gate")
    before, todo = set(), [products[1]]          # what the second product is computed from
    while todo:
        out = todo.pop()
        if out in made_by and out not in before:
            before.add(out)
            todo += made_by[out][1]
    behind = {products[0], *gates}               # what is computed from the first product or from the gate
    for _, inputs, out in ops:
        if behind.intersection(inputs):
            behind.add(out)
    keep = before & behind

    todo = [d["index"] for d in net.get_output_details()]
    while todo:
        out = todo.pop()
        if out not in made_by or out in keep:
            continue
        keep.add(out)
        kind, inputs = made_by[out]
        if kind != "CONV_2D":
            todo += inputs
    return [names[out] for out in keep]


def quantise(source: Path, target: Path, images: list[np.ndarray], levels: int) -> None:
    """Mixed int8: weights by channel, activations by tensor, ranges from ``images``."""
    # A list: the calibration reads it more than once, and a generator would be used up.
    samples = [{"image": np.ascontiguousarray(x.transpose(0, 2, 3, 1)), "gate": np.ones(levels, np.float32)}
               for x in images]
    probe = quantizer.Quantizer(str(source))
    probe.load_quantization_recipe(recipe.static_wi8_ai8())
    ranges = probe.calibrate({"serving_default": samples}, num_threads=2)

    made = quantizer.Quantizer(str(source))
    op = qtyping.TFLOperationName
    made.add_static_config(".*", op.ALL_SUPPORTED, 8, 8)
    for name in (op.INPUT, op.OUTPUT):
        made.update_quantization_recipe(".*", name, algorithm_key=AlgorithmName.NO_QUANTIZE)
    names = "|".join(re.escape(n) for n in sorted(float_nodes(source)))
    made.update_quantization_recipe(f"(^|;)({names})(;|$)", op.ALL_SUPPORTED, algorithm_key=AlgorithmName.NO_QUANTIZE)
    made.quantize(ranges).export_model(str(target), overwrite=True)


def entry(path: Path, alike: float) -> dict:
    """The file as the manifest lists it."""
    raw = path.read_bytes()
    return {"engine": "litert", "precision": "int8", "path": path.name, "bytes": len(raw),
            "sha256": hashlib.sha256(raw).hexdigest(), "agreement": round(alike, 4)}


def convert(onnx: Path, data: Path, out: Path) -> None:
    name = onnx.name.split(".")[0]
    described = out / f"{name}.json"
    if not onnx.is_file() or not described.is_file():
        raise ConvertError(f"{onnx if not onnx.is_file() else described} does not exist; export it first")
    manifest = json.loads(described.read_text())
    levels = len(manifest["gate"]["levels"])
    calibration = [read(p, manifest) for p in pictures(data, CALIBRATION)]
    comparison = [read(p, manifest) for p in pictures(data, COMPARISON)]
    exact = onnx_predictor(onnx, levels)
    target = out / f"{name}.int8.tflite"
    with tempfile.TemporaryDirectory() as folder:
        single = to_float_tflite(onnx, Path(folder))
        alike = agreement(exact, tflite_predictor(single, levels), comparison)
        print(f"{name}: {100 * alike:.2f} % of cells alike in single precision")
        if alike < FLOAT_AGREEMENT_MIN:
            raise ConvertError(f"the converted {name} is another network than {onnx.name}")
        beside = target.with_suffix(".part")
        with contextlib.redirect_stdout(None), contextlib.redirect_stderr(io.StringIO()):   # bars of progress
            quantise(single, beside, calibration, levels)
    try:
        alike = agreement(exact, tflite_predictor(beside, levels), comparison)
        if alike < MIXED_AGREEMENT_MIN:
            raise ConvertError(f"{target.name} agrees on {100 * alike:.2f} % of cells only")
        beside.chmod(0o644)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    files = [f for f in manifest["files"] if f.get("engine", "onnxruntime") != "litert"]
    part = described.with_name(described.name + ".part")
    part.write_text(json.dumps({**manifest, "files": [*files, entry(target, alike)]}, indent=2) + "\n")
    os.replace(part, described)
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB, {100 * alike:.2f} % of cells alike")


@ends_in_a_sentence(ConvertError, OSError)
def main(argv: Arguments = None) -> None:
    p = argparse.ArgumentParser(description="Convert an exported network for LiteRT, mixed int8.")
    p.add_argument("--onnx", type=Path, required=True, nargs="+", help="fp32 files that export.py wrote")
    p.add_argument("--data", type=Path, default=Path("."), help="folder of the data sets")
    p.add_argument("--out", type=Path, required=True, help="folder of the manifests; the .tflite goes there")
    args = p.parse_args(argv)
    for onnx in args.onnx:
        convert(onnx, args.data, args.out)


if __name__ == "__main__":
    sys.exit(main())
