"""A Transformer encoder of Gluon's own layers, as one graph."""

import math

import numpy as onp
from mxnet import np
from mxnet.gluon import nn


class Block(nn.HybridBlock):
    """Self-attention and two dense layers, normalised after each sum."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.scale = math.sqrt(num_hiddens // num_heads)
        sizes = {"flatten": False, "in_units": num_hiddens}
        self.W_q, self.W_k, self.W_v, self.W_o = (
            nn.Dense(num_hiddens, **sizes) for _ in range(4)
        )
        self.dense1 = nn.Dense(ffn_num_hiddens, activation="relu", **sizes)
        self.dense2 = nn.Dense(num_hiddens, flatten=False, in_units=ffn_num_hiddens)
        self.ln1 = nn.LayerNorm(in_channels=num_hiddens)
        self.ln2 = nn.LayerNorm(in_channels=num_hiddens)

    def heads(self, F, X):
        """From (batch, steps, num_hiddens) to (batch * heads, steps, size)."""
        X = F.npx.reshape(X, (-2, -2, -6, self.num_heads, -1))
        return F.npx.reshape(F.np.transpose(X, (0, 2, 1, 3)), (-5, -2, -2))

    def hybrid_forward(self, F, X):
        """X: (batch, steps, num_hiddens); returns the same shape."""
        queries, keys, values = (
            self.heads(F, W(X)) for W in (self.W_q, self.W_k, self.W_v)
        )
        scores = F.npx.batch_dot(queries, keys, transpose_b=True) / self.scale
        seen = F.npx.batch_dot(F.npx.softmax(scores), values)
        seen = F.npx.reshape(seen, (-6, -1, self.num_heads, -2, -2))
        seen = F.npx.reshape(F.np.transpose(seen, (0, 2, 1, 3)), (-2, -2, -5))
        X = self.ln1(X + self.W_o(seen))
        return self.ln2(X + self.dense2(self.dense1(X)))


class Encoder(nn.HybridBlock):
    """Embeddings, sinusoids, blocks, and a dense layer for each token."""

    def __init__(self, sizes, num_heads, num_blks, num_steps):
        super().__init__()
        vocab_size, num_hiddens, ffn_num_hiddens, num_outputs = sizes
        self.scale = math.sqrt(num_hiddens)
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        exponents = onp.arange(0, num_hiddens, 2) / num_hiddens
        angles = onp.arange(num_steps)[:, None] / 10000.0**exponents
        pairs = onp.stack([onp.sin(angles), onp.cos(angles)], axis=-1)
        table = np.array(pairs.reshape(1, num_steps, num_hiddens), dtype="float32")
        self.positions = self.params.get_constant("positions", table)
        self.blks = nn.HybridSequential()
        for _ in range(num_blks):
            self.blks.add(Block(num_hiddens, ffn_num_hiddens, num_heads))
        self.head = nn.Dense(num_outputs, flatten=False, in_units=num_hiddens)

    def hybrid_forward(self, F, X, positions):
        """X: tokens, (batch, steps); returns logits, (batch, steps, num_outputs)."""
        H = self.embedding(X) * self.scale + positions
        return self.head(self.blks(H))


def make_network(weights, num_heads, num_blks, num_steps=32):
    """The encoder with the weights of ours."""
    vocab_size, num_hiddens = weights["encoder.embedding.weight"].shape
    ffn_num_hiddens = len(weights["encoder.blks.0.ffn.dense1.bias"])
    num_outputs = len(weights["head.bias"])
    sizes = vocab_size, num_hiddens, ffn_num_hiddens, num_outputs
    network = Encoder(sizes, num_heads, num_blks, num_steps)
    network.initialize()
    fill(network.embedding, weights, "encoder.embedding")
    fill(network.head, weights, "head")
    for i, block in enumerate(network.blks):
        for ours in ("W_q", "W_k", "W_v", "W_o"):
            fill(getattr(block, ours), weights, f"encoder.blks.{i}.attention.{ours}")
        for ours in ("dense1", "dense2"):
            fill(getattr(block, ours), weights, f"encoder.blks.{i}.ffn.{ours}")
        for j, norm in enumerate((block.ln1, block.ln2), 1):
            fill(norm, weights, f"encoder.blks.{i}.addnorm{j}.ln")
    return network


def fill(layer, weights, name):
    """Put our weights into one of Gluon's layers."""
    is_norm = isinstance(layer, nn.LayerNorm)
    weight, bias = ("gamma", "beta") if is_norm else ("weight", "bias")
    getattr(layer, weight).set_data(np.array(weights[f"{name}.weight"]))
    if f"{name}.bias" in weights:
        getattr(layer, bias).set_data(np.array(weights[f"{name}.bias"]))
