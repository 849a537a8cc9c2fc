"""Declarations: text sequence."""


class Vocab:
    """Tokens to indices and back."""

    def __init__(self, tokens=(), min_freq=0, reserved_tokens=()):
        """Of a text, or of a list of sentences."""

    def to_tokens(self, indices):
        """The tokens of indices."""


class TimeMachine:
    """Stretches of a text, and the same one token further on."""

    def __init__(
        self,
        batch_size,
        num_steps,
        num_train=10000,
        num_val=5000,
        tokenization="char",
        vocab_size=1024,
    ):
        """How many stretches of which length, of "char" or "bpe" tokens."""

    def build(self, raw_text, vocab=None):
        """A text's token indices, and the vocabulary."""

    def get_dataloader(self, train):
        """Batches (X, Y)."""


class BPETokenizer:
    """Byte-pair encoding."""

    def __init__(
        self, vocab_size=1024, pattern=None, specials=("<pad>", "<bos>", "<eos>")
    ):
        """At most `vocab_size` tokens; what `pattern` matches is encoded by itself."""

    def train(self, text):
        """Learn tokens from a text."""

    def encode(self, text, allow_special=False):
        """A text's token indices."""

    def decode(self, ids):
        """The text of token indices."""

    def to_tokens(self, ids):
        """The tokens of indices."""

    @staticmethod
    def from_tiktoken(name):
        """A published vocabulary."""


def print_wrapped(*args, width=76):
    """Print with lines broken at `width`."""
