"""Random functions of the vocabulary, by shape and distribution."""

import numpy as np
import pytest

from parity_tests.distributions import require_normal, require_uniform
from parity_tests.workers import run_task

#: Calls and what their values are like.
CALLS = {
    "rand": ([[50, 60]], require_uniform, (0, 1)),
    "randn": ([[50, 60]], require_normal, (0, 1)),
    "normal": ([2.0, 3.0, [50, 60]], require_normal, (2, 3)),
}


@pytest.mark.parametrize("name", CALLS)
def test_distribution(any_run, pool, name):
    """Shape, precision and distribution."""
    arguments, judge, parameters = CALLS[name]
    sample = draw(pool, any_run, name, arguments, seed=1)
    assert sample.shape == (50, 60)
    assert sample.dtype == any_run[1]
    judge(sample, *parameters)


@pytest.mark.parametrize("name", ["rand", "randn"])
def test_shape_in_several_numbers(any_run, pool, name):
    """The book writes randn(2, 3) too."""
    assert draw(pool, any_run, name, [2, 3], seed=1).shape == (2, 3)


def test_seed_decides(any_run, pool):
    """The same seed gives the same numbers, another seed others."""
    first, again, other = (
        draw(pool, any_run, "rand", [[4, 5]], seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_numbers_do_not_repeat(any_run, pool):
    """Two calls after one seed give different numbers."""
    _, found = run_task(pool, any_run, "samples", "two_draws", seed=1)
    assert not np.array_equal(found["first"], found["second"])


def draw(pool, run, name, arguments, seed):
    """A sample of a random function."""
    task = {"seed": seed, "name": name, "arguments": arguments}
    return run_task(pool, run, "samples", "draws", **task)[1]["sample"]
