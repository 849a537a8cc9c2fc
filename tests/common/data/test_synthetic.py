"""Linear data: the model that was asked for, reproducibly."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.data.synthetic import linear_data
from d2l.common.errors import InputError


@given(st.integers(0, 50), st.integers(1, 8), st.integers(0, 2**64 - 1))
def test_without_noise_the_model_holds_exactly(n, d, seed):
    w = np.arange(1.0, d + 1)
    X, y = linear_data(w, 4.2, 0.0, n, seed)
    assert (X.shape, y.shape) == ((n, d), (n, 1))
    assert X.dtype == y.dtype == np.float64
    np.testing.assert_allclose(y, X @ w[:, None] + 4.2, rtol=1e-13)


def test_the_noise_has_the_size_asked_for():
    X, y = linear_data([2, -3.4], 4.2, 0.5, 20_000, seed=0)
    errors = y - X @ [[2], [-3.4]] - 4.2
    assert abs(errors.mean()) < 0.02
    assert abs(errors.std() - 0.5) < 0.01
    assert np.abs(np.corrcoef(X.T) - np.eye(2)).max() < 0.03


def test_the_seed_decides():
    first, again, other = (linear_data([1], 0, 0.1, 5, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


def test_the_numbers_are_the_ones_of_earlier_versions():
    # The frameworks may run on different NumPy versions and must still agree.
    pinned = [-1.7496944402112695, 0.5745441092559128]
    pinned += [0.6142833637530732, 0.2978597381915409]
    X, _ = linear_data([1, 1], 0, 0, 2, seed=7)
    np.testing.assert_allclose(X.ravel(), pinned, rtol=1e-15)


def test_weights_may_be_a_column():
    row, column = (linear_data(w, 1, 0, 4, 0)[1] for w in ([1, 2], [[1], [2]]))
    np.testing.assert_array_equal(row, column)


@pytest.mark.parametrize(
    "wrong", [{"w": []}, {"num_examples": -1}, {"seed": -1}, {"noise": -0.1}]
)
def test_arguments_that_make_no_sense_are_refused(wrong):
    arguments = {"w": [1.0], "b": 0, "noise": 0.1, "num_examples": 3, "seed": 0}
    with pytest.raises(InputError, match="Linear data needs"):
        linear_data(**arguments | wrong)
