"""Generation without computing anything twice."""

import numpy as np
import torch
from torch import nn

from d2l.common.text.decoding import check_prefix

from ..inference import inference
from .gpt import CausalAttention, choose_tokens


class KVCache:
    """The keys and values of an attention layer for the steps so far."""

    def __init__(self):
        self.keys = None
        self.values = None

    @property
    def length(self):
        """The number of steps."""
        return 0 if self.keys is None else self.keys.shape[1]

    def extend(self, keys, values):
        """Add steps, (batch * heads, steps, head_size); returns those of all steps."""
        if self.length:
            keys = torch.cat([self.keys, keys], dim=1)
            values = torch.cat([self.values, values], dim=1)
        self.keys, self.values = keys, values
        return keys, values


class GQAAttention(CausalAttention):
    """Grouped queries (Ainslie et al., 2023): several heads share keys and values.

    num_kv_heads: divides num_heads; 1 is multi-query attention (Shazeer, 2019).
    rope: turn queries and keys by their positions.
    causal: do not look ahead.
    """

    def __init__(
        self, num_hiddens, num_heads, num_kv_heads, bias=False, rope=False, causal=True
    ):
        super().__init__(num_hiddens, num_heads, 0, bias, rope)
        if num_heads % num_kv_heads:
            raise ValueError(f"{num_heads} heads cannot share {num_kv_heads}")
        self.num_kv_heads = num_kv_heads
        self.causal = causal
        # Narrower than the queries', and so is what a cache has to keep.
        self.W_k = nn.LazyLinear(num_kv_heads * self.head_size, bias=bias)
        self.W_v = nn.LazyLinear(num_kv_heads * self.head_size, bias=bias)

    def attend(self, queries, keys, values, valid_lens):
        """As in `CausalAttention`.

        keys and values: (batch * num_kv_heads, ...).
        """
        # Heads next to each other share.
        group = self.num_heads // self.num_kv_heads
        keys = keys.repeat_interleave(group, dim=0)
        values = values.repeat_interleave(group, dim=0)
        if self.causal:
            return super().attend(queries, keys, values, valid_lens)
        if valid_lens is not None:
            valid_lens = valid_lens.repeat_interleave(self.num_heads, dim=0)
        return self.attention(queries, keys, values, valid_lens)


def generate_cached(
    model, prefix, num_tokens, temperature=1.0, top_k=None, *, seed=None
):
    """What `model.generate` returns, each step computed once.

    model: a `GPT`, whose `max_len` all tokens together must not exceed; the others
    as in `GPT.generate`.
    """
    check_prefix(prefix.shape[1])
    if prefix.shape[1] + num_tokens > model.max_len:
        raise ValueError(f"a cache holds no more than max_len {model.max_len} tokens")
    rng, tokens = np.random.default_rng(seed), [prefix]
    caches = [KVCache() for _ in model.blks]
    with inference(model):
        for _ in range(num_tokens):
            logits = model(tokens[-1], caches)[:, -1]
            chosen = choose_tokens(logits, temperature, top_k, rng)
            tokens.append(chosen.to(prefix))
    return torch.cat(tokens, dim=1)  # made out here, a tensor like any other
