"""Steps of a GPT's generation as compiled graphs of one shape.

A graph is planned once, and cannot write into a part of an array: there is room for
all steps from the start, zeros to which what is new is added.
"""

from __future__ import annotations

import math
import weakref

import mxnet as mx
import numpy as onp
from mxnet import np
from mxnet.symbol import np as snp, npx as snpx

from d2l.common.positions import angles

from .hybridising import is_known, is_ours
from .parameters import array_of, blocks, is_deferred

#: Added to the score of a key that comes later, this leaves nothing of it.
_HIDDEN = -1e30

#: For each model its graphs, each beside what the model was when it was made.
_graphs: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def can_compile(model):
    """Whether all layers of a GPT are the book's own, of kinds that are known here."""
    from .attention_and_transformers import gpt, transformer_block

    blks, own = list(model.blks), transformer_block.TransformerBlock
    if type(model) is not gpt.GPT or not all(is_ours(b) for _, b in blocks(model)):
        return False
    if not blks or not all(isinstance(blk, own) for blk in blks):
        return False
    parts = [model.embedding, model.norm, model.head]
    for blk in blks:
        parts += [blk.norm1, blk.norm2, blk.ffn]
    attentions = [blk.attention for blk in blks]
    return (
        all(map(is_known, parts))
        and all(map(_is_known_attention, attentions))
        # The angles are those of all blocks.
        and len({layer.head_size for layer in attentions}) == 1
    )


def _is_known_attention(layer):
    from .attention_and_transformers import attention_scoring_functions, gpt

    return (
        isinstance(layer, gpt.CausalAttention)
        and isinstance(layer.attention, attention_scoring_functions.DotProductAttention)
        # That of groups of queries need not be causal.
        and getattr(layer, "causal", True)
        and layer.head_size % 2 == 0
        and all(map(is_known, (layer.W_q, layer.W_k, layer.W_v, layer.W_o)))
    )


def whole_steps(model, prefix, longest):
    """A function of all tokens, (batch, steps), to logits of the next, (batch, vocab).

    prefix: some of the tokens.
    longest: how many there will be at most.
    """
    # A graph cannot compute with the sizes of nothing.
    if not prefix.size or not can_compile(model):
        return lambda tokens: model(tokens)[:, -1]
    if any(is_deferred(p) for p in model.collect_params().values()):
        model(prefix[:, :1])
    graph, inputs = _graph(model, False), _tables(model, longest, prefix.ctx)
    masked = onp.triu(onp.full((longest, longest), _HIDDEN), 1)
    inputs["masked"] = _like_weights(model, masked, prefix.ctx)

    def last_logits(tokens):
        batch, steps = tokens.shape
        room = np.zeros((batch, longest - steps), dtype=tokens.dtype, ctx=tokens.ctx)
        X = np.concatenate([tokens, room], axis=1)
        last = inputs["places"][steps - 1 : steps]
        return graph(inputs | {"X": X, "step": last})

    return last_logits


def cached_steps(model, caches, longest):
    """A function of new tokens, (batch, steps), to logits of the next, (batch, vocab).

    caches: for each block an empty `KVCache`.
    longest: how many tokens there will be; only the first call may bring several.
    """
    graph = _graph(model, True) if can_compile(model) else None
    inputs = {}

    def last_logits(X):
        if graph is None or not caches[0].length or not X.size:
            return model(X, caches)[:, -1]
        if not inputs:
            inputs.update(_tables(model, longest, X.ctx), **_room(caches, longest))
        logits, inputs["step"], *kept = graph(inputs | {"X": X})
        inputs.update(_named(kept))
        return logits

    return last_logits


def _room(caches, longest):
    """The keys and values of caches with zeros for more steps, and the next step."""
    length = caches[0].length
    kept = [part for cache in caches for part in (cache.keys, cache.values)]
    step = np.full((1,), length, dtype=kept[0].dtype, ctx=kept[0].ctx)
    room = (0, 0), (0, longest - length), (0, 0)
    return _named([np.pad(part, room) for part in kept]) | {"step": step}


class _Graph:
    """A compiled function of named arrays and of the model's present weights."""

    def __init__(self, model, outputs):
        symbol = mx.sym.Group(outputs, type(outputs[0]))
        self.names = symbol.list_inputs()
        parameters = {p.name: p for p in model.collect_params().values()}
        self.parameters = {n: parameters[n] for n in self.names if n in parameters}
        weights = [i for i, n in enumerate(self.names) if n in parameters]
        data = [i for i, n in enumerate(self.names) if n not in parameters]
        flags = {"data_indices": data, "param_indices": weights}
        flags |= {"static_alloc": True, "static_shape": True}
        self.op = mx.nd.CachedOp(symbol, list(flags.items()))

    def __call__(self, inputs):
        ctx = inputs["X"].ctx
        weights = {name: p.data(ctx) for name, p in self.parameters.items()}
        arrays = weights | inputs
        return self.op(*[arrays[name] for name in self.names])


