"""Several attentions side by side."""

import numpy as np

from d2l.parity.oracles.attention import multi_head_attention
from parity_tests.block_parity import BlockParity


class TestMultiHeadAttention(BlockParity):
    name = "MultiHeadAttention"
    arguments = {"num_hiddens": 6, "num_heads": 3, "dropout": 0}
    valid_lens = (3, 0)

    def inputs(self, random):
        queries = random.standard_normal((2, 3, 6))
        keys, values = random.standard_normal((2, 2, 4, 6))
        return [queries, keys, values, np.array(self.valid_lens)]

    def oracle(self, weights, *inputs):
        return multi_head_attention(weights, 3, inputs[:3], inputs[3])

    def test_no_queries(self, any_run, pool):
        """No queries have no averages."""
        queries, keys, values, lens = self.inputs(np.random.default_rng(0))
        # Lengths of queries have an axis for them.
        lens = lens[:, :0] if lens.ndim == 2 else lens
        self.require_outputs(pool, any_run, [queries[:, :0], keys, values, lens])

    def test_no_keys(self, any_run, pool):
        """The average of no values is zero."""
        queries, keys, values, lens = self.inputs(np.random.default_rng(0))
        empty = [keys[:, :0], values[:, :0]]
        self.require_outputs(pool, any_run, [queries, *empty, lens])


class TestLensOfQueries(TestMultiHeadAttention):
    valid_lens = ((1, 4, 2), (4, 0, 3))
