"""Compiling the parts of a model that can be compiled, while it is trained."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from mxnet import npx
from mxnet.gluon import HybridBlock

from d2l.common.training import mask_stream

#: Layers of MXNet itself and of the book. A reader's own may look at shapes or
#: values, which a graph does not have; it is theirs to call `hybridize()`.
_KNOWN_PACKAGES = ("mxnet.", "d2l.")


@contextlib.contextmanager
def hybridised(model) -> Iterator[None]:
    """Run the known layers of a model as compiled graphs within the block.

    The model is left as it was. While dropout masks come from the shared
    stream nothing is compiled: a graph cannot ask for new ones at each step.
    """
    if mask_stream.active is not None:
        with eager(model):
            yield
        return
    compiled = list(_largest_known(model))
    for block in compiled:
        # Memory is planned once; a batch of another size plans it anew.
        block.hybridize(static_alloc=True, static_shape=True)
    try:
        yield
    finally:
        for block in compiled:
            block.hybridize(False)
        # Who reads a running statistic does not wait for the graphs that change it.
        npx.waitall()


@contextlib.contextmanager
def eager(model) -> Iterator[None]:
    """Run all layers one by one within the block, even compiled ones."""
    compiled = []
    model.apply(lambda b: compiled.append(b) if getattr(b, "_active", 0) else None)
    for block in compiled:
        block._active = False
    try:
        yield
    finally:
        for block in compiled:
            block._active = True


def _largest_known(block):
    """The largest parts all of whose layers are known, not compiled so far."""
    if getattr(block, "_active", False):
        return
    if isinstance(block, HybridBlock) and is_known(block):
        yield block
        return
    for child in block._children.values():
        yield from _largest_known(child)


def is_known(block) -> bool:
    """Whether a block and all in it are layers that can be one graph."""
    # A class with a `forward` of its own is not run as a graph.
    is_graph = type(block).forward is HybridBlock.forward
    return is_ours(block) and is_graph and all(map(is_known, block._children.values()))


def is_ours(block) -> bool:
    """Whether a block is MXNet's or the book's own, and no hooks watch it."""
    has_hooks = block._forward_hooks or block._forward_pre_hooks
    return type(block).__module__.startswith(_KNOWN_PACKAGES) and not has_hooks
