"""Text as sequences of tokens."""

from d2l.common.text import only_letters, read_text, windows
from d2l.common.vocab import Vocab

from ..linear_regression.oo_design import DataModule

__all__ = ["TimeMachine", "Vocab"]


class TimeMachine(DataModule):
    """Batches (X, Y) of stretches of a text and what follows each of their tokens.

    X and Y: (batch, num_steps), Y one token further on. The tokens are characters;
    validation stretches follow the training ones. source: "time_machine" for The
    Time Machine by H. G. Wells (1895), "tiny_shakespeare", or "small" for a story
    that needs no download.
    """

    def __init__(
        self,
        batch_size,
        num_steps,
        num_train=10000,
        num_val=5000,
        *,
        source="time_machine",
    ):
        super().__init__()
        self.save_hyperparameters()
        corpus, self.vocab = self.build(self._download())
        self.X, self.Y = windows(corpus, num_steps, num_train + num_val)

    @property
    def vocab_size(self):
        """The number of different tokens."""
        return len(self.vocab)

    def build(self, raw_text, vocab=None):
        """The text's token indices, and the vocabulary, made unless it is given."""
        tokens = self._tokenize(self._preprocess(raw_text))
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
        return only_letters(text)

    def _tokenize(self, text):
        return list(text)
