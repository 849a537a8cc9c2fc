"""Sentences and their translations, as a data module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from d2l.common.data.data_module import DataModuleBase
from d2l.common.text.translation import preprocess, read_pairs, to_arrays, tokenize
from d2l.common.text.vocab import Vocab


class MTFraEngBase(DataModuleBase):
    """Batches (src, tgt, src_valid_len, label) of sentences and their translations.

    src, tgt, label: (batch, num_steps), indices in `src_vocab` and `tgt_vocab`, where
        sentences are cut or filled with "<pad>" to that length. tgt begins with
        "<bos>", label is tgt one token further on.
    src_valid_len: (batch,), how many tokens of src are not "<pad>".

    batch_size: how many pairs are in a batch.
    num_steps: the tokens of a sentence.
    num_train, num_val: how many pairs there are to train and to validate.
    source: "fra_eng" for 167,130 English sentences with French translations, "cmn_eng"
        for 20,133 with Chinese ones, or "small" and "cmn_small" for a few hundred that
        need no download.
    """

    #: Makes a framework's tensor of an array.
    as_tensor: Callable[[Any], Any]

    def __init__(
        self,
        batch_size: int,
        num_steps: int = 9,
        num_train: int = 512,
        num_val: int = 128,
        *,
        source: str = "fra_eng",
    ):
        super().__init__()
        self.save_hyperparameters()
        built = self._build_arrays(self._download())
        self.arrays, self.src_vocab, self.tgt_vocab = built

    @property
    def src_vocab_size(self) -> int:
        """The number of different tokens of the source language."""
        return len(self.src_vocab)

    @property
    def tgt_vocab_size(self) -> int:
        """The number of different tokens of the target language."""
        return len(self.tgt_vocab)

    @property
    def tgt_pad(self) -> int:
        """The index of "<pad>" in the target vocabulary."""
        return self.tgt_vocab["<pad>"]

    def build(self, src_sentences: list[str], tgt_sentences: list[str]) -> Any:
        """Make a batch of sentences and translations, by the vocabularies at hand."""
        pairs = zip(src_sentences, tgt_sentences, strict=True)
        raw_text = "\n".join(f"{src}\t{tgt}" for src, tgt in pairs)
        return self._build_arrays(raw_text, self.src_vocab, self.tgt_vocab)[0]

    def get_dataloader(self, train: bool) -> Any:
        """Load the training pairs, shuffled, or those after them."""
        end = self.num_train + self.num_val
        indices = slice(0, self.num_train) if train else slice(self.num_train, end)
        return self.get_tensorloader(self.arrays, train, indices)

    def _download(self) -> str:
        return read_pairs(self.source, self.num_train + self.num_val, self.root)

    def _preprocess(self, text: str) -> str:
        return preprocess(text)

    def _tokenize(self, text: str, max_examples: int | None = None) -> Any:
        return tokenize(text, max_examples)

    def _build_arrays(
        self,
        raw_text: str,
        src_vocab: Vocab | None = None,
        tgt_vocab: Vocab | None = None,
    ) -> tuple[Any, ...]:
        num_examples = self.num_train + self.num_val
        src, tgt = self._tokenize(self._preprocess(raw_text), num_examples)
        arrays, *vocabs = to_arrays(src, tgt, self.num_steps, src_vocab, tgt_vocab)
        return tuple(map(self.as_tensor, arrays)), *vocabs
