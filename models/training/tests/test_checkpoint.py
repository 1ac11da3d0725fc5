import pytest
import torch

import checkpoint
import train
from config import NETWORKS, NUM_CLASSES, NetworkConfig
from network import PSPNet


def twelve(detail=16):
    torch.manual_seed(2)
    config = NetworkConfig.from_dict(NETWORKS["tiny"].to_dict() | {"classes": 12, "detail": detail})
    net = PSPNet(config)
    for p in net.parameters():
        torch.nn.init.normal_(p, std=0.2)
    return net.eval()


def test_a_checkpoint_of_twelve_classes_grows_to_thirteen():
    old = twelve()
    new = PSPNet(NetworkConfig.from_dict(old.config.to_dict() | {"classes": NUM_CLASSES})).eval()
    said = []
    checkpoint.load_weights(new, checkpoint.more_classes(new, old.state_dict(), said.append), "old.pt")
    assert len(said) == 1 and "knows 12 classes; the logit of own car is new" in said[0]
    x = torch.randn(2, 3, 64, 96)
    with torch.no_grad():
        a, b = old(x), new(x)
    assert b.shape[1] == 13 and torch.allclose(a, b[:, :12], atol=1e-5)
    assert (b.argmax(1) == 12).float().mean() < 0.05


def test_a_whole_checkpoint_is_left_alone():
    net = PSPNet(NETWORKS["tiny"])
    said = []
    same = checkpoint.more_classes(net, net.state_dict(), said.append)
    assert not said and all(torch.equal(v, same[k]) for k, v in net.state_dict().items())


def test_it_starts_from_twelve_and_refuses_to_resume_them(data, tmp_path, capsys):
    old = twelve(detail=0)
    path = tmp_path / "old.pt"
    checkpoint.save({"network": old.config.to_dict(), "ema": old.state_dict()}, path)
    common = ["--data", str(data), "--network", "tiny", "--threads", "1", "--total-images", "2", "--recipe",
              '{"batch": 2, "sizes": [[1.01, [[96, 64, 1]]]], "width": 96, "height": 64}']
    run = tmp_path / "run"
    assert train.main([*common, "--run", str(run), "--init", str(path)]) == 0
    assert "the logit of own car is new" in capsys.readouterr().out
    assert len(checkpoint.read(run / "last.pt")["ema"]["classify.bias"]) == 13
    other = tmp_path / "other"
    other.mkdir()
    checkpoint.save({"network": old.config.to_dict(), "ema": old.state_dict(), "model": old.state_dict()}, other / "last.pt")
    before = (other / "last.pt").read_bytes()
    assert train.main([*common, "--run", str(other)]) == 1
    assert "knows 12 classes" in capsys.readouterr().err and (other / "last.pt").read_bytes() == before


def test_a_half_written_file_is_a_sentence(tmp_path):
    path = tmp_path / "last.pt"
    net = PSPNet(NETWORKS["tiny"])
    checkpoint.save({"network": net.config.to_dict(), "ema": net.state_dict()}, path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(checkpoint.CheckpointError, match="damaged"):
        checkpoint.read(path)
