"""What products of many equal matrices grow by."""

import numpy as np
import pytest

from d2l.parity.tolerances import tolerance
from parity_tests.workers import run_task


def test_spectral_radius(any_run, pool):
    """Of a matrix whose eigenvalues are known: two complex ones of 1.25, and 0.5."""
    turn = np.array([[0.75, -1.0, 0], [1.0, 0.75, 0], [0, 0, 0.5]])
    basis = np.array([[1.0, 2, 0], [0, 1, 3], [0, 0, 1]])
    W = basis @ turn @ np.linalg.inv(basis)
    result, _ = run_task(pool, any_run, "numbers", "radius", {"W": W})
    limit = tolerance("function", any_run[1])
    assert result["radius"] == pytest.approx(1.25, rel=limit)
