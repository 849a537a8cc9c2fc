"""A language model in the manner of GPT (Radford et al., 2018)."""

import numpy as np
import torch
from torch import nn

from d2l.common.text.decoding import check_prefix, sample_next, takes_likeliest

from ..inference import inference
from ..layers import Dropout
from ..linear_classification.classification import Classifier
from ..optimizers import adam
from .multihead_attention import MultiHeadAttention
from .self_attention_and_positional_encoding import (
    LearnedPositionalEncoding,
    PositionalEncoding,
    rope,
)
from .transformer_block import TransformerBlock, make_norm


class CausalAttention(MultiHeadAttention):
    """Multi-head self-attention that does not look ahead.

    rope: whether queries and keys are turned by their positions.
    """

    def __init__(self, num_hiddens, num_heads, dropout=0, bias=False, rope=False):
        super().__init__(num_hiddens, num_heads, dropout, bias)
        self.rope = rope

    def forward(self, queries, keys, values, valid_lens=None, cache=None):
        """Three times the same (batch, steps, size); returns (batch, steps, hiddens).

        valid_lens: of padded sequences, (batch,) or None.
        cache: a `KVCache` of earlier steps, to which these steps are added.
        """
        offset = 0 if cache is None else cache.length
        queries = self.transpose_qkv(self.W_q(queries))
        keys = self.transpose_qkv(self.W_k(keys))
        values = self.transpose_qkv(self.W_v(values))
        if self.rope:
            # Both at once; grouped queries are more than keys.
            turned = rope(torch.cat([queries, keys]), offset)
            queries, keys = turned.tensor_split([len(queries)])
        if cache is not None:
            keys, values = cache.extend(keys, values)
        output = self.attend(queries, keys, values, valid_lens)
        return self.W_o(self.transpose_output(output))

    def attend(self, queries, keys, values, valid_lens):
        """The heads' averages of values, (batch * num_heads, steps, head_size).

        queries, keys, values: (batch * num_heads, steps, head_size), the last query
            being the last key's.
        valid_lens: (batch,) or None.
        """
        steps, last = queries.shape[1], keys.shape[1] + 1
        if steps == 1 and valid_lens is None:
            return self.attention(queries, keys, values)  # which sees all the keys
        # The first query sees itself and what the cache holds.
        lens = torch.arange(last - steps, last, device=queries.device)[None]
        if valid_lens is not None:
            valid_lens = valid_lens.repeat_interleave(self.num_heads)
            lens = torch.minimum(lens, valid_lens[:, None])
        return self.attention(queries, keys, values, lens)


def choose_tokens(logits, temperature, top_k, rng):
    """The next token of each sequence, (batch, 1).

    logits: (batch, vocab).
    temperature: 0 for the likeliest.
    top_k: how many to draw from, or None for all.
    rng: NumPy's generator, so that the same logits give the same tokens in every
        framework.
    """
    if takes_likeliest(temperature, top_k):
        return logits.argmax(dim=-1, keepdim=True)  # the first of equals, as below
    strategy = "sample" if temperature else "greedy"
    return torch.tensor(
        [[sample_next(row, strategy, temperature, k=top_k, rng=rng)] for row in logits]
    )


def _make_positions(pos, num_hiddens, max_len):
    """What adds positions to embeddings; None for "rope", which attention does."""
    if pos == "rope":
        return None
    if pos == "learned":
        return LearnedPositionalEncoding(num_hiddens, dropout=0, max_len=max_len)
    if pos == "sinusoidal":
        return PositionalEncoding(num_hiddens, dropout=0, max_len=max_len)
    raise ValueError(f"pos must be rope, learned or sinusoidal, not {pos!r}")


class GPT(nn.Module):
    """Embeddings, blocks that look back, and logits of the next token.

    max_len: the longest context.
    pos: "rope", "learned" or "sinusoidal".
    dropout: after embeddings and in blocks; the others as in `TransformerBlock`.
    """

    def __init__(
        self,
        vocab_size,
        num_hiddens=256,
        num_heads=8,
        num_blks=6,
        max_len=1024,
        pos="rope",
        norm="rms",
        act="swiglu",
        pre_norm=True,
        bias=False,
        dropout=0,
        attn_factory=None,
        ffn_factory=None,
    ):
        super().__init__()
        self.max_len = max_len
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = _make_positions(pos, num_hiddens, max_len)
        self.dropout = Dropout(dropout)
        attention = num_hiddens, num_heads, dropout, bias, pos == "rope"
        block = num_hiddens, num_heads, dropout, norm, act, pre_norm, bias
        factories = attn_factory or (lambda: CausalAttention(*attention)), ffn_factory
        self.blks = nn.ModuleList(
            TransformerBlock(*block, *factories) for _ in range(num_blks)
        )
        self.norm = make_norm(norm, num_hiddens)
        self.head = nn.LazyLinear(vocab_size, bias=False)

    def forward(self, X, caches=None):
        """Return logits, (batch, steps, vocab_size).

        X: tokens, (batch, steps).

        caches: for each block a `KVCache` of the steps before X.
        """
        caches = caches or [None] * len(self.blks)
        X = self.embedding(X)
        if self.pos_encoding is not None:
            offset = 0 if caches[0] is None else caches[0].length
            X = self.pos_encoding(X, offset)
        X = self.dropout(X)
        for blk, cache in zip(self.blks, caches, strict=True):
            X = blk(X, cache=cache)
        return self.head(self.norm(X))

    def generate(self, prefix, num_tokens, temperature=1.0, top_k=None, *, seed=None):
        """Sequences continued by `num_tokens` tokens, (batch, steps + num_tokens).

        prefix: tokens, (batch, steps), at least one step.
        temperature: 0 takes the likeliest token.
        top_k: draw from that many only.
        seed: of the draws.
        """
        check_prefix(prefix.shape[1])
        rng, tokens = np.random.default_rng(seed), prefix
        with inference(self):
            for _ in range(num_tokens):
                logits = self(tokens[:, -self.max_len :])[:, -1]
                chosen = choose_tokens(logits, temperature, top_k, rng)
                tokens = torch.cat([tokens, chosen.to(tokens)], dim=1)
        return tokens.clone()  # a tensor like any other


class TransformerLM(Classifier):
    """A network that returns logits of next tokens, as a model to train by Adam.

    net: such as `GPT`.
    lr: the learning rate.
    """

    def __init__(self, net, lr=0.001):
        super().__init__()
        self.save_hyperparameters()

    def configure_optimizers(self):
        """Adam."""
        return adam(self, self.lr)
