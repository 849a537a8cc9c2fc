"""Layouts lead to the canonical form and back without loss; groups of arrays too."""

import numpy as np
from hypothesis import given, strategies as st

from d2l.common.weights import CONV_KERNEL, DENSE_KERNEL, SAME, join, split

SIZES = st.integers(1, 4)


def numbered(*shape):
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


@given(SIZES, SIZES, SIZES, SIZES)
def test_round_trips(h, w, c, n):
    for layout, array in (
        (SAME, numbered(h, w)),
        (DENSE_KERNEL, numbered(h, w)),
        (CONV_KERNEL, numbered(h, w, c, n)),
    ):
        canonical = layout.to_canonical(array)
        assert np.array_equal(layout.from_canonical(canonical), array)


def test_kernels_become_those_of_pytorch():
    assert DENSE_KERNEL.to_canonical(numbered(2, 3)).shape == (3, 2)
    assert CONV_KERNEL.to_canonical(numbered(5, 6, 2, 3)).shape == (3, 2, 5, 6)


def test_groups_are_taken_apart_as_they_were_joined():
    parts = {"model": {"net.bias": numbered(2)}, "optimizer": {"step": numbered(1)}}
    joined = join(parts)
    assert list(joined) == ["model.net.bias", "optimizer.step"]
    assert split(joined) == parts
