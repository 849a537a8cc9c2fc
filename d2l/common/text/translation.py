"""Pairs of sentences in two languages: reading, tokens, arrays of equal length."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np

from d2l.common.data.catalogue import locate
from d2l.common.errors import DataError, InputError
from d2l.common.text.vocab import Vocab

_DATA_SETS = {
    "fra_eng": "fra_eng",
    "cmn_eng": "cmn_eng",
    "small": "fra_eng_small",
    "cmn_small": "cmn_eng_small",
}
_MEMBER = "fra-eng/fra.txt"
_PAD, _BOS, _EOS = "<pad>", "<bos>", "<eos>"

Sentences = list[list[str]]
#: src, tgt, src_valid_len and label.
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def read_pairs(
    source: str = "fra_eng", count: int = 0, root: str | os.PathLike[str] = "../data"
) -> str:
    """Pairs of sentences, one pair a line, the languages separated by a tab.

    source: "fra_eng" (167,130 English sentences with French translations) or "cmn_eng"
        (20,133 with Chinese ones), downloaded when absent, or "small" and "cmn_small",
        made for this project, that need no network.
    count: how many pairs are needed.
    root: the folder of the data; the default stands for the data folder.

    raises DataError where the pairs cannot be had, InputError where they are
        fewer than `count`.
    """
    if source not in _DATA_SETS:
        known = ", ".join(_DATA_SETS)
        raise DataError(f"There are no pairs {source!r}, only {known}.")
    path = locate(_DATA_SETS[source], root)["pairs"]
    content = _read_member(path) if path.suffix == ".zip" else path.read_bytes()
    text = content.decode("utf-8")
    found = sum("\t" in line for line in text.split("\n"))
    if found < count:
        raise InputError(
            f"{source!r} has {found:,} pairs, but num_train and num_val are "
            f"{count:,} together."
        )
    return text


def _read_member(path: os.PathLike[str]) -> bytes:
    # By its name, in memory: nothing else of the archive is touched.
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(_MEMBER)
    except (KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{os.fspath(path)} cannot be read: {error}.") from error


def preprocess(text: str) -> str:
    """The text in small letters, a space before each of the marks , . ! ?

    Spaces that do not break lines become ordinary ones. Each Chinese character and
    mark is set apart by spaces, for nothing else tells the words there.
    """
    text = text.replace("\u202f", " ").replace("\xa0", " ").lower()
    text = re.sub("(?<=[^ ])([,.!?])", r" \1", text)
    return re.sub("([\u3400-\u9fff，。！？])", r" \1 ", text)


def tokenize(text: str, max_examples: int | None = None) -> tuple[Sentences, Sentences]:
    """The tokens of the sentences of either language, each ending with "<eos>".

    text: preprocessed, one pair a line; lines without a tab are left out.
    max_examples: after how many lines to stop; None reads all of them.
    """
    lines = text.split("\n")
    if max_examples is not None:
        # One line more, as the book has it: its vocabulary counts that line too.
        lines = lines[: max_examples + 1]
    pairs = [line.split("\t")[:2] for line in lines if "\t" in line]
    src, tgt = (
        [[*filter(None, pair[i].split(" ")), _EOS] for pair in pairs] for i in (0, 1)
    )
    return src, tgt


def to_arrays(
    src: Sentences,
    tgt: Sentences,
    num_steps: int,
    src_vocab: Vocab | None = None,
    tgt_vocab: Vocab | None = None,
) -> tuple[Arrays, Vocab, Vocab]:
    """Sentences as indices, cut or filled with "<pad>" to `num_steps`.

    src_vocab, tgt_vocab: made of the tokens that occur twice or more, unless given.

    returns: ((src, tgt, src_valid_len, label), src_vocab, tgt_vocab), where tgt
        begins with "<bos>" and label is tgt one token further on; all of shape
        (sentences, num_steps), but src_valid_len, the number of tokens of src that
        are not "<pad>", of shape (sentences,). All int64.
    """
    src = [_to_length(sentence, num_steps) for sentence in src]
    tgt = [[_BOS, *_to_length(sentence, num_steps)] for sentence in tgt]
    src_vocab = src_vocab or Vocab(src, min_freq=2)
    tgt_vocab = tgt_vocab or Vocab(tgt, min_freq=2)
    src_array = np.array(src_vocab[src], dtype=np.int64).reshape(-1, num_steps)
    tgt_array = np.array(tgt_vocab[tgt], dtype=np.int64).reshape(-1, num_steps + 1)
    src_valid_len = (src_array != src_vocab[_PAD]).sum(1, dtype=np.int64)
    arrays = (src_array, tgt_array[:, :-1], src_valid_len, tgt_array[:, 1:])
    return arrays, src_vocab, tgt_vocab


def _to_length(sentence: list[str], num_steps: int) -> list[str]:
    return (sentence + [_PAD] * num_steps)[:num_steps]


def show_list_len_pair_hist(
    legend: Sequence[str],
    xlabel: str,
    ylabel: str,
    xlist: Sequence[Any],
    ylist: Sequence[Any],
) -> None:
    """Draw the lengths of two lists of sequences as histograms side by side.

    legend: the names of the lists.
    """
    import matplotlib.pyplot as plt

    from d2l.common.plots.figures import set_figsize

    set_figsize()
    lengths = [[len(item) for item in items] for items in (xlist, ylist)]
    plt.hist(lengths)
    plt.xlabel(xlabel)
    plt.ylabel(ylabel)
    for bar in plt.gca().containers[-1]:  # Told apart without colours too.
        bar.set_hatch("/")
    plt.legend(legend)
