import numpy as np
import pytest
from PIL import Image

import evaluate
import train
from config import IGNORE, OWN_CAR, SET_DRIVABLE, SET_NOT_DRIVABLE
from data import DataError
from field import FIELDS, conditions_of, load_field, merge

PLAIN, STREETS, NO_PAINT = FIELDS["spain"], FIELDS["streets"], FIELDS["bdd"]


def row(*values):
    return np.array([values], np.uint8)


def merged(labels=None, drivable=None, ego=None, rule=PLAIN):
    return merge(labels, drivable, ego, rule).tolist()


def test_labels_alone():
    sets, fine = merged(row(0, 1, 2, 11, 254, 255))
    assert sets == [[SET_DRIVABLE, SET_DRIVABLE, 2, 11, OWN_CAR, IGNORE]]
    assert fine == [[0, 1, 2, 11, OWN_CAR, IGNORE]]


def test_drivable_alone():
    sets, fine = merged(drivable=row(1, 0, 255))
    assert sets == [[SET_DRIVABLE, SET_NOT_DRIVABLE, IGNORE]] and fine == [[IGNORE] * 3]


def test_drivable_has_the_last_word_and_the_own_car_stays():
    labels = row(0, 2, 3, 0, 255, 255, 3, 254, 254, 254)
    drivable = row(1, 1, 0, 0, 1, 0, 255, 1, 0, 255)
    sets, fine = merged(labels, drivable)
    assert sets == [[SET_DRIVABLE, SET_DRIVABLE, 3, SET_NOT_DRIVABLE, SET_DRIVABLE, SET_NOT_DRIVABLE, IGNORE, OWN_CAR, OWN_CAR, OWN_CAR]]
    assert fine == [[0, IGNORE, 3, IGNORE, IGNORE, IGNORE, IGNORE, OWN_CAR, OWN_CAR, OWN_CAR]]


def test_what_a_network_guessed_of_pavements_and_people_is_a_hint():
    sets, fine = merged(row(2, 9, 10, 11), row(0, 0, 0, 0), rule=STREETS)
    assert sets == [[SET_NOT_DRIVABLE, SET_NOT_DRIVABLE, SET_NOT_DRIVABLE, 11]] and fine == [[2, 9, 10, 11]]


def test_ego_and_no_paint():
    sets, fine = merged(row(0, 3, 255, 255), ego=row(253, 253, 254, 253), rule=NO_PAINT)
    assert sets == [[SET_DRIVABLE, 3, OWN_CAR, IGNORE]] and fine == [[IGNORE, 3, OWN_CAR, IGNORE]]


def write(folder, part, stem, array):
    (folder / part).mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(folder / part / f"{stem}.png")


@pytest.fixture
def wet(tmp_path):
    folder = tmp_path / "wet" / "val"
    for stem, value in (("a", 0), ("b.c", 254)):
        write(folder, "images", stem, np.zeros((8, 12, 3), np.uint8))
        write(folder, "labels", stem, np.full((8, 12), value, np.uint8))
        write(folder, "drivable", stem, np.full((8, 12), int(value == 0), np.uint8))
    (tmp_path / "wet" / "frames.csv").write_text("file,split,recording,condition\na,val,a,rain\n")
    return folder


def test_a_folder_is_read(wet, tmp_path):
    source = load_field(tmp_path, "wet", "val")
    assert source.name == "wet/val" and source.files == ["a.png", "b.c.png"]
    assert [int(label[0, 0, 0]) for label in source.labels] == [SET_DRIVABLE, OWN_CAR]
    assert conditions_of(tmp_path, "wet/val", source.files) == ["rain", "not said"]
    assert load_field(tmp_path, "snow") is None


def test_bad_input_is_one_sentence(wet, tmp_path):
    def fails(words):
        with pytest.raises(DataError, match=words):
            load_field(tmp_path, "wet", "val")

    write(wet, "labels", "a", np.full((8, 12), 253, np.uint8))
    fails("unknown id 253")
    write(wet, "labels", "a", np.full((8, 12), 13, np.uint8))
    fails("unknown id 13")
    write(wet, "labels", "a", np.zeros((4, 12), np.uint8))
    fails("differ in size")
    whole = (wet / "drivable" / "a.png").read_bytes()
    write(wet, "labels", "a", np.zeros((8, 12), np.uint8))
    (wet / "drivable" / "a.png").write_bytes(whole[:len(whole) // 2])
    fails("cannot be read")
    (wet / "drivable" / "a.png").unlink()
    fails("has no label in .*drivable")
    for part in ("labels", "drivable"):
        (wet / part).rename(wet / f"no-{part}")
    fails("has neither labels/ nor drivable/")


def test_evaluate_tells_conditions(wet, tmp_path, tiny, capsys):
    import json

    import checkpoint

    weights = tmp_path / "w.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, weights)
    words = ["--data", str(tmp_path), "--weights", str(weights), "--width", "96", "--height", "64", "--conditions"]
    assert evaluate.main([*words, "--set", "wet/val"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert set(line["conditions"]) == {"rain", "not said"} and line["conditions"]["rain"]["images"] == 1
    assert set(line["own_car"]) == {"drivable", "obstacle"}
    assert evaluate.main([*words, "--set", "snow/val"]) == 1
    assert "snow/val does not exist" in capsys.readouterr().err


def test_a_run_takes_what_is_there_and_says_what_is_not(data, tmp_path, capsys):
    for stem in ("a", "b"):
        write(data / "wet" / "train", "images", stem, np.zeros((8, 12, 3), np.uint8))
        write(data / "wet" / "train", "labels", stem, np.zeros((8, 12), np.uint8))
    line = ["--data", str(data), "--run", str(tmp_path / "run"), "--network", "tiny", "--recipe",
            '{"shares": {"camvid": 1, "idd": 1, "wet": 2, "snow": 4}}']
    args = train.parser().parse_args(line)
    trainer = train.Trainer(args, train.recipe_of(args))
    assert [s.name for s in trainer.mixture.sources] == ["camvid/train", "idd/train", "wet/train"]
    assert trainer.mixture.shares == pytest.approx([0.25, 0.25, 0.5])
    assert trainer.mixture.weather == [trainer.recipe.weather] * 2 + [trainer.recipe.real_weather]
    assert "the set snow is not in" in capsys.readouterr().out
    args.recipe = '{"shares": {"kitchen": 1}}'
    with pytest.raises(DataError, match="name the set kitchen"):
        train.Trainer(args, train.recipe_of(args))
