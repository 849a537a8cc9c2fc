"""Pairs of sentences in two languages."""

import jax.numpy as jnp

from d2l.common.text.translation import (
    preprocess,
    read_pairs,
    show_list_len_pair_hist,
    to_arrays,
    tokenize,
)

from ..linear_regression.oo_design import DataModule

__all__ = ["MTFraEng", "show_list_len_pair_hist"]


class MTFraEng(DataModule):
    """Batches (src, tgt, src_valid_len, label) of sentences and their translations.

    src, tgt and label: (batch, num_steps), indices in `src_vocab` and `tgt_vocab`;
    sentences are cut or filled with "<pad>" to that length. tgt begins with
    "<bos>", label is tgt one token further on. src_valid_len: (batch,), the
    tokens of src that are not "<pad>".

    source: "fra_eng" for 167,130 English sentences with French translations,
    "cmn_eng" for 20,133 with Chinese ones, or "small" and "cmn_small" for a few
    hundred that need no download.
    """

    def __init__(
        self, batch_size, num_steps=9, num_train=512, num_val=128, *, source="fra_eng"
    ):
        super().__init__()
        self.save_hyperparameters()
        built = self._build_arrays(self._download())
        self.arrays, self.src_vocab, self.tgt_vocab = built

    @property
    def src_vocab_size(self):
        """The number of different tokens of the source language."""
        return len(self.src_vocab)

    @property
    def tgt_vocab_size(self):
        """The number of different tokens of the target language."""
        return len(self.tgt_vocab)

    @property
    def tgt_pad(self):
        """The index of "<pad>" in the target vocabulary."""
        return self.tgt_vocab["<pad>"]

    def build(self, src_sentences, tgt_sentences):
        """Sentences and their translations as a batch, by the vocabularies at hand."""
        pairs = zip(src_sentences, tgt_sentences, strict=True)
        raw_text = "\n".join(f"{src}\t{tgt}" for src, tgt in pairs)
        return self._build_arrays(raw_text, self.src_vocab, self.tgt_vocab)[0]

    def get_dataloader(self, train):
        """The first `num_train` pairs, shuffled, or the `num_val` after them."""
        end = self.num_train + self.num_val
        indices = slice(0, self.num_train) if train else slice(self.num_train, end)
        return self.get_tensorloader(self.arrays, train, indices)

    def _download(self):
        return read_pairs(self.source, self.num_train + self.num_val, self.root)

    def _preprocess(self, text):
        return preprocess(text)

    def _tokenize(self, text, max_examples=None):
        return tokenize(text, max_examples)

    def _build_arrays(self, raw_text, src_vocab=None, tgt_vocab=None):
        num_examples = self.num_train + self.num_val
        src, tgt = self._tokenize(self._preprocess(raw_text), num_examples)
        arrays, *vocabs = to_arrays(src, tgt, self.num_steps, src_vocab, tgt_vocab)
        return tuple(map(jnp.asarray, arrays)), *vocabs
