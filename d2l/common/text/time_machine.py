"""Stretches of a text, and what follows each of their tokens, as a data module."""

from __future__ import annotations

from typing import Any

from d2l.common.data.data_module import DataModuleBase
from d2l.common.text.bpe import BPETokenizer
from d2l.common.text.texts import (
    check_tokenization,
    only_letters,
    read_text,
    windows,
)
from d2l.common.text.vocab import Vocab


class TimeMachineBase(DataModuleBase):
    """Batches (X, Y) of stretches of a text and what follows each of their tokens.

    X and Y: (batch, num_steps), Y one token further on; validation stretches follow
        the training ones.

    batch_size: how many stretches are in a batch.
    num_steps: the tokens of a stretch.
    num_train, num_val: how many stretches there are to train and to validate.
    tokenization: "char" for characters, of which small letters and spaces are left, or
        "bpe" for byte-pair encoding of the text as it is.
    vocab_size: how many tokens byte-pair encoding may learn at most.
    source: "time_machine" for The Time Machine by H. G. Wells (1895),
        "tiny_shakespeare", or "small" for a story that needs no download.
    """

    def __init__(
        self,
        batch_size: int,
        num_steps: int,
        num_train: int = 10000,
        num_val: int = 5000,
        tokenization: str = "char",
        vocab_size: int = 1024,
        *,
        source: str = "time_machine",
    ):
        super().__init__()
        check_tokenization(tokenization)
        self.save_hyperparameters(ignore=["vocab_size"])
        self.max_vocab_size = vocab_size
        corpus, self.vocab = self.build(self._download())
        self.X, self.Y = windows(corpus, num_steps, num_train + num_val)

    @property
    def vocab_size(self) -> int:
        """The number of different tokens."""
        return len(self.vocab)

    def build(self, raw_text: str, vocab: Any = None) -> tuple[Any, Any]:
        """Return the text's token indices and its vocabulary, made unless given."""
        text = self._preprocess(raw_text)
        if self.tokenization == "bpe":
            vocab = vocab or BPETokenizer(self.max_vocab_size).train(text)
            return vocab.encode(text), vocab
        tokens = self._tokenize(text)
        vocab = vocab or Vocab(tokens)
        return vocab[tokens], vocab

    def get_dataloader(self, train: bool) -> Any:
        """Load the training stretches, shuffled, or those after them."""
        end = self.num_train + self.num_val
        indices = slice(0, self.num_train) if train else slice(self.num_train, end)
        return self.get_tensorloader([self.X, self.Y], train, indices)

    def _download(self) -> str:
        return read_text(self.source, self.root)

    def _preprocess(self, text: str) -> str:
        return only_letters(text) if self.tokenization == "char" else text

    def _tokenize(self, text: str) -> list[str]:
        return list(text)
