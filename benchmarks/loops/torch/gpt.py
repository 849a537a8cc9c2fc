"""A GPT in plain PyTorch that continues a text greedily."""

import torch
from torch import nn
from torch.nn import functional as F

EPSILON = 1e-5


class Block(nn.Module):
    """Rotary attention and SwiGLU, each after a normalisation; no biases."""

    def __init__(self, num_hiddens, width, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.norm1 = nn.RMSNorm(num_hiddens, eps=EPSILON)
        self.qkv = nn.Linear(num_hiddens, 3 * num_hiddens, bias=False)
        self.out = nn.Linear(num_hiddens, num_hiddens, bias=False)
        self.norm2 = nn.RMSNorm(num_hiddens, eps=EPSILON)
        self.gate_and_up = nn.Linear(num_hiddens, 2 * width, bias=False)
        self.down = nn.Linear(width, num_hiddens, bias=False)

    def forward(self, X, turns, cache=None, length=0):
        """X: (batch, steps, num_hiddens); returns the same shape.

        turns: cosines and sines of the steps' angles; cache: keys and values of
        all positions, of which `length` are filled.
        """
        batch, steps, _ = X.shape
        heads = self.qkv(self.norm1(X)).view(batch, steps, 3, self.num_heads, -1)
        queries, keys, values = heads.permute(2, 0, 3, 1, 4)
        queries, keys = turned(queries, turns), turned(keys, turns)
        if cache is not None:
            cache[0][:, :, length : length + steps] = keys
            cache[1][:, :, length : length + steps] = values
            keys, values = (part[:, :, : length + steps] for part in cache)
        # A single new step may see all the steps before it.
        seen = F.scaled_dot_product_attention(
            queries, keys, values, is_causal=steps > 1
        )
        X = X + self.out(seen.transpose(1, 2).reshape(X.shape))
        gate, up = self.gate_and_up(self.norm2(X)).chunk(2, dim=-1)
        return X + self.down(F.silu(gate) * up)


class GPT(nn.Module):
    """Embeddings, blocks, a normalisation, and logits."""

    def __init__(self, vocab_size, num_hiddens, width, num_heads, num_blks, max_len):
        super().__init__()
        self.max_len, self.num_heads = max_len, num_heads
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.blks = nn.ModuleList(
            Block(num_hiddens, width, num_heads) for _ in range(num_blks)
        )
        self.norm = nn.RMSNorm(num_hiddens, eps=EPSILON)
        self.head = nn.Linear(num_hiddens, vocab_size, bias=False)
        self.head_size = num_hiddens // num_heads
        exponents = torch.arange(0, self.head_size, 2) / self.head_size
        angles = torch.arange(max_len)[:, None] / 10000.0**exponents
        self.cos, self.sin = angles.cos(), angles.sin()

    def forward(self, X, caches=None, length=0):
        """X: (batch, steps); returns the logits after the last step, (batch, vocab)."""
        now = slice(length, length + X.shape[1])
        turns = self.cos[now], self.sin[now]
        H = self.embedding(X)
        for i, blk in enumerate(self.blks):
            H = blk(H, turns, caches and caches[i], length)
        return self.head(self.norm(H[:, -1]))

    def empty_caches(self, batch, max_len):
        """For each block the keys and the values, (batch, heads, max_len, size)."""
        shape = batch, self.num_heads, max_len, self.head_size
        return [(torch.empty(shape), torch.empty(shape)) for _ in self.blks]


def turned(X, turns):
    """Pairs of neighbouring features, turned by the angle of their position."""
    cos, sin = turns
    even, odd = X[..., 0::2], X[..., 1::2]
    pairs = torch.stack([even * cos - odd * sin, even * sin + odd * cos], dim=-1)
    return pairs.flatten(-2)


def make_network(weights, num_heads, num_blks, max_len=1024):
    """The network with the weights of ours."""
    tensors = {name: torch.tensor(value) for name, value in weights.items()}
    vocab_size, num_hiddens = weights["embedding.weight"].shape
    width = len(weights["blks.0.ffn.dense1.weight"])
    network = GPT(vocab_size, num_hiddens, width, num_heads, num_blks, max_len)
    joined = {
        "qkv": ("attention.W_q", "attention.W_k", "attention.W_v"),
        "out": ("attention.W_o",),
        "gate_and_up": ("ffn.gate", "ffn.dense1"),
        "down": ("ffn.dense2",),
        "norm1": ("norm1",),
        "norm2": ("norm2",),
    }
    own = {k: v for k, v in tensors.items() if not k.startswith("blks.")}
    for i in range(num_blks):
        for theirs, ours in joined.items():
            parts = [tensors[f"blks.{i}.{name}.weight"] for name in ours]
            own[f"blks.{i}.{theirs}.weight"] = torch.cat(parts)
    network.load_state_dict(own)
    return network.eval()


@torch.inference_mode()
def generate(network, prefix, num_tokens):
    """The prefix and `num_tokens` more tokens, everything computed anew each time."""
    tokens = prefix
    for _ in range(num_tokens):
        new = network(tokens).argmax(dim=-1, keepdim=True)
        tokens = torch.cat([tokens, new], dim=1)
    return tokens


@torch.inference_mode()
def generate_cached(network, prefix, num_tokens):
    """The same, with the keys and values of earlier steps kept."""
    batch, length = prefix.shape
    caches = network.empty_caches(batch, length + num_tokens)
    found, new, length = [prefix], prefix, 0
    for _ in range(num_tokens):
        logits = network(new, caches, length)
        length += new.shape[1]
        new = logits.argmax(dim=-1, keepdim=True)
        found.append(new)
    return torch.cat(found, dim=1)
