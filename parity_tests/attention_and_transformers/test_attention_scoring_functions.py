"""Masked softmax, and the two ways to score."""

import numpy as np

from d2l.parity.oracles.attention import (
    additive_attention,
    dot_product_attention,
    masked_softmax,
)
from parity_tests.attention_block import AttentionBlock
from parity_tests.function_parity import FunctionParity


class TestMaskedSoftmax(FunctionParity):
    """One length for each example, none and all of the keys among them."""

    name = "masked_softmax"
    wrt = ("X",)
    valid_lens = (2, 0, 5, 1)

    def inputs(self, random):
        X = random.standard_normal((4, 3, 5))
        return {"X": X, "valid_lens": np.array(self.valid_lens)}

    def oracle(self, X, valid_lens):
        return masked_softmax(X, valid_lens)


class TestLensOfQueries(TestMaskedSoftmax):
    valid_lens = ((1, 2, 3), (0, 5, 1), (5, 5, 5), (4, 0, 0))

    def case(self):
        return "masked_softmax of each query"


class TestWithoutLens(TestMaskedSoftmax):
    settings = {"valid_lens": None}

    def inputs(self, random):
        return {"X": 10 * random.standard_normal((4, 3, 5))}


class TestOneKey(TestMaskedSoftmax):
    def case(self):
        return "masked_softmax of one key"

    def inputs(self, random):
        return {"X": random.standard_normal((2, 3, 1)), "valid_lens": np.array([0, 1])}


class TestNoQueries(TestMaskedSoftmax):
    shape = (4, 0, 5)
    wrt = ()

    def case(self):
        return f"masked_softmax {self.shape}"

    def inputs(self, random):
        return {"X": np.zeros(self.shape), "valid_lens": np.array(self.valid_lens)}


class TestNoKeys(TestNoQueries):
    shape = (4, 3, 0)


class ScoringParity(AttentionBlock):
    """What both ways to score are given."""

    def inputs(self, random):
        return [
            random.standard_normal((3, 2, 4)),
            random.standard_normal((3, 5, 4)),
            random.standard_normal((3, 5, 6)),
            np.array([2, 5, 0]),
        ]


class TestDotProductAttention(ScoringParity):
    name = "DotProductAttention"
    arguments = {"dropout": 0}

    def oracle(self, weights, queries, keys, values, valid_lens):
        return dot_product_attention(queries, keys, values, valid_lens)


class TestAdditiveAttention(ScoringParity):
    name = "AdditiveAttention"
    arguments = {"num_hiddens": 4, "dropout": 0}

    def oracle(self, weights, queries, keys, values, valid_lens):
        return additive_attention(weights, queries, keys, values, valid_lens)
