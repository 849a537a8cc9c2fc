"""Bad input gets one sentence, exit code 2, and nothing is written."""

import os
import sys

import pytest

from d2l.cli import options
from d2l.common.frameworks import Framework, FrameworkError

CASES = {
    "unknown trial": ("compare lenett", "did you mean lenet"),
    "unknown framework": ("compare lenet --frameworks trch", "did you mean torch"),
    "no framework": ("compare lenet --frameworks ,", "names no framework"),
    "precision": ("compare lenet --precision float16", "choose float32 or float64"),
    "epochs": ("compare lenet --epochs 0", "--epochs must be 1 or more, not 0"),
    "epochs in words": ("compare lenet --epochs two", "--epochs"),
    "jobs": ("compare lenet --jobs 0", "--jobs must be 1 or more"),
    "seed": ("train lenet --seed -1", "--seed must be 0 or more"),
    "steps": ("parity lenet --steps 0", "--steps must be 1 or more"),
    "unknown data": ("compare lenet --data lakes", "no data 'lakes'"),
    "no such python": ("compare lenet --python jax=/no/such", "no program /no/such"),
    "no path": ("compare lenet --python jax", "FRAMEWORK=PATH"),
    "python of whom": ("compare lenet --python jx=/bin/sh", "did you mean jax"),
    "reference": ("compare lenet --reference trch", "did you mean torch"),
    "unknown command": ("compar lenet", "Did you mean 'compare'"),
    "unknown option": ("compare lenet --epoch", "--epoch"),
    "no trial": ("compare", "TRIAL"),
    "two frameworks": ("train lenet --framework torch,jax", "Only one framework"),
    "no weights": ("train lenet --weights no.safetensors", "no file no.safetensors"),
    "no file": ("weights inspect no.safetensors", "There is no file no.safetensors"),
    "unknown code": ("code LeNett", "did you mean LeNet"),
    "code of whom": ("code lenet --frameworks trch", "did you mean torch"),
    "section without code": ("code probability", "has no code of its own"),
    "unknown list": ("list models", "frameworks or trials or sections"),
    "batch alone": ("parity --batch a.npz", "needs --model"),
    "one model": ("parity --model torch=a.py:f", "two frameworks"),
    "no function": ("parity --model torch=a.py", "FRAMEWORK=FILE.py:FUNCTION"),
    "models and trials": ("parity lenet --model torch=a.py:f", "does not go with"),
}


@pytest.mark.parametrize(("command", "message"), CASES.values(), ids=CASES)
def test_bad_input_is_one_sentence(d2l, tmp_path, command, message):
    assert message in d2l.refused(*command.split())
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def without_jax(monkeypatch):
    monkeypatch.setattr(
        Framework, "missing", lambda self: ["jax"] if self.key == "jax" else []
    )


@pytest.mark.usefixtures("without_jax")
def test_missing_framework_comes_with_the_command_that_installs_it(d2l):
    sentence = d2l.refused("compare", "lenet", "--frameworks", "torch,jax")
    assert "pip install 'd2l-suite[jax]'" in sentence


@pytest.mark.usefixtures("without_jax")
def test_missing_framework_may_live_in_another_interpreter():
    pythons = options.parse_pythons([f"jax={sys.executable}"])
    assert options.choose_frameworks("torch,jax", pythons) == ["torch", "jax"]
    assert "jax" in options.choose_frameworks(None, pythons)
    assert "jax" not in options.choose_frameworks(None, {})


def test_no_framework_at_all(monkeypatch):
    monkeypatch.setattr(Framework, "missing", lambda self: list(self.packages))
    with pytest.raises(FrameworkError, match="pip install"):
        options.choose_frameworks(None, {})


def test_interpreter_of_a_framework_that_takes_no_part(d2l):
    given = ("--frameworks", "torch", "--python", f"jax={sys.executable}")
    assert "--python names jax" in d2l.refused("compare", "lenet", *given)


def test_reference_that_takes_no_part(d2l):
    given = ("--frameworks", "torch", "--reference", "jax")
    assert "does not take part" in d2l.refused("compare", "lenet", *given)


def test_absent_data_is_named_with_its_place(d2l, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o555)
    monkeypatch.setenv("D2L_DATA", str(folder))
    sentence = d2l.refused("compare", "lenet", "--data", "mnist")
    assert str(folder / "mnist") in sentence
    assert "is absent" in sentence


@pytest.fixture
def locked(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    return folder


@pytest.mark.parametrize(
    "command",
    [
        "compare linear_regression --out {}",
        "compare linear_regression --out {}/deeper",
        "train linear_regression --out {}/w.safetensors",
        "train linear_regression --checkpoint {}/c.safetensors",
        "parity linear_regression --junit {}/j.xml",
        "parity linear_regression --html {}/p.html",
    ],
)
def test_folder_that_cannot_be_written_to_is_found_at_once(
    d2l, locked, command, monkeypatch
):
    monkeypatch.setattr("d2l.parity.pool.Pool", lambda *_: pytest.fail("started"))
    assert "cannot be written to" in d2l.refused(*command.format(locked).split())
    assert os.listdir(locked) == []


def test_results_folder_that_is_a_file(d2l, tmp_path):
    file = tmp_path / "results"
    file.write_text("mine")
    assert "cannot be written to" in d2l.refused("compare", "lenet", "--out", file)
    assert file.read_text() == "mine"


def test_file_that_is_a_folder(d2l, tmp_path):
    given = ("train", "linear_regression", "--out", tmp_path)
    assert "is a folder" in d2l.refused(*given)


def test_program_that_is_no_backend(d2l):
    for program, words in (("/bin/true", "has died"), ("/bin/echo", "no backend")):
        given = ("--frameworks", "torch", "--python", f"torch={program}")
        sentence = d2l.refused("compare", "linear_regression", *given)
        assert "PyTorch" in sentence
        assert words in sentence


def test_broken_weights_file(d2l, tmp_path):
    (tmp_path / "w.safetensors").write_bytes(b"no weights")
    for command in (
        "weights inspect w.safetensors",
        "train lenet --weights w.safetensors",
    ):
        assert "not a whole safetensors file" in d2l.refused(*command.split())


def test_mistake_in_the_command_itself_is_one_sentence_too(d2l, monkeypatch):
    def stumble():
        raise KeyError("lost")

    monkeypatch.setattr("d2l.cli.list.frameworks", stumble)
    result = d2l("list")
    assert result.exit_code == 70
    assert result.stderr.count("\n") == 1
    assert "KeyError: 'lost'" in result.stderr
    result = d2l("list", "--debug")
    assert "Traceback" in result.stderr
