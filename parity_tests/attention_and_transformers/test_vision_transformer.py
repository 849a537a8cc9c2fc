"""The vision Transformer and its parts."""

from d2l.common.axes import IMAGES
from parity_tests.block_parity import BlockParity


class TestPatchEmbedding(BlockParity):
    name = "PatchEmbedding"
    axes = {"0": IMAGES}
    arguments = {"img_size": 8, "patch_size": 4, "num_hiddens": 3}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 8, 8))]

    def oracle(self, weights, X):
        kernel, bias = weights["conv.weight"], weights["conv.bias"]
        n, channels, _, _ = X.shape
        # By row and column of the patch: a dense layer of its pixels.
        X = X.reshape(n, channels, 2, 4, 2, 4).transpose(0, 2, 4, 1, 3, 5)
        return X.reshape(n, 4, -1) @ kernel.reshape(3, -1).T + bias


class TestViTMLP(BlockParity):
    name = "ViTMLP"
    arguments = {"mlp_num_hiddens": 6, "mlp_num_outputs": 4, "dropout": 0}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 4))]


class TestViTBlock(BlockParity):
    name = "ViTBlock"
    arguments = {
        "num_hiddens": 8,
        "mlp_num_hiddens": 16,
        "num_heads": 2,
        "dropout": 0,
    }

    def inputs(self, random):
        return [random.standard_normal((2, 5, 8))]
