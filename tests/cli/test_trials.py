"""Commands on trials of every kind, the book's and a reader's own."""

import json
from pathlib import Path

import pytest

import d2l as package
from d2l.common.training.checkpoints import load_arrays, save_arrays

OWN = Path(package.__file__).parents[1] / "parity_tests" / "own_trials" / "trials.py"


@pytest.mark.usefixtures("shared_backends")
def test_two_networks_in_turns(d2l, frameworks):
    given = ("compare", "gan", "--frameworks", ",".join(frameworks))
    record = d2l.json(*given, "--epochs", 1, "--out", "results")
    assert record["passed"]
    assert [len(run["curve"]) for run in record["runs"]] == [32, 32]
    assert record["runs"][0]["parameters"] == 43
    # There is no single step of one model to look at.
    assert record["tolerances"].keys() == {"curve", "parameters"}
    page = Path("results/index.html").read_text("utf-8")
    assert "loss_D of every step" in page
    assert "loss_G" in page
    assert json.loads(Path("results/compare.json").read_text("utf-8"))["passed"]


@pytest.mark.usefixtures("shared_backends")
def test_a_loop_without_models_and_data(d2l, frameworks):
    given = ("compare", f"{OWN}:SAMPLER", "--frameworks", ",".join(frameworks))
    shown = d2l(*given, "--epochs", 3)
    assert shown.exit_code == 0, shown.output
    assert "Langevin dynamics, float32" in " ".join(shown.stdout.split())
    # What there is not has no row.
    assert "off" in shown.stdout
    assert not any("parameters" in x and "ok" in x for x in shown.stdout.splitlines())


@pytest.mark.usefixtures("shared_backends")
def test_an_image_alone(d2l, frameworks):
    given = ("train", f"{OWN}:PICTURE", "--framework", frameworks[0], "--epochs", 1)
    record = d2l.json(*given)
    assert (record["steps"], record["data"]) == (10, "nothing")


@pytest.mark.parametrize("command", ["compare", "train"])
def test_what_has_no_framework_is_not_trained(d2l, command):
    assert "value_iter: nothing to" in d2l.refused(command, "value_iter")


def test_what_has_no_weights_has_none_to_convert(d2l):
    save_arrays("w.safetensors", {})
    given = ("weights", "convert", "w.safetensors", "v.safetensors", "--to", "torch")
    assert "value_iter: no weights" in d2l.refused(*given, "--trial", "value_iter")


@pytest.mark.usefixtures("shared_backends")
def test_a_loop_keeps_no_checkpoints(d2l, frameworks):
    given = ("train", "gan", "--framework", frameworks[0], "--checkpoint", "c")
    assert "keeps no checkpoints" in d2l.refused(*given)


@pytest.mark.usefixtures("shared_backends")
def test_weights_are_carried_over_without_their_data(d2l, frameworks):
    one, other = frameworks
    given = ("train", "rnn", "--framework", one, "--epochs", 1, "--out", "small")
    assert d2l(*given).exit_code == 0
    weights, metadata = load_arrays("small")
    # The book itself is not on this machine.
    save_arrays("book", weights, metadata | {"data": "time_machine"})
    assert d2l("weights", "convert", "book", "there", "--to", other).exit_code == 0
    assert (
        d2l("weights", "convert", "there", "back", "--to", "canonical").exit_code == 0
    )
    again, told = load_arrays("back")
    assert told["data"] == "time_machine"
    assert {k: v.tobytes() for k, v in again.items()} == {
        k: v.tobytes() for k, v in weights.items()
    }


def test_a_file_without_such_a_trial(d2l):
    assert "defines no trial NOTHING" in d2l.refused("train", f"{OWN}:NOTHING")


def test_a_file_that_fails(d2l):
    Path("own.py").write_text("1 / 0", "utf-8")
    message = d2l.refused("train", "own.py:TRIAL")
    assert "own.py fails when it is executed (ZeroDivisionError" in message