def _graph(model, is_cached):
    """The graph of all steps, or of one more, made again if the model has changed."""
    state, found = list(_state(model)), _graphs.setdefault(model, {})
    if is_cached not in found or found[is_cached][0] != state:
        found[is_cached] = state, _Graph(model, _outputs(model, is_cached))
    return found[is_cached][1]


def _state(model):
    """The layers of a model and their settings."""
    kinds = (bool, int, float, str)
    for _, block in blocks(model):
        settings = {k: v for k, v in vars(block).items() if type(v) in kinds}
        # What refers to the model would keep it alive.
        yield (None if block is model else block), settings


def _named(kept):
    return {f"kept{i}": part for i, part in enumerate(kept)}


def _like_weights(model, table, ctx):
    return np.array(table, dtype=array_of(model.head.weight).dtype, ctx=ctx)


def _tables(model, longest, ctx):
    """What is known of all positions; one that a graph does not use is left out."""
    size = model.blks[0].attention.head_size
    turn = onp.repeat(angles(longest, size), 2, axis=-1)[:, :size]
    tables = {"places": onp.arange(longest), "cos": onp.cos(turn), "sin": onp.sin(turn)}
    found = {name: _like_weights(model, t, ctx) for name, t in tables.items()}
    # Multiplied by this, (a, b) is (-b, a) in each pair of features.
    swap = onp.kron(onp.eye(size // 2), [[0, 1], [-1, 0]])
    found["swap"] = _like_weights(model, swap, ctx)
    if model.pos_encoding is not None:
        found["positions"] = array_of(model.pos_encoding.P)[0, :longest]
    return found


def _outputs(model, is_cached):
    """Logits, and with a cache the next step's number, and keys and values."""
    names = ("X", "step", "places", "masked", "cos", "sin", "swap", "positions")
    given = {name: mx.sym.var(name).as_np_ndarray() for name in names}
    step, places = given["step"], given["places"]
    # Zeros and a one, of the data type of whole numbers that are floats.
    is_now = snp.maximum(1 - snp.abs(places - step), 0)
    if is_cached:
        given["is_new"] = snp.expand_dims(is_now, 1)
        given["masked"] = snp.clip(places - step, 0, 1) * _HIDDEN
        for name in ("cos", "sin", "positions"):
            given[name] = snp.take(given[name], step, axis=0)
    X, kept = model.embedding(given["X"]), []
    if model.pos_encoding is not None:
        X = X + given["positions"]
    for i, blk in enumerate(model.blks):
        pair = [mx.sym.var(f"kept{2 * i + j}").as_np_ndarray() for j in range(2)]
        X = _block(blk, X, given, pair if is_cached else None, kept)
    if is_cached:
        logits = snp.squeeze(model.head(model.norm(X)), axis=1)
        return [logits, step + 1, *kept]
    X = snp.sum(X * snp.expand_dims(is_now, 1), axis=1)
    return [model.head(model.norm(X))]


def _block(blk, X, given, pair, kept):
    """What a block does; keys and values of all steps are added to `kept`."""

    def attend(Y):
        return _attention(blk.attention, Y, given, pair, kept)

    for layer, norm in ((attend, blk.norm1), (blk.ffn, blk.norm2)):
        X = X + layer(norm(X)) if blk.pre_norm else norm(X + layer(X))
    return X


def _attention(layer, X, given, pair, kept):
    size = layer.head_size
    projections = (layer.W_q, layer.W_k, layer.W_v)
    queries, keys, values = (_split(W(X), size, pair) for W in projections)
    if layer.rope:
        queries, keys = _turned(queries, given), _turned(keys, given)
    if pair:
        keys, values = _extended(pair, (keys, values), given["is_new"])
        kept += [keys, values]
    group = layer.num_heads // getattr(layer, "num_kv_heads", layer.num_heads)
    if group > 1:
        keys, values = (snp.repeat(part, group, axis=0) for part in (keys, values))
    scores = snpx.batch_dot(queries, keys, transpose_b=True) / math.sqrt(size)
    seen = snpx.batch_dot(snpx.softmax(scores + given["masked"]), values)
    if pair:
        return layer.W_o(snp.reshape(seen, (-1, 1, layer.num_heads * size)))
    seen = snpx.reshape(seen, (-6, -1, layer.num_heads, -2, -2))
    return layer.W_o(snpx.reshape(snp.transpose(seen, (0, 2, 1, 3)), (-2, -2, -5)))


def _extended(pair, new, is_new):
    """What is kept, zeros at the new step, with what is new there."""
    return [old + is_new * part for old, part in zip(pair, new, strict=True)]


def _split(X, size, pair):
    """Heads into the batch; with a cache there is one step, nothing to transpose."""
    if pair:
        return snp.reshape(X, (-1, 1, size))
    X = snpx.reshape(X, (-2, -2, -6, -1, size))
    return snpx.reshape(snp.transpose(X, (0, 2, 1, 3)), (-5, -2, -2))


def _turned(X, given):
    """What `rope` returns."""
    swapped = snp.dot(X, given["swap"])
    return X * given["cos"] + swapped * given["sin"]
