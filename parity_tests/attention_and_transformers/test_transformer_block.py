"""The block with every choice it offers."""

import numpy as np

from d2l.parity.oracles.attention import rms_norm, swiglu
from parity_tests.block_parity import BlockParity


class TestRMSNorm(BlockParity):
    name = "RMSNorm"
    arguments = {"num_hiddens": 4}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 4))]

    def oracle(self, weights, X):
        return rms_norm(X, weights["weight"])


class TestSwiGLU(BlockParity):
    name = "FeedForward"
    arguments = {"num_hiddens": 4}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 4))]

    def oracle(self, weights, X):
        return swiglu(weights, X)


class TestGELU(BlockParity):
    name = "FeedForward"
    arguments = {"num_hiddens": 4, "act": "gelu", "bias": True}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 4))]


class TestReLU(TestGELU):
    arguments = {"num_hiddens": 4, "act": "relu"}


class TestTransformerBlock(BlockParity):
    name = "TransformerBlock"
    arguments = {"num_hiddens": 8, "num_heads": 2}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 8)), np.array([3, 1])]


class TestOlderChoices(TestTransformerBlock):
    arguments = {
        "num_hiddens": 8,
        "num_heads": 2,
        "norm": "layer",
        "act": "gelu",
        "pre_norm": False,
    }


def block_of_experts(session):
    """A Transformer block with other layers than its own."""
    d2l = session.namespace
    return d2l.TransformerBlock(
        8,
        4,
        attn_factory=lambda: d2l.GQAAttention(8, 4, 2, rope=True),
        ffn_factory=lambda: d2l.MoELayer(8, 4),
    )


class TestOtherLayers(BlockParity):
    name = "TransformerBlock with other layers"
    builder = block_of_experts

    def inputs(self, random):
        return [random.standard_normal((2, 3, 8))]
