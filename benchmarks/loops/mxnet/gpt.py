"""A GPT in plain MXNet that continues a text greedily.

Tokens, keys and values have room for all steps from the start, so that a graph is
planned once. A graph cannot write into a part of an array; it chooses between old
and new, position by position.
"""

import math

import numpy as onp
from mxnet import np
from mxnet.gluon import nn

from benchmarks.loops.mxnet.encoder import fill


class Norm(nn.HybridBlock):
    """Features divided by their root mean square."""

    def __init__(self, num_hiddens):
        super().__init__()
        self.weight = self.params.get("weight", shape=(num_hiddens,))

    def hybrid_forward(self, F, X, weight):
        """X: (..., num_hiddens); returns the same shape."""
        square = F.np.mean(F.np.square(X), axis=-1, keepdims=True)
        return X / F.np.sqrt(square + 1e-5) * weight


class Block(nn.HybridBlock):
    """Rotary attention and SwiGLU, each after a normalisation; no biases."""

    def __init__(self, num_hiddens, width, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.scale = math.sqrt(num_hiddens // num_heads)
        sizes = {"flatten": False, "use_bias": False, "in_units": num_hiddens}
        self.norm1, self.norm2 = Norm(num_hiddens), Norm(num_hiddens)
        self.W_q, self.W_k, self.W_v, self.W_o = (
            nn.Dense(num_hiddens, **sizes) for _ in range(4)
        )
        self.gate, self.dense1 = nn.Dense(width, **sizes), nn.Dense(width, **sizes)
        self.dense2 = nn.Dense(num_hiddens, **sizes | {"in_units": width})

    def heads(self, F, X):
        """From (batch, steps, num_hiddens) to (batch * heads, steps, size)."""
        X = F.npx.reshape(X, (-2, -2, -6, self.num_heads, -1))
        return F.npx.reshape(F.np.transpose(X, (0, 2, 1, 3)), (-5, -2, -2))

    def turned(self, F, X, cos, sin):
        """Pairs of neighbouring features turned; X: (..., steps, size)."""
        pairs = F.npx.reshape(X, (-2, -2, -6, -1, 2))
        even, odd = F.np.split(pairs, 2, axis=-1)
        parts = even * cos - odd * sin, even * sin + odd * cos
        return F.npx.reshape(F.np.concatenate(parts, axis=-1), (-2, -2, -5))

    def hybrid_forward(self, F, X, turns, masked, is_new, *cache):
        """X: (batch, steps, num_hiddens); returns the same shape, keys and values.

        turns: cosines and sines, (2, steps, pairs, 1); masked: what is added to
        scores, (steps, keys); is_new: of the keys, (keys, 1), where there is a cache.
        """
        Y = self.norm1(X)
        queries, keys, values = (
            self.heads(F, W(Y)) for W in (self.W_q, self.W_k, self.W_v)
        )
        cos, sin = F.np.split(turns, 2, axis=0)
        queries, keys = (
            self.turned(F, queries, cos, sin),
            self.turned(F, keys, cos, sin),
        )
        if cache:
            keys, values = (
                is_new * new + (1 - is_new) * kept
                for new, kept in zip((keys, values), cache, strict=True)
            )
        scores = F.npx.batch_dot(queries, keys, transpose_b=True) / self.scale
        seen = F.npx.batch_dot(F.npx.softmax(scores + masked), values)
        seen = F.npx.reshape(seen, (-6, -1, self.num_heads, -2, -2))
        seen = F.npx.reshape(F.np.transpose(seen, (0, 2, 1, 3)), (-2, -2, -5))
        X = X + self.W_o(seen)
        Y = self.norm2(X)
        gate = self.gate(Y)
        Y = gate * F.npx.sigmoid(gate) * self.dense1(Y)
        return X + self.dense2(Y), keys, values


class GPT(nn.HybridBlock):
    """Embeddings, blocks, a normalisation, and the likeliest token."""

    def __init__(self, sizes, num_heads, num_blks):
        super().__init__()
        vocab_size, num_hiddens, width = sizes
        self.num_heads, self.head_size = num_heads, num_hiddens // num_heads
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.blks = nn.HybridSequential()
        for _ in range(num_blks):
            self.blks.add(Block(num_hiddens, width, num_heads))
        self.norm = Norm(num_hiddens)
        self.head = nn.Dense(
            vocab_size, use_bias=False, flatten=False, in_units=num_hiddens
        )

    def hybrid_forward(self, F, X, last, turns, masked, is_new, *caches):
        """The likeliest token after one step, (batch, 1), and keys and values.

        last: one-hot, which of the steps, (1, steps, 1); the others as for a block.
        """
        H, kept = self.embedding(X), []
        for i, blk in enumerate(self.blks):
            cache = caches[2 * i : 2 * i + 2]
            H, keys, values = blk(H, turns, masked, is_new, *cache)
            kept += [keys, values]
        H = F.np.sum(self.norm(H) * last, axis=1)
        new = F.np.argmax(self.head(H), axis=-1).astype("int32")
        return [F.np.expand_dims(new, 1), *kept]

    def tables(self, max_len):
        """Cosines and sines of all positions, and what hides later steps."""
        exponents = onp.arange(0, self.head_size, 2) / self.head_size
        angles = onp.arange(max_len)[:, None] / 10000.0**exponents
        turns = onp.stack([onp.cos(angles), onp.sin(angles)])[..., None]
        masked = onp.triu(onp.full((max_len, max_len), -1e9), 1)
        parts = turns, masked, onp.eye(max_len)
        return tuple(np.array(part, dtype="float32") for part in parts)


def make_network(weights, num_heads, num_blks):
    """The network with the weights of ours."""
    width = len(weights["blks.0.ffn.gate.weight"])
    network = GPT((*weights["embedding.weight"].shape, width), num_heads, num_blks)
    network.initialize()
    for name in ("embedding", "norm", "head"):
        fill(getattr(network, name), weights, name)
    for i, blk in enumerate(network.blks):
        for name in ("norm1", "norm2"):
            fill(getattr(blk, name), weights, f"blks.{i}.{name}")
        for name in ("W_q", "W_k", "W_v", "W_o"):
            fill(getattr(blk, name), weights, f"blks.{i}.attention.{name}")
        for name in ("gate", "dense1", "dense2"):
            fill(getattr(blk, name), weights, f"blks.{i}.ffn.{name}")
    network.hybridize(static_alloc=True, static_shape=True)
    return network


def generate(network, prefix, num_tokens):
    """The prefix and `num_tokens` more tokens, everything computed anew each time."""
    batch, length = prefix.shape
    max_len = length + num_tokens
    turns, masked, places = network.tables(max_len)
    tokens = np.zeros((batch, max_len), dtype="int32")
    tokens[:, :length] = prefix
    for i in range(length, max_len):
        last = places[i - 1].reshape(1, max_len, 1)
        new, *_ = network(tokens, last, turns, masked, places[0])
        tokens[:, i : i + 1] = new
    return tokens


def generate_cached(network, prefix, num_tokens):
    """The same, with the keys and values of earlier steps kept.

    Token by token through the prefix, too, so that there is one shape.
    """
    batch, length = prefix.shape
    max_len = length + num_tokens
    turns, masked, places = network.tables(max_len)
    shape = batch * network.num_heads, max_len, network.head_size
    caches = [np.zeros(shape) for _ in range(2 * len(network.blks))]
    found, last = [prefix], np.ones((1, 1, 1))
    for i in range(max_len - 1):
        X = prefix[:, i : i + 1] if i < length else found[-1]
        now = slice(i, i + 1)
        is_new = places[i].reshape(max_len, 1)
        step = turns[:, now], masked[now], is_new
        new, *caches = network(X, last, *step, *caches)
        if i >= length - 1:
            found.append(new)
    return np.concatenate(found, axis=1)
