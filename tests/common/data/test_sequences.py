"""Series to predict, and the checks of shapes."""

import numpy as np
import pytest

from d2l.common.data.sequences import (
    autoregressive,
    check_len,
    check_shape,
    noisy_sine,
    spectral_radius,
)
from d2l.common.errors import InputError


def test_noise_is_added_to_a_sine():
    clean, noisy = noisy_sine(1000, 0.0, seed=0), noisy_sine(1000, 0.2, seed=0)
    assert clean[156] == pytest.approx(np.sin(1.57))
    assert np.std(noisy - clean) == pytest.approx(0.2, rel=0.1)
    assert not np.array_equal(noisy, noisy_sine(1000, 0.2, seed=1))


def test_each_value_is_told_by_those_before_it():
    features, labels = autoregressive(np.arange(5.0), tau=2)
    assert features.tolist() == [[0, 1], [1, 2], [2, 3]]
    assert labels.tolist() == [[2], [3], [4]]


@pytest.mark.parametrize("tau", [0, 5])
def test_too_few_values_are_refused(tau):
    with pytest.raises(InputError, match="5 values cannot"):
        autoregressive(np.arange(5.0), tau)


def test_lengths_and_shapes_are_checked():
    check_len([1, 2], 2)
    check_shape(np.zeros((2, 3)), (2, 3))
    with pytest.raises(AssertionError, match="the length is 2, not 3"):
        check_len([1, 2], 3)
    with pytest.raises(AssertionError, match=r"the shape is \(2, 3\), not \(3, 2\)"):
        check_shape(np.zeros((2, 3)), (3, 2))


def test_the_spectral_radius_is_the_rate_of_growth():
    assert spectral_radius(np.diag([0.5, -3.0, 2.0])) == 3
    # A rotation, whose eigenvalues are complex.
    assert spectral_radius([[0, -2], [2, 0]]) == pytest.approx(2)
    W = np.random.default_rng(0).random((5, 5))
    growth = np.linalg.norm(np.linalg.matrix_power(W, 60))
    growth /= np.linalg.norm(np.linalg.matrix_power(W, 59))
    assert spectral_radius(W) == pytest.approx(growth)
