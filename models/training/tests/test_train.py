import errno
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import checkpoint
import evaluate
import losses
import train
from config import NETWORKS, NetworkConfig
from data import Source
from network import PSPNet


def arguments(data, run, *more):
    return ["--data", str(data), "--run", str(run), "--network", "tiny", "--threads", "1", *more]


def small(monkeypatch):
    """Small pictures, small batches."""
    real = train.Recipe
    monkeypatch.setattr(train, "Recipe", type("Small", (), {
        "seed": 1, "__new__": lambda cls, seed=1: real(
            seed=seed, width=96, height=64, batch=2, epoch_images=4, warmup_steps=2, sizes=((1.01, ((96, 64, 1.0),)),))}))


def test_a_stopped_run_equals_an_unbroken_one(data, tmp_path, monkeypatch):
    small(monkeypatch)
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    assert train.main(arguments(data, straight, "--total-images", "12")) == 0
    # the second run is cut after three steps and resumed
    steps = train.Trainer.train_step

    def cut(self):
        out = steps(self)
        if self.step == 3:
            raise KeyboardInterrupt
        return out

    monkeypatch.setattr(train.Trainer, "train_step", cut)
    with pytest.raises(KeyboardInterrupt):
        train.main(arguments(data, broken, "--total-images", "12", "--save-minutes", "0"))
    monkeypatch.setattr(train.Trainer, "train_step", steps)
    assert checkpoint.read(broken / "last.pt")["counters"]["step"] == 2
    assert train.main(arguments(data, broken, "--total-images", "12")) == 0
    a, b = checkpoint.read(straight / "last.pt"), checkpoint.read(broken / "last.pt")
    assert a["counters"]["images"] == b["counters"]["images"] == 12
    for key in a["ema"]:
        assert torch.equal(a["ema"][key], b["ema"][key]), key
    lines = [json.loads(t) for t in (straight / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["val"]["idd/val"]["drivable"] >= 0 and (straight / "curve.png").stat().st_size > 1000


def test_it_learns_a_drawn_street(data, tmp_path, monkeypatch):
    small(monkeypatch)
    run = tmp_path / "run"
    monkeypatch.setattr(train.Trainer, "report", lambda *_: None)
    losses = []
    steps = train.Trainer.train_step
    monkeypatch.setattr(train.Trainer, "train_step",
                        lambda self: (lambda p: (losses.append(np.mean([v[0] for v in p.values()])), p)[1])(steps(self)))
    assert train.main(arguments(data, run, "--total-images", "240")) == 0
    assert np.mean(losses[-20:]) < 0.7 * np.mean(losses[:10])


def test_bad_data_is_one_sentence(data, tmp_path, capsys):
    run = tmp_path / "run"

    def fails(sentence):
        assert train.main(arguments(data, run, "--total-images", "2")) == 1
        err = capsys.readouterr().err
        assert err.startswith("error: ") and sentence in err and err.count("\n") == 1

    label = data / "camvid" / "train" / "labels" / "001.png"
    kept = label.read_bytes()
    label.unlink()
    fails("has no label")
    Image.fromarray(np.full((64, 96), 77, np.uint8)).save(label)
    fails("unknown id 77")
    label.write_bytes(kept[:40])
    fails("cannot be read")
    Image.fromarray(np.zeros((32, 96), np.uint8)).save(label)
    fails("differ in size")
    label.write_bytes(kept)
    (data / "idd" / "val" / "coarse" / "000.png").unlink()
    fails("has no label")
    (data / "idd").rename(data / "elsewhere")
    fails("does not exist")


def test_another_architecture_is_refused(data, tmp_path, tiny, capsys):
    run = tmp_path / "run"
    run.mkdir()
    other = NETWORKS["tiny"].to_dict() | {"head": 32}
    state = {"network": other, "model": tiny.state_dict(), "ema": tiny.state_dict()}
    state["model"]["head.0.weight"] = torch.zeros(32, 32, 3, 3)
    checkpoint.save(state, run / "last.pt")
    assert train.main(arguments(data, run)) == 1
    assert "another architecture" in capsys.readouterr().err
    (run / "last.pt").write_bytes(b"rubbish")
    assert train.main(arguments(data, run)) == 1
    assert "damaged" in capsys.readouterr().err
    assert (run / "last.pt").read_bytes() == b"rubbish"


def test_a_full_disk_keeps_the_last_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "last.pt"
    checkpoint.save({"network": {}, "ema": {}, "n": 1}, path)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(checkpoint.CheckpointError, match="No space left"):
        checkpoint.save({"network": {}, "ema": {}, "n": 2}, path)
    monkeypatch.undo()
    assert checkpoint.read(path)["n"] == 1 and list(tmp_path.iterdir()) == [path]


def test_evaluate_from_the_command_line(data, tmp_path, tiny, capsys):
    weights = tmp_path / "w.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, weights)
    common = ["--data", str(data), "--width", "96", "--height", "64"]
    assert evaluate.main([*common, "--weights", str(weights), "--set", "camvid/val", "--set", "idd/val"]) == 0
    out = [json.loads(t) for t in capsys.readouterr().out.splitlines()]
    assert out[0]["set"] == "camvid/val" and "miou11" in out[0] and "groups7" in out[1]
    assert evaluate.main([*common, "--weights", str(tmp_path / "none.pt"), "--set", "idd/val"]) == 1
    assert "does not exist" in capsys.readouterr().err


def test_two_workers_stay_identical_and_finish(data, tmp_path):
    run = tmp_path / "run"
    program = Path(train.__file__)
    line = arguments(data, run, "--workers", "2", "--total-images", "24")
    done = subprocess.run([sys.executable, str(program), *line], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert checkpoint.read(run / "last.pt")["counters"]["images"] == 24
    assert len((run / "log.jsonl").read_text().splitlines()) == 1


def test_shapes_and_sizes_from_the_command_line(data, tmp_path, capsys):
    run = tmp_path / "run"
    line = arguments(data, run, "--total-images", "8", "--size", "96x64", "--shape", '{"skip": false}')
    assert train.main(line) == 0
    assert checkpoint.read(run / "last.pt")["network"]["skip"] is False
    for option, value, words in (("--shape", '{"output_stride": 3}', "makes no network"), ("--shape", "skip", "makes no network"),
                                 ("--size", "100x64", "multiples of 16"), ("--size", "large", "multiples of 16")):
        assert train.main(arguments(data, tmp_path / "other", "--total-images", "8", option, value)) == 1
        assert words in capsys.readouterr().err


def test_a_teacher_is_learnt_from(data, tmp_path, monkeypatch, tiny, capsys):
    small(monkeypatch)
    weights = tmp_path / "teacher.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, weights)
    far = []
    for run, more in (("taught", ["--teacher", str(weights)]), ("alone", [])):
        line = arguments(data, tmp_path / run, "--total-images", "24", *more,
                         "--recipe", '{"distil": [20.0, 20.0], "occluder": 0}')
        assert train.main(line) == 0
        net = checkpoint.network_of(tmp_path / run / "last.pt")
        x = torch.zeros(1, 3, 64, 96)
        with torch.no_grad():
            far.append(float(losses.distil_loss(net(x), tiny.eval()(x))))
    assert far[0] < far[1]
    assert "teacher" in json.loads((tmp_path / "taught" / "log.jsonl").read_text().splitlines()[0])["loss"]
    fewer = NetworkConfig.from_dict(tiny.config.to_dict() | {"classes": 12})
    checkpoint.save({"network": fewer.to_dict(), "ema": PSPNet(fewer).state_dict()}, weights)
    capsys.readouterr()
    assert train.main(arguments(data, tmp_path / "other", "--total-images", "8", "--teacher", str(weights))) == 1
    assert "knows 12 classes" in capsys.readouterr().err


def test_long_drives_do_not_drown_short_ones():
    names = [f"long_{i}" for i in range(16)] + [f"short_{i}" for i in range(4)]
    source = Source("camvid/train", [None] * 20, [None] * 20, names)
    odds = source.odds()
    assert odds.sum() == pytest.approx(1.0)
    assert odds[:16].sum() / odds[16:].sum() == pytest.approx(2.0)


def test_a_recipe_may_differ(data, tmp_path, capsys):
    run = tmp_path / "run"
    assert train.main(arguments(data, run, "--total-images", "2", "--recipe", '{"salt": 1}')) == 1
    assert "is no recipe" in capsys.readouterr().err
    recipe = train.recipe_of(train.parser().parse_args(arguments(data, run, "--recipe", '{"calm_share": 0.25, "fixed": []}')))
    assert recipe.calm_share == 0.25 and recipe.fixed == [] and recipe.batch == train.Recipe.batch


def test_extra_folders_share_their_part_of_the_samples(data, tmp_path):
    folders = [str(data / "camvid" / split) for split in ("train", "val")]
    line = arguments(data, tmp_path / "run", "--extra", folders[0], "--extra", folders[1], "--recipe", '{"extra_share": 0.2}')
    args = train.parser().parse_args(line)
    trainer = train.Trainer(args, train.recipe_of(args))
    assert [s.name for s in trainer.mixture.sources] == ["camvid/train", "idd/train", "extra/train", "extra/val"]
    assert trainer.mixture.shares == pytest.approx([0.4, 0.4, 0.1, 0.1])


def test_the_very_last_run_learns_val_and_is_not_looked_at_by_it(data, tmp_path, monkeypatch):
    small(monkeypatch)
    run = tmp_path / "run"
    trained = []
    go = train.Trainer.go
    monkeypatch.setattr(train.Trainer, "go", lambda self: (trained.append(self), go(self)))
    assert train.main(arguments(data, run, "--total-images", "4")) == 0
    assert train.main(arguments(data, run, "--total-images", "8", "--with-val")) == 0
    before, after = (t.mixture.sources[0] for t in trained)
    assert (before.name, after.name) == ("camvid/train", "camvid/train+camvid/val")
    assert len(after) == 8 and after.files[4:] == [f"{i:03}.png" for i in range(4)]
    assert not any(np.array_equal(image, after.images[7]) for image in before.images)
    lines = [json.loads(t) for t in (run / "log.jsonl").read_text().splitlines()]
    assert [sorted(line["val"]) for line in lines] == [["camvid/val", "idd/val"], ["idd/val"]]
    assert (run / "curve.png").stat().st_size > 1000
