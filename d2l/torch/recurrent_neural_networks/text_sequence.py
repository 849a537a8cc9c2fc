"""Text as sequences of tokens."""

from d2l.common.text.bpe import BPETokenizer
from d2l.common.text.texts import (
    check_tokenization,
    only_letters,
    print_wrapped,
    read_text,
    windows,
)
from d2l.common.text.vocab import Vocab

from ..linear_regression.oo_design import DataModule

__all__ = ["BPETokenizer", "TimeMachine", "Vocab", "print_wrapped"]


class TimeMachine(DataModule):
    """Batches (X, Y) of stretches of a text and what follows each of their tokens.

    X and Y: (batch, num_steps), Y one token further on; validation stretches follow
    the training ones. tokenization: "char" for characters, of which small letters
    and spaces are left, or "bpe" for byte-pair encoding of the text as it is, with
    at most `vocab_size` tokens. source: "time_machine" for The Time Machine by
    H. G. Wells (1895), "tiny_shakespeare", or "small" for a story that needs no
    download.
    """

    def __init__(
        self,
        batch_size,
        num_steps,
        num_train=10000,
        num_val=5000,
        tokenization="char",
        vocab_size=1024,
        *,
        source="time_machine",
    ):
        super().__init__()
        check_tokenization(tokenization)
        self.save_hyperparameters(ignore=["vocab_size"])
        self.max_vocab_size = vocab_size
        corpus, self.vocab = self.build(self._download())
        self.X, self.Y = windows(corpus, num_steps, num_train + num_val)

    @property
    def vocab_size(self):
        """The number of different tokens."""
        return len(self.vocab)

    def build(self, raw_text, vocab=None):
        """The text's token indices, and the vocabulary, made unless it is given."""
        text = self._preprocess(raw_text)
        if self.tokenization == "bpe":
            vocab = vocab or BPETokenizer(self.max_vocab_size).train(text)
            return vocab.encode(text), vocab
        tokens = self._tokenize(text)
        vocab = vocab or Vocab(tokens)
        return vocab[tokens], vocab

    def get_dataloader(self, train):
        """The first `num_train` stretches, shuffled, or the `num_val` after them."""
        end = self.num_train + self.num_val
        indices = slice(0, self.num_train) if train else slice(self.num_train, end)
        return self.get_tensorloader([self.X, self.Y], train, indices)

    def _download(self):
        return read_text(self.source, self.root)

    def _preprocess(self, text):
        return only_letters(text) if self.tokenization == "char" else text

    def _tokenize(self, text):
        return list(text)
