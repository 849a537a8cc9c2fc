"""A Transformer encoder of PyTorch's own layers."""

import math

import torch
from torch import nn

#: Our names of a block's tensors, and PyTorch's.
NAMES = {
    "attention.W_o": "self_attn.out_proj",
    "ffn.dense1": "linear1",
    "ffn.dense2": "linear2",
    "addnorm1.ln": "norm1",
    "addnorm2.ln": "norm2",
}


class Encoder(nn.Module):
    """Embeddings, sinusoids, encoder layers, and a dense layer for each token."""

    def __init__(self, sizes, num_heads, num_blks, max_len=1000):
        super().__init__()
        vocab_size, num_hiddens, ffn_num_hiddens, num_outputs = sizes
        self.scale = math.sqrt(num_hiddens)
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        rates = torch.exp(
            torch.arange(0, num_hiddens, 2) * (-math.log(10000.0) / num_hiddens)
        )
        angles = torch.arange(max_len)[:, None] * rates
        pairs = torch.stack([angles.sin(), angles.cos()], dim=-1)
        self.register_buffer("positions", pairs.flatten(1))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                num_hiddens, num_heads, ffn_num_hiddens, dropout=0, batch_first=True
            )
            for _ in range(num_blks)
        )
        self.head = nn.Linear(num_hiddens, num_outputs)

    def forward(self, X):
        """X: tokens, (batch, steps); returns logits, (batch, steps, num_outputs)."""
        H = self.embedding(X) * self.scale + self.positions[: X.shape[1]]
        for layer in self.layers:
            H = layer(H)
        return self.head(H)


def make_network(weights, num_heads, num_blks):
    """The encoder with the weights of ours."""
    vocab_size, num_hiddens = weights["encoder.embedding.weight"].shape
    ffn_num_hiddens = len(weights["encoder.blks.0.ffn.dense1.weight"])
    num_outputs = len(weights["head.weight"])
    sizes = vocab_size, num_hiddens, ffn_num_hiddens, num_outputs
    network = Encoder(sizes, num_heads, num_blks)
    tensors = {name: torch.tensor(value) for name, value in weights.items()}
    named = {"embedding.weight": tensors["encoder.embedding.weight"]}
    for kind in ("weight", "bias"):
        named[f"head.{kind}"] = tensors[f"head.{kind}"]
        for i in range(num_blks):
            block = f"encoder.blks.{i}"
            for ours, theirs in NAMES.items():
                named[f"layers.{i}.{theirs}.{kind}"] = tensors[f"{block}.{ours}.{kind}"]
            projections = [tensors[f"{block}.attention.W_{x}.{kind}"] for x in "qkv"]
            named[f"layers.{i}.self_attn.in_proj_{kind}"] = torch.cat(projections)
    named["positions"] = network.positions
    network.load_state_dict(named)
    return network
