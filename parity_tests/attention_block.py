"""The checks of attention layers, also where there is nothing to attend to."""

from __future__ import annotations

import numpy as np

from parity_tests.block_parity import BlockParity


class AttentionBlock(BlockParity):
    """As BlockParity; `inputs` are queries, keys, values and valid lengths."""

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
