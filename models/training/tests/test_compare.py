import json

import compare
from config import NetworkConfig, NETWORKS


def test_a_finished_variant_is_not_run_again(tmp_path, capsys, monkeypatch):
    ran = []
    monkeypatch.setattr(compare.subprocess, "run", lambda words, **_: ran.append(words) or type("Done", (), {"returncode": 0}))
    run = tmp_path / "shapes-0-24-1"
    run.mkdir()
    scores = {"camvid/val": {"drivable": 91.26, "miou11": 50.04, "per_class": {"pole": 7.0}},
              "idd/val": {"drivable": 88.0, "groups7": 55.5}}
    line = {"images": 24, "images_per_second": 18.0, "val": scores}
    (run / "log.jsonl").write_text(json.dumps(line) + "\n")
    (run / "spoilt.json").write_text(json.dumps(scores | {"camvid/val": {"miou11": 41.0}}))
    words = ["--data", "nowhere", "--runs", str(tmp_path), "--kind", "shapes", "--images", "24", "--only", "`lite`"]
    assert compare.main(words) == 0 and not ran
    assert "| `lite` | 91.3 | 50.0 | 7.0 | 88.0 | 55.5 | 41.0 | 55.5 | 2.48 |" in capsys.readouterr().out
    (run / "log.jsonl").write_text(json.dumps(line | {"images": 12}) + "\n")
    assert compare.main(words) == 1 and len(ran) == 1
    assert "the same command goes on" in capsys.readouterr().err


def test_a_variant_that_does_not_exist(tmp_path, capsys):
    words = ["--data", "x", "--runs", str(tmp_path), "--kind", "ingredients", "--only", "salt"]
    assert compare.main(words) == 1
    assert "no variant called salt" in capsys.readouterr().err


def test_every_variant_is_a_network_and_a_recipe(tmp_path):
    for network, shape, width, height in compare.SHAPES.values():
        NetworkConfig.from_dict(NETWORKS[network].to_dict() | shape)
        assert width % 16 == 0 and height % 16 == 0
    from config import Recipe
    for recipe in compare.INGREDIENTS.values():
        Recipe(**recipe)
