"""A small GPT: trained, and writing."""

import numpy as np
import pytest

from d2l.parity.checks import TRUTH
from d2l.parity.oracles.attention import causal_lens, multi_head_attention, rope
from parity_tests.block_parity import BlockParity
from parity_tests.workers import run_task

#: Kinds of GPT: its arguments, its layers, and how many tokens it has to continue.
KINDS = {
    "rope": ({}, "own", 4),
    "learned": ({"pos": "learned", "norm": "layer", "act": "gelu"}, "own", 4),
    "sinusoidal": ({"pos": "sinusoidal", "pre_norm": False, "bias": True}, "own", 4),
    "experts": ({}, "experts", 4),
    "one token": ({}, "own", 1),
    "grouped, one token": ({}, "grouped", 1),
}
#: Temperature and top_k.
CHOICES = {"greedy": (0, None), "drawn": (0.8, 5)}


class TestCausalAttention(BlockParity):
    name = "CausalAttention"
    arguments = {"num_hiddens": 8, "num_heads": 2, "rope": True}

    def inputs(self, random):
        X = random.standard_normal((2, 4, 8))
        return [X, X, X]

    def oracle(self, weights, *inputs):
        lens = causal_lens(2, inputs[0].shape[1])
        return multi_head_attention(weights, 2, inputs, lens, turn=rope)

    def test_no_steps(self, any_run, pool):
        """No steps see nothing."""
        X = np.zeros((2, 0, 8))
        self.require_outputs(pool, any_run, [X, X, X])


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("kind", KINDS)
def test_generation(any_run, pool, checker, kind, choice):
    """The same tokens in every framework, with a cache and without."""
    found, expected = (
        generate(pool, run, KINDS[kind], CHOICES[choice])
        for run in (any_run, (checker.reference, TRUTH))
    )
    assert found["plain"].shape == (3, KINDS[kind][-1] + 12)
    assert np.array_equal(found["plain"], expected["plain"])
    assert np.array_equal(found["cached"], found["plain"])


def generate(pool, run, kind, choice):
    """Continue three sequences by twelve tokens."""
    settings, layers, num_steps = kind
    prefix = np.random.default_rng(0).integers(0, 11, (3, num_steps))
    task = {"settings": settings, "layers": layers}
    task |= {"temperature": choice[0], "top_k": choice[1]}
    return run_task(pool, run, "generation", "generate", {"prefix": prefix}, **task)[1]
