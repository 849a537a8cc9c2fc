"""Weights: used exactly once, every shape fits, or an error names the tensor."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.errors import DataError
from d2l.common.training.checkpoints import load_arrays, save_arrays, write_atomically
from d2l.common.weights import WeightError, check_weights
from d2l.parity.initial_weights import initial_weights

SHAPES = {"net.0.weight": (3, 2), "net.0.bias": (3,)}


def test_fitting_weights_pass():
    check_weights(SHAPES, initial_weights(SHAPES, 0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.pop("net.0.bias"), "no tensor net.0.bias, which the model has"),
        (lambda w: w.update(more=np.ones(1)), "no tensor more, which the weights have"),
        (
            lambda w: w.update({"net.0.weight": np.ones((2, 3))}),
            r"net.0.weight has shape \(2, 3\) in the weights, but \(3, 2\)",
        ),
    ],
)
def test_unfitting_weights_are_named(change, message):
    weights = initial_weights(SHAPES, 0)
    change(weights)
    with pytest.raises(WeightError, match=message):
        check_weights(SHAPES, weights)


def test_initial_weights_depend_on_name_and_seed_alone():
    weights = initial_weights(SHAPES, 0)
    again = initial_weights(dict(reversed(SHAPES.items())), 0)
    assert all(np.array_equal(weights[k], again[k]) for k in SHAPES)
    assert not np.array_equal(
        weights["net.0.bias"], initial_weights(SHAPES, 1)["net.0.bias"]
    )
    other = initial_weights({"net.1.bias": (3,)}, 0)["net.1.bias"]
    assert not np.array_equal(weights["net.0.bias"], other)


def test_initial_weights_keep_signals_at_their_size():
    wide = initial_weights({"w": (400, 200), "k": (50, 40, 3, 3)}, 0)
    assert wide["w"].std() == pytest.approx(np.sqrt(2 / 600), rel=0.05)
    assert wide["k"].std() == pytest.approx(np.sqrt(2 / 90 / 9), rel=0.05)
    variance = initial_weights({"bn.running_var": (100,)}, 0)["bn.running_var"]
    assert variance.min() >= 1


@given(st.dictionaries(st.text(min_size=1), st.lists(st.floats(-1, 1), max_size=3)))
def test_files_keep_names_and_values(tmp_path_factory, arrays):
    given_arrays = {name: np.array(values) for name, values in arrays.items()}
    given_arrays["a scalar"] = np.array(2.5)
    path = tmp_path_factory.mktemp("arrays") / "file.safetensors"
    save_arrays(path, given_arrays, {"framework": "torch"})
    found, text = load_arrays(path)
    assert text == {"framework": "torch"}
    assert found.keys() == given_arrays.keys()
    for name, array in given_arrays.items():
        assert found[name].shape == array.shape
        assert np.array_equal(found[name], array)


def test_a_truncated_file_is_named(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_arrays(path, initial_weights(SHAPES, 0))
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(DataError, match=r"weights\.safetensors is not a whole"):
        load_arrays(path)
    with pytest.raises(DataError, match="no file"):
        load_arrays(tmp_path / "nowhere")


def test_an_interrupted_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
