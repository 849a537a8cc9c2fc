"""Random functions of the vocabulary and of the sections, by distribution.

Those of the sections take their numbers from the shared stream while that is on.
"""

import numpy as np
import pytest

from d2l.common.training.mask_stream import MaskStream
from d2l.parity.measure import rounded_to
from d2l.parity.session import MASK_SEED
from parity_tests.distributions import require_normal, require_uniform
from parity_tests.workers import run_task

#: Calls and what their values are like.
CALLS = {
    "rand": ([[50, 60]], require_uniform, (0, 1)),
    "randn": ([[50, 60]], require_normal, (0, 1)),
    "normal": ([2.0, 3.0, [50, 60]], require_normal, (2, 3)),
    "randomness:uniform": ([[50, 60]], require_uniform, (0, 1)),
    "randomness:normal": ([[50, 60]], require_normal, (0, 1)),
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


@pytest.mark.parametrize("name", ["rand", "randomness:normal"])
def test_seed_decides(any_run, pool, name):
    """The same seed gives the same numbers, another seed others."""
    first, again, other = (
        draw(pool, any_run, name, [[4, 5]], seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_numbers_do_not_repeat(any_run, pool):
    """Two calls after one seed give different numbers."""
    _, found = run_task(pool, any_run, "samples", "two_draws", seed=1)
    assert not np.array_equal(found["first"], found["second"])


@pytest.mark.parametrize("name", ["uniform", "normal"])
def test_shared_stream(any_run, pool, name):
    """The stream's own numbers, in every step, compiled or not, layer by layer."""
    task = {"name": f"randomness:{name}", "shape": [3, 4], "steps": [5, 6]}
    _, found = run_task(pool, any_run, "samples", "shared_draws", **task)
    numbers = getattr(MaskStream(MASK_SEED), name)
    for step in task["steps"]:
        for layer in range(2):
            expected = rounded_to(any_run[1], numbers(step, layer, (3, 4)))
            for way in ("plain", "compiled"):
                actual = found[f"{way}.{step}.{layer}"]
                assert actual.dtype == expected.dtype
                np.testing.assert_array_equal(actual, expected)


def draw(pool, run, name, arguments, seed):
    """A sample of a random function."""
    task = {"seed": seed, "name": name, "arguments": arguments}
    return run_task(pool, run, "samples", "draws", **task)[1]["sample"]
