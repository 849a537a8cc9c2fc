"""The Transformer and its parts."""

import numpy as np

from d2l.parity.oracles.attention import layer_norm
from d2l.parity.oracles.layers import dense, relu
from parity_tests.block_parity import BlockParity
from parity_tests.translator_parity import TranslatorParity


class TestTransformer(TranslatorParity):
    trial = "transformer"


class TestPositionWiseFFN(BlockParity):
    name = "PositionWiseFFN"
    arguments = {"ffn_num_hiddens": 6, "ffn_num_outputs": 4}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 4))]

    def oracle(self, weights, X):
        H = relu(dense(X, weights["dense1.weight"], weights["dense1.bias"]))
        return dense(H, weights["dense2.weight"], weights["dense2.bias"])


class TestAddNorm(BlockParity):
    name = "AddNorm"
    arguments = {"norm_shape": 4, "dropout": 0}

    def inputs(self, random):
        return list(random.standard_normal((2, 2, 3, 4)))

    def oracle(self, weights, X, Y):
        return layer_norm(X + Y, weights["ln.weight"], weights["ln.bias"])


class TestEncoderBlock(BlockParity):
    name = "TransformerEncoderBlock"
    arguments = {
        "num_hiddens": 8,
        "ffn_num_hiddens": 16,
        "num_heads": 2,
        "dropout": 0,
    }

    def inputs(self, random):
        return [random.standard_normal((3, 5, 8)), np.array([2, 0, 5])]


class TestEncoder(BlockParity):
    name = "TransformerEncoder"
    arguments = TestEncoderBlock.arguments | {"vocab_size": 7, "num_blks": 2}

    def inputs(self, random):
        return [random.integers(0, 7, (3, 5)), np.array([2, 0, 5])]

    def outputs(self, weights, tokens, valid_lens):
        # Tokens themselves have no oracle.
        assert tokens.size == 0
        return {"output": np.zeros((*tokens.shape, 8))}

    def test_no_steps(self, any_run, pool):
        """No tokens have no encoding."""
        tokens, valid_lens = self.inputs(np.random.default_rng(0))
        self.require_outputs(pool, any_run, [tokens[:, :0], valid_lens])


def decoder_block(session):
    """A Transformer decoder's block before any step."""
    d2l = session.namespace

    class FirstSteps(d2l.Module):
        def __init__(self):
            super().__init__()
            self.block = d2l.TransformerDecoderBlock(8, 16, 2, 0, 1)

        def forward(self, X, enc_outputs, enc_valid_lens):
            return self.block(X, (enc_outputs, enc_valid_lens, [None, None]))[0]

    return FirstSteps()


class TestDecoderBlock(BlockParity):
    name = "TransformerDecoderBlock"
    builder = decoder_block

    def inputs(self, random):
        X, enc_outputs = random.standard_normal((2, 3, 5, 8))
        return [X, enc_outputs, np.array([2, 0, 5])]


class TestOneStep(TestDecoderBlock):
    """A sequence of one token, to a source of one."""

    def inputs(self, random):
        X, enc_outputs = random.standard_normal((2, 3, 1, 8))
        return [X, enc_outputs, np.array([1, 0, 1])]
