"""Layouts lead to the canonical form and back without loss."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.parity.layouts import (
    CONV_KERNEL,
    DENSE_KERNEL,
    SAME,
    Layout,
    image_from_canonical,
    image_to_canonical,
)

SIZES = st.integers(1, 4)


def numbered(*shape):
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


@given(SIZES, SIZES, SIZES, SIZES)
def test_round_trips(h, w, c, n):
    flattened = Layout(axes=(1, 0), channels=c)
    for layout, array in (
        (SAME, numbered(h, w)),
        (DENSE_KERNEL, numbered(h, w)),
        (CONV_KERNEL, numbered(h, w, c, n)),
        (flattened, numbered(h * w * c, n)),
    ):
        canonical = layout.to_canonical(array)
        assert np.array_equal(layout.from_canonical(canonical), array)
    images = numbered(n, h, w, c)
    assert np.array_equal(image_from_canonical(image_to_canonical(images)), images)


@given(SIZES, SIZES, SIZES, SIZES, SIZES)
def test_a_dense_layer_after_flatten_computes_the_same(n, h, w, c, outputs):
    images, kernel = numbered(n, h, w, c), numbered(h * w * c, outputs)
    weight = Layout(axes=(1, 0), channels=c).to_canonical(kernel)
    canonical = image_to_canonical(images).reshape(n, -1) @ weight.T
    assert np.array_equal(images.reshape(n, -1) @ kernel, canonical)


def test_the_order_of_channels_matters():
    kernel = numbered(8, 1)
    plain, permuted = (Layout((1, 0), c).to_canonical(kernel) for c in (None, 2))
    assert permuted.tolist() == [[0, 2, 4, 6, 1, 3, 5, 7]]
    assert not np.array_equal(plain, permuted)


def test_channels_must_divide_the_inputs():
    with pytest.raises(ValueError, match="reshape"):
        Layout((1, 0), channels=3).to_canonical(numbered(8, 1))
