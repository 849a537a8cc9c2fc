"""Comparisons fail when they should, and say where."""

import json

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays

from d2l.parity.checks import ParityError, require
from d2l.parity.measure import Measurement, measure, measure_all, relative_error

NAMES = ("jax", "torch", "forward", "net.0")
FLOATS = st.floats(-1e6, 1e6)


@given(arrays.arrays(np.float64, arrays.array_shapes(), elements=FLOATS))
def test_an_array_equals_itself(array):
    assert relative_error(array, array) == (0.0, "")


@given(
    arrays.arrays(np.float64, arrays.array_shapes(min_side=1), elements=FLOATS),
    st.floats(1e-6, 1e3),
)
def test_an_error_is_relative_to_the_largest_element(array, error):
    scale = np.abs(array).max() or 1.0
    off = array.copy()
    off.flat[0] += error * scale
    found, problem = relative_error(off, array)
    assert problem == ""
    assert found == pytest.approx(error, rel=1e-6)


@pytest.mark.parametrize(
    ("actual", "expected", "problem"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), "shape (2, 3) instead of (3, 2)"),
        (np.zeros(3, np.float32), np.zeros(3), "type float32 instead of float64"),
        (np.zeros(3, bool), np.zeros(3, int), "type bool instead of int64"),
        (np.array([1, np.nan]), np.ones(2), "it is nan at (1,)"),
        (np.array([1, np.nan]), np.array([1, np.nan]), "it is nan at (1,)"),
        (np.ones(2), np.array([np.inf, 1]), "the reference is inf at (0,)"),
    ],
)
def test_what_cannot_be_compared_is_a_failure(actual, expected, problem):
    found = measure(NAMES, actual, expected, tolerance=1.0)
    assert not found.passed
    assert found.problem == problem


def test_widths_of_integers_may_differ():
    assert measure(NAMES, np.array([1], np.int32), np.array([1]), 0.0).passed


def test_the_worst_place_is_named():
    expected = np.arange(6.0).reshape(2, 3)
    actual = expected + np.array([[0, 0, 1e-3], [0, 0, 0]])
    text = str(measure(NAMES, actual, expected, 1e-6))
    assert text.startswith("FAILED jax forward net.0: error 2.0e-04 > 1e-06 at (0, 2)")


def test_names_that_one_side_lacks_are_failures():
    a, b = {"x": np.ones(1), "y": np.ones(1)}, {"x": np.ones(1), "z": np.ones(1)}
    found = {m.tensor: m for m in measure_all(("jax", "torch", "forward"), a, b, 1)}
    assert found["x"].passed
    assert found["z"].problem == "jax has no such tensor"
    assert found["y"].problem == "torch has no such tensor"


def test_an_error_that_is_not_a_number_fails():
    assert not Measurement(*NAMES, float("nan"), 1.0).passed


def test_comparing_nothing_is_an_error():
    with pytest.raises(ParityError, match="nothing was compared"):
        require([])


def test_failures_are_raised_together():
    good = measure(NAMES, np.ones(1), np.ones(1), 0.0)
    bad = [measure((*NAMES[:3], t), np.ones(1), np.zeros(1), 0.0) for t in "ab"]
    assert require([good]) == [good]
    with pytest.raises(ParityError) as error:
        require([good, *bad])
    assert len(str(error.value).splitlines()) == 2


def test_json_has_no_infinity():
    found = measure(NAMES, np.ones(2), np.ones(3), 0.0).as_dict()
    assert json.loads(json.dumps(found, allow_nan=False))["error"] is None
    assert found["passed"] is False
