"""Several attentions side by side."""

import numpy as np

from d2l.parity.oracles.attention import multi_head_attention
from parity_tests.attention_block import AttentionBlock


class TestMultiHeadAttention(AttentionBlock):
    name = "MultiHeadAttention"
    arguments = {"num_hiddens": 6, "num_heads": 3, "dropout": 0}
    valid_lens = (3, 0)

    def inputs(self, random):
        queries = random.standard_normal((2, 3, 6))
        keys, values = random.standard_normal((2, 2, 4, 6))
        return [queries, keys, values, np.array(self.valid_lens)]

    def oracle(self, weights, *inputs):
        return multi_head_attention(weights, 3, inputs[:3], inputs[3])


class TestLensOfQueries(TestMultiHeadAttention):
    valid_lens = ((1, 4, 2), (4, 0, 3))
