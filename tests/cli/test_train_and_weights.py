"""`d2l train` and `d2l weights`: from one framework to another."""

import json
from pathlib import Path

import numpy as np
import pytest

from d2l.common.frameworks import installed
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.parity.initial_weights import initial_weights

LENET = {
    "net.0.weight": (6, 1, 5, 5),
    "net.0.bias": (6,),
    "net.3.weight": (16, 6, 5, 5),
    "net.3.bias": (16,),
    "net.7.weight": (120, 400),
    "net.7.bias": (120,),
    "net.9.weight": (84, 120),
    "net.9.bias": (84,),
    "net.11.weight": (10, 84),
    "net.11.bias": (10,),
}


@pytest.mark.usefixtures("shared_backends")
def test_training_goes_on_in_another_framework(d2l, frameworks):
    one, other = frameworks
    given = ("train", "linear_regression", "--checkpoint", "c.safetensors")
    first = d2l.json(
        *given, "--framework", one, "--epochs", 2, "--out", "w.safetensors"
    )
    assert (first["framework"], first["steps"]) == (one, 64)
    weights, metadata = load_arrays("w.safetensors")
    assert {k: v.shape for k, v in weights.items()} == {
        "net.weight": (1, 2),
        "net.bias": (1,),
    }
    assert metadata["trial"] == "linear_regression"
    assert metadata["framework"] == one
    assert metadata["layout"] == "canonical"
    second = d2l.json(*given, "--framework", other, "--epochs", 3)
    assert (second["framework"], second["steps"]) == (other, 32)
    assert second["final_loss"] < first["final_loss"]
    # All epochs are done: there is nothing left to train.
    third = d2l.json(*given, "--framework", one, "--epochs", 3)
    assert third["steps"] == 0
    assert third["final_loss"] is None
    started = d2l(
        "train", "linear_regression", "--weights", "w.safetensors", "--epochs", 1,
        "--framework", other, "--out", "v.safetensors",
    )  # fmt: skip
    assert started.exit_code == 0
    assert "final loss" in started.stdout
    assert "Written: v.safetensors" in started.stdout


@pytest.mark.usefixtures("shared_backends")
def test_a_checkpoint_says_what_it_is_of(d2l, frameworks):
    given = ("train", "linear_regression", "--framework", frameworks[0])
    given += ("--checkpoint", "c.safetensors")
    assert d2l(*given, "--epochs", 2).exit_code == 0
    _, metadata = load_arrays("c.safetensors")
    about = json.loads(metadata["about"])
    assert (about["trial"], about["seed"]) == ("linear_regression", 0)
    before = Path("c.safetensors").read_bytes()
    other = ("train", "softmax_regression", *given[2:])
    assert "2 epochs" in d2l.refused(*given, "--epochs", 1)
    assert "seed is 0, not 5" in d2l.refused(*given, "--epochs", 2, "--seed", 5)
    assert "linear_regression" in d2l.refused(*other, "--epochs", 2)
    assert "float32" in d2l.refused(*given, "--epochs", 3, "--precision", "float64")
    done = d2l(*given, "--epochs", 2)
    assert "no step was left" in done.stdout
    assert Path("c.safetensors").read_bytes() == before


@pytest.mark.usefixtures("shared_backends")
def test_a_checkpoint_of_an_older_release_is_refused(d2l, frameworks):
    save_arrays("c.safetensors", {"model.net.bias": np.zeros(1)}, {"epochs_done": "1"})
    given = ("--framework", frameworks[0], "--checkpoint", "c.safetensors")
    assert "older" in d2l.refused("train", "linear_regression", *given)


@pytest.fixture
def lenet():
    weights = initial_weights(LENET, seed=1)
    save_arrays("w.safetensors", weights, {"trial": "lenet", "data": "digits"})
    return weights


def test_inspect(d2l, lenet):
    found = d2l.json("weights", "inspect", "w.safetensors")
    shapes = {t["name"]: tuple(t["shape"]) for t in found["tensors"]}
    assert shapes == LENET
    assert found["parameters"] == 61706
    assert found["metadata"] == {"trial": "lenet", "data": "digits"}
    text = d2l("weights", "inspect", "w.safetensors").stdout
    assert "16 x 6 x 5 x 5" in text
    assert "trial: lenet" in text


@pytest.mark.usefixtures("shared_backends")
def test_round_trip_through_a_framework_is_exact(d2l, lenet):
    # One that keeps channels last.
    framework = next((f for f in ("jax", "tensorflow") if f in installed()), None)
    if framework is None:
        pytest.skip("neither JAX nor TensorFlow is installed")
    to = d2l("weights", "convert", "w.safetensors", "n.safetensors", "--to", framework)
    assert to.exit_code == 0, to.output
    native, metadata = load_arrays("n.safetensors")
    assert metadata["layout"] == framework
    assert native["net.0.weight"].shape == (5, 5, 1, 6)
    back = ("weights", "convert", "n.safetensors", "b.safetensors", "--to", "canonical")
    assert d2l(*back).exit_code == 0
    found, _ = load_arrays("b.safetensors")
    assert found.keys() == lenet.keys()
    for name, array in lenet.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


@pytest.mark.usefixtures("shared_backends")
def test_weights_that_do_not_fit_are_named_and_nothing_is_written(
    d2l, lenet, frameworks, tmp_path
):
    wrong = {
        "net.7.bias": {k: v for k, v in lenet.items() if k != "net.7.bias"},
        "net.12.bias": {**lenet, "net.12.bias": np.zeros(3)},
        "net.3.weight": {**lenet, "net.3.weight": np.zeros((16, 6, 3, 3))},
    }
    convert = ("weights", "convert", "bad.safetensors", "out.safetensors")
    for name, weights in wrong.items():
        save_arrays("bad.safetensors", weights)
        given = (*convert, "--trial", "lenet", "--to", frameworks[0])
        assert name in d2l.refused(*given)
    assert not (tmp_path / "out.safetensors").exists()


def test_conversions_that_make_no_sense(d2l, lenet):
    convert = ("weights", "convert", "w.safetensors", "out.safetensors", "--to")
    assert "already" in d2l.refused(*convert, "canonical")
    assert "choose canonical, torch" in d2l.refused(*convert, "keras")
    save_arrays("w.safetensors", lenet)
    assert "add --trial" in d2l.refused(*convert, "torch")
