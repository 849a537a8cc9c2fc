"""Depthwise separable convolutions, and blocks that fuse."""

import numpy as np
import pytest

from d2l.parity.checks import require
from d2l.parity.measure import measure, rounded_to
from d2l.parity.tolerances import tolerance
from d2l.trials.observed import select
from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.workers import run_task


class TestDWSBlock(BlockParity):
    name = "DWSBlock"
    axes = IMAGE_TO_IMAGE
    arguments = {"in_channels": 3, "out_channels": 4, "strides": 2}

    def inputs(self, random):
        return [random.standard_normal((4, 3, 6, 7))]


class TestDWSBlockFunction(TestDWSBlock):
    name = "dws_block"


class TestRepVGGBlock(TestDWSBlock):
    name = "RepVGGBlock"
    arguments = {"in_channels": 3, "out_channels": 3}


class TestStridedRepVGGBlock(TestDWSBlock):
    name = "RepVGGBlock"


def agree(run, tensor, actual, expected):
    """Require that two arrays agree."""
    framework, precision = run
    names = (framework, "NumPy", "fused", tensor)
    expected = rounded_to(precision, expected)
    require([measure(names, actual, expected, tolerance("forward", precision))])


def folded(weights, kernel, norm):
    """A kernel and a normalisation as one, by the canonical weights; no conv bias."""
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + 1e-5)
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return kernel * scale[:, None, None, None], bias


@pytest.mark.parametrize(
    ("in_channels", "out_channels", "strides"), [(3, 3, 1), (3, 4, 2)]
)
def test_fuse_block(any_run, pool, in_channels, out_channels, strides):
    """One convolution gives what the block gives, and has NumPy's weights."""
    X = np.random.default_rng(0).standard_normal((2, in_channels, 6, 7))
    sizes = {"in_channels": in_channels, "out_channels": out_channels}
    _, found = run_task(
        pool,
        any_run,
        "averages",
        "fuse_block",
        arrays={"inputs": X},
        strides=strides,
        **sizes,
    )
    agree(any_run, "output", found["output"], found["block"])
    weights = select(found, "weights")
    weight, bias = folded(weights, weights["conv1.weight"], "bn1")
    pixels = [folded(weights, weights["conv2.weight"], "bn2")]
    if "bn3.weight" in weights:
        pixels.append(folded(weights, np.eye(3)[:, :, None, None], "bn3"))
    assert len(pixels) == (2 if strides == 1 else 1)
    for pixel, shift in pixels:
        weight[:, :, 1:2, 1:2] += pixel
        bias = bias + shift
    agree(any_run, "weight", found["fused.weight"], weight)
    agree(any_run, "bias", found["fused.bias"], bias)


def test_fuse_bn(any_run, pool):
    """A convolution with a bias, too."""
    X = np.random.default_rng(0).standard_normal((2, 3, 6, 7))
    _, found = run_task(pool, any_run, "averages", "fuse_bn", arrays={"inputs": X})
    weights = select(found, "weights")
    weight, bias = folded(weights, weights["conv1.weight"], "bn1")
    scale = weights["bn1.weight"] / np.sqrt(weights["bn1.running_var"] + 1e-5)
    agree(any_run, "weight", found["weight"], np.sort(weight, axis=None))
    agree(any_run, "bias", found["bias"], bias + weights["conv1.bias"] * scale)
