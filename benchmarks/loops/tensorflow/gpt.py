"""A GPT in plain TensorFlow that continues a text greedily.

Tokens, keys and values have room for all steps from the start, so that everything
is compiled once.
"""

import math

import numpy as np
import tensorflow as tf


def norm(X, weight):
    """Features divided by their root mean square."""
    square = tf.reduce_mean(X * X, axis=-1, keepdims=True)
    return X * tf.math.rsqrt(square + 1e-5) * weight


def turned(X, positions):
    """Pairs of neighbouring features turned; X: (batch, heads, steps, size)."""
    size = X.shape[-1]
    rates = tf.constant(10000.0 ** -(np.arange(0, size, 2) / size), tf.float32)
    angles = tf.cast(positions, tf.float32)[:, None] * rates
    cos, sin = tf.cos(angles), tf.sin(angles)
    even, odd = X[..., 0::2], X[..., 1::2]
    pairs = tf.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return tf.reshape(pairs, tf.shape(X))


class GPT(tf.Module):
    """The network, and the steps of generation, compiled.

    weights: ours, matrices with their inputs first.
    """

    def __init__(self, weights, num_heads, num_blks):
        super().__init__()
        self.num_heads, self.num_blks = num_heads, num_blks
        self.weights = {
            name: tf.Variable(value.T if "embedding" not in name else value)
            for name, value in weights.items()
        }

    def heads(self, X, name):
        """A projection of X, (batch, heads, steps, size)."""
        batch, steps, size = X.shape
        X = self.dense(X, name)
        shape = batch, steps, self.num_heads, size // self.num_heads
        return tf.transpose(tf.reshape(X, shape), (0, 2, 1, 3))

    def dense(self, X, name):
        """A dense layer without bias."""
        return tf.linalg.matmul(X, self.weights[f"{name}.weight"])

    def attend(self, X, positions, cache, name):
        """Attention of the steps of X to those in the cache up to themselves."""
        queries, keys, values = (self.heads(X, f"{name}.W_{x}") for x in "qkv")
        queries, keys = turned(queries, positions), turned(keys, positions)
        if cache is not None:
            for kept, new in zip(cache, (keys, values), strict=True):
                kept[:, :, positions[0] : positions[-1] + 1].assign(new)
            keys, values = (tf.convert_to_tensor(kept) for kept in cache)
        scores = tf.linalg.matmul(queries, keys, transpose_b=True)
        is_seen = tf.range(keys.shape[2]) <= positions[:, None]
        scores = tf.where(is_seen, scores / math.sqrt(queries.shape[-1]), -1e9)
        seen = tf.linalg.matmul(tf.nn.softmax(scores), values)
        seen = tf.reshape(tf.transpose(seen, (0, 2, 1, 3)), X.shape)
        return self.dense(seen, f"{name}.W_o")

    def forward(self, X, start, caches=None):
        """What the last block returns, (batch, steps, num_hiddens)."""
        positions = start + tf.range(X.shape[1])
        H = tf.gather(self.weights["embedding.weight"], X)
        for i in range(self.num_blks):
            name = f"blks.{i}"
            Y = norm(H, self.weights[f"{name}.norm1.weight"])
            cache = caches and caches[i]
            H += self.attend(Y, positions, cache, f"{name}.attention")
            Y = norm(H, self.weights[f"{name}.norm2.weight"])
            gate = tf.nn.silu(self.dense(Y, f"{name}.ffn.gate"))
            Y = gate * self.dense(Y, f"{name}.ffn.dense1")
            H += self.dense(Y, f"{name}.ffn.dense2")
        return norm(H, self.weights["norm.weight"])

    def next_token(self, H):
        """The likeliest token after H, (batch, num_hiddens)."""
        return tf.argmax(self.dense(H, "head"), axis=-1, output_type=tf.int32)

    @tf.function
    def extend(self, tokens, length):
        """The token after the first `length`."""
        return self.next_token(self.forward(tokens, 0)[:, length - 1])

    @tf.function
    def next_step(self, X, start, caches):
        """The token after X, (batch, 1)."""
        return self.next_token(self.forward(X, start, caches)[:, -1])[:, None]


def make_network(weights, num_heads, num_blks):
    """The network with the weights of ours."""
    return GPT(weights, num_heads, num_blks)


def generate(network, prefix, num_tokens):
    """The prefix and `num_tokens` more tokens, everything computed anew each time."""
    batch, length = prefix.shape
    tokens = np.zeros((batch, length + num_tokens), np.int32)
    tokens[:, :length] = prefix
    for i in range(length, length + num_tokens):
        tokens[:, i] = network.extend(tf.constant(tokens), tf.constant(i))
    return tf.constant(tokens)


def generate_cached(network, prefix, num_tokens):
    """The same, with the keys and values of earlier steps kept."""
    batch, length = prefix.shape
    caches = caches_of(network, batch, length + num_tokens)
    found, new, start = [prefix], prefix, 0
    for _ in range(num_tokens):
        following = network.next_step(new, tf.constant(start), caches)
        start += new.shape[1]
        new = following
        found.append(new)
    return tf.concat(found, axis=1)


def caches_of(network, batch, max_len):
    """For each block keys and values, made once: a step is compiled for them."""
    size = network.weights["norm.weight"].shape[0] // network.num_heads
    shape = batch, network.num_heads, max_len, size
    if not hasattr(network, "caches"):
        network.caches = [
            (tf.Variable(tf.zeros(shape)), tf.Variable(tf.zeros(shape)))
            for _ in range(network.num_blks)
        ]
    return network.caches
