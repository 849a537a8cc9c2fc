"""ConvNeXt and stochastic depth."""

import numpy as np

from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.function_parity import FunctionParity
from parity_tests.parameter_counts import count


class TestLayerNorm2d(BlockParity):
    name = "LayerNorm2d"
    axes = IMAGE_TO_IMAGE
    arguments = {"num_channels": 4}

    def inputs(self, random):
        return [2 + random.standard_normal((2, 4, 3, 3))]

    def oracle(self, weights, X):
        mean = X.mean(1, keepdims=True)
        var = ((X - mean) ** 2).mean(1, keepdims=True)
        weight, bias = (weights[k].reshape(-1, 1, 1) for k in ("weight", "bias"))
        return weight * (X - mean) / np.sqrt(var + 1e-5) + bias


class TestDropPath(FunctionParity):
    name = "drop_path"
    settings = {"drop_prob": 0.4}
    wrt = ("X",)
    masks = True

    def inputs(self, random):
        return {"X": random.standard_normal((8, 2, 3))}

    def oracle(self, X, drop_prob, uniform):
        # One number for each example: a smaller draw begins as a larger one.
        keep = uniform.reshape(-1)[: len(X)] > drop_prob
        assert 0 < keep.sum() < len(X)
        return keep.reshape(-1, 1, 1) * X / (1 - drop_prob)


class TestDropPathInEvaluation(TestDropPath):
    settings = {"drop_prob": 0.4, "training": False}

    def oracle(self, X, drop_prob, training, uniform):
        return X


class TestConvNeXtBlock(BlockParity):
    name = "ConvNeXtBlock"
    axes = IMAGE_TO_IMAGE
    arguments = {"num_channels": 3}

    def inputs(self, random):
        return [random.standard_normal((4, 3, 5, 6))]


class TestConvNeXtBlockThatDrops(TestConvNeXtBlock):
    arguments = {"num_channels": 3, "drop_prob": 0.5}


def test_parameters(framework, pool):
    """As many as are published for ConvNeXt-T, 28.6 million."""
    found = count(pool, framework, "ConvNeXt", size=32, num_classes=1000)
    assert found == 28_589_128
