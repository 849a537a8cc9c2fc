"""Declarations: attention and Transformers."""


def gaussian(x):
    """The kernel exp(-x^2 / 2)."""


def boxcar(x):
    """The kernel of an open interval."""


def constant(x):
    """The kernel that is 1."""


def epanechikov(x):
    """The triangular kernel."""


def gaussian_with_width(sigma):
    """A Gaussian kernel, as a function."""


def nadaraya_watson(x_train, y_train, x_val, kernel):
    """Kernel regression: estimates and attention weights."""


def masked_softmax(X, valid_lens):
    """Softmax over the first keys of each query."""


class DotProductAttention:
    """Attention by scaled dot products."""

    def __init__(self, dropout):
        """The probability that a weight is dropped."""


class AdditiveAttention:
    """Attention by a small network."""

    def __init__(self, num_hiddens, dropout):
        """The network's hidden units; the probability that a weight is dropped."""


class AttentionDecoder:
    """The base class of decoders that attend."""


class Seq2SeqAttentionDecoder:
    """Recurrent layers that attend to the source."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        """As `Seq2SeqDecoder`."""

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """The state before the first step."""


class MultiHeadAttention:
    """Several attentions side by side."""

    def __init__(self, num_hiddens, num_heads, dropout, bias=False):
        """num_hiddens: of all heads together."""

    def transpose_qkv(self, X):
        """Heads into the batch."""

    def transpose_output(self, X):
        """Heads out of the batch."""


class PositionalEncoding:
    """Sines and cosines of positions."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        """max_len: the number of positions."""


class LearnedPositionalEncoding:
    """A trained vector for each position."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        """max_len: the number of positions."""


def rope(X, offset=0, base=10000.0):
    """Rotary positions."""


class PositionWiseFFN:
    """The same two dense layers at every position."""

    def __init__(self, ffn_num_hiddens, ffn_num_outputs):
        """The sizes of the two."""


class AddNorm:
    """A residual connection, then layer normalisation."""

    def __init__(self, norm_shape, dropout):
        """norm_shape: of what is normalised together."""


class TransformerEncoderBlock:
    """Self-attention and dense layers."""

    def __init__(
        self, num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias=False
    ):
        """use_bias: of attention."""


class TransformerEncoder:
    """Embeddings, positions and blocks."""

    def __init__(
        self,
        vocab_size,
        num_hiddens,
        ffn_num_hiddens,
        num_heads,
        num_blks,
        dropout,
        use_bias=False,
    ):
        """num_blks: the number of blocks; the others as for a block."""


class TransformerDecoderBlock:
    """Attention to the tokens so far, to the source, and dense layers."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        """i: the block's place in the decoder."""


class TransformerDecoder:
    """Embeddings, positions, blocks and logits."""

    def __init__(
        self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, dropout
    ):
        """num_blks: the number of blocks; the others as for a block."""

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """The state before the first step."""


class PatchEmbedding:
    """Images cut into squares, each turned into a vector."""

    def __init__(self, img_size=96, patch_size=16, num_hiddens=512):
        """Sizes in pixels."""


class ViTMLP:
    """Two dense layers with GELU and dropout."""

    def __init__(self, mlp_num_hiddens, mlp_num_outputs, dropout=0.5):
        """The sizes of the two."""


class ViTBlock:
    """A block that normalises before attention and dense layers."""

    def __init__(
        self, num_hiddens, mlp_num_hiddens, num_heads, dropout, use_bias=False
    ):
        """use_bias: of attention."""


class ViT:
    """The vision Transformer."""

    def __init__(
        self,
        img_size,
        patch_size,
        num_hiddens,
        mlp_num_hiddens,
        num_heads,
        num_blks,
        emb_dropout,
        blk_dropout,
        lr=0.1,
        use_bias=False,
        num_classes=10,
    ):
        """Sizes in pixels; dropout after embeddings and in blocks."""


class RMSNorm:
    """Features divided by their root mean square."""

    def __init__(self, num_hiddens, eps=1e-5):
        """eps: added to the mean square."""


class FeedForward:
    """Dense layers at every position."""

    def __init__(self, num_hiddens, act="swiglu", bias=False):
        """act: relu, gelu or swiglu."""


class TransformerBlock:
    """The block of today's language models."""

    def __init__(
        self,
        num_hiddens,
        num_heads,
        dropout=0,
        norm="rms",
        act="swiglu",
        pre_norm=True,
        bias=False,
        attn_factory=None,
        ffn_factory=None,
    ):
        """norm: rms or layer; the factories make other layers."""


class CausalAttention:
    """Multi-head attention that does not look ahead."""

    def __init__(self, num_hiddens, num_heads, dropout=0, bias=False, rope=False):
        """rope: whether positions turn queries and keys."""


class GPT:
    """A language model."""

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
        """pos: rope, learned or sinusoidal."""

    def generate(self, prefix, num_tokens, temperature=1.0, top_k=None):
        """Sequences continued."""


class TransformerLM:
    """A language model to train."""

    def __init__(self, net, lr=0.001):
        """net: from tokens to logits."""


class KVCache:
    """Keys and values of the steps so far."""

    def extend(self, keys, values):
        """Add steps; returns all of them."""


class GQAAttention:
    """Attention whose heads share keys and values."""

    def __init__(
        self, num_hiddens, num_heads, num_kv_heads, bias=False, rope=False, causal=True
    ):
        """num_kv_heads: how many heads there are of keys and values."""


def generate_cached(model, prefix, num_tokens, temperature=1.0, top_k=None):
    """What `GPT.generate` returns, each step computed once."""


def top_k_gates(logits, k):
    """Weights of the experts with the largest logits."""


def load_balancing_loss(logits, k):
    """How unevenly tokens are spread over experts."""


class MoELayer:
    """Feed-forward layers of which each token uses a few."""

    def __init__(self, num_hiddens, num_experts, k=2, act="swiglu", bias=False):
        """k: how many a token uses."""
