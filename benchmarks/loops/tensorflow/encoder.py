"""A Transformer encoder of Keras's own layers."""

import math

import keras
import numpy as np
from keras import layers


class Positions(layers.Layer):
    """Adds sines and cosines of the positions to scaled embeddings."""

    def call(self, X):
        """X: (batch, steps, num_hiddens); returns the same shape."""
        _, steps, size = X.shape
        angles = np.arange(steps)[:, None] / 10000.0 ** (np.arange(0, size, 2) / size)
        pairs = np.stack([np.sin(angles), np.cos(angles)], -1).reshape(steps, size)
        return X * math.sqrt(size) + pairs.astype("float32")


def block(X, weights, num_heads):
    """Self-attention and two dense layers, normalised after each sum."""
    size = X.shape[-1]
    attention = layers.MultiHeadAttention(num_heads, size // num_heads)
    norms = [layers.LayerNormalization(epsilon=1e-5) for _ in range(2)]
    dense1 = layers.Dense(len(weights["ffn.dense1.bias"]), activation="relu")
    dense2 = layers.Dense(size)
    H = norms[0](X + attention(X, X))
    Y = norms[1](H + dense2(dense1(H)))
    values = []
    for name in "qkv":
        values.append(
            weights[f"attention.W_{name}.weight"].T.reshape(size, num_heads, -1)
        )
        values.append(weights[f"attention.W_{name}.bias"].reshape(num_heads, -1))
    values.append(weights["attention.W_o.weight"].T.reshape(num_heads, -1, size))
    values.append(weights["attention.W_o.bias"])
    attention.set_weights(values)
    for dense, name in ((dense1, "ffn.dense1"), (dense2, "ffn.dense2")):
        dense.set_weights([weights[f"{name}.weight"].T, weights[f"{name}.bias"]])
    for norm, name in zip(norms, ("addnorm1.ln", "addnorm2.ln"), strict=True):
        norm.set_weights([weights[f"{name}.weight"], weights[f"{name}.bias"]])
    return Y


def make_network(weights, num_heads, num_blks, num_steps=32):
    """The encoder with the weights of ours."""
    table = weights["encoder.embedding.weight"]
    tokens = keras.Input((num_steps,), dtype="int32")
    embedding = layers.Embedding(*table.shape)
    X = Positions()(embedding(tokens))
    embedding.set_weights([table])
    for i in range(num_blks):
        start = f"encoder.blks.{i}."
        own = {k.removeprefix(start): v for k, v in weights.items()}
        X = block(X, own, num_heads)
    head = layers.Dense(len(weights["head.bias"]))
    network = keras.Model(tokens, head(X))
    head.set_weights([weights["head.weight"].T, weights["head.bias"]])
    return network
