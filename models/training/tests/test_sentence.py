import pytest

from sentence import ends_in_a_sentence


def test_an_expected_error_is_a_sentence_and_any_other_a_fault(tmp_path, capsys):
    @ends_in_a_sentence(ValueError, OSError)
    def command(argv=None):
        if argv == ["bad"]:
            raise ValueError("a share lies between 0 and 1")
        if argv == ["fault"]:
            raise KeyError("nobody expected this")
        (tmp_path / argv[0]).read_text()

    (tmp_path / "there").write_text("")
    assert command(["there"]) == 0
    assert command(["bad"]) == 1
    assert capsys.readouterr().err == "error: a share lies between 0 and 1\n"
    assert command(["missing"]) == 1
    assert capsys.readouterr().err == f"error: No such file or directory: {tmp_path / 'missing'}\n"
    with pytest.raises(KeyError):
        command(["fault"])
