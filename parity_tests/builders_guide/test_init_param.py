"""An initialiser of one's own."""

import numpy as np

from parity_tests.distributions import require_share, require_uniform
from parity_tests.workers import run_task


def weights(pool, run, seed=1):
    """The weights of a dense layer that MyInit has filled."""
    task = {"seed": seed, "inputs": 80, "outputs": 50}
    return run_task(pool, run, "samples", "my_init", **task)[1]["weight"]


def test_distribution(any_run, pool):
    """Half of the weights are zero, the others uniform in 5 <= |w| <= 10."""
    found = weights(pool, any_run)
    assert found.shape == (50, 80)
    assert found.dtype == any_run[1]
    kept = found[found != 0]
    require_share(found != 0, 0.5)
    require_share(kept > 0, 0.5)
    require_uniform(np.abs(kept), 5, 10)


def test_seed_decides(any_run, pool):
    """The same seed gives the same weights, another seed others."""
    first, again, other = (weights(pool, any_run, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
