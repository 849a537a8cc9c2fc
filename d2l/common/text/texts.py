"""Texts: reading them, and cutting them into stretches of equal length."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from d2l.common.data.catalogue import locate
from d2l.common.errors import DataError, InputError

_DATA_SETS = {
    "time_machine": "time_machine",
    "tiny_shakespeare": "tiny_shakespeare",
    "small": "story_small",
}


def read_text(
    source: str = "time_machine", root: str | os.PathLike[str] = "../data"
) -> str:
    """A whole text.

    source: "time_machine" (H. G. Wells, 1895; 180,000 characters) or "tiny_shakespeare"
        (1,100,000), downloaded when absent, or "small", a story made for this project
        (16,000) that needs no network.
    root: the folder of the data; the default stands for the data folder.

    raises DataError where the text cannot be had.
    """
    if source not in _DATA_SETS:
        known = " and ".join(_DATA_SETS)
        raise DataError(f"There is no text {source!r}, only {known}.")
    return locate(_DATA_SETS[source], root)["text"].read_text(encoding="utf-8")


def only_letters(text: str) -> str:
    """The text in small letters; a space stands for whatever is between words.

    Letters are those of English: "café" becomes "caf ".
    """
    return re.sub("[^A-Za-z]+", " ", text).lower()


def check_tokenization(tokenization: str) -> None:
    """Raise InputError unless there is such a way to make tokens of a text."""
    if tokenization not in ("char", "bpe"):
        raise InputError(f"Tokens are 'char' or 'bpe', not {tokenization!r}.")


def to_indices(vocab: Any, text: Any) -> list[int]:
    """The indices of a text's tokens.

    vocab: a `BPETokenizer`, which cuts a string itself, or a `Vocab`, to which a string
        is one token a character.
    text: a string, or a list of tokens.
    """
    if isinstance(text, str) and hasattr(vocab, "encode"):
        return vocab.encode(text)
    return vocab[list(text)]


def to_text(vocab: Any, indices: Sequence[int]) -> str:
    """The text of tokens; the inverse of `to_indices`."""
    if hasattr(vocab, "decode"):
        return vocab.decode(indices)
    return "".join(vocab.to_tokens(indices))


def print_wrapped(*args: Any, width: int = 76) -> None:
    """Print as `print` does, but no line longer than `width` characters.

    Lines break between words, and words only where one alone is too long.
    """
    for line in " ".join(map(str, args)).split("\n"):
        print(textwrap.fill(line, width))


def windows(
    corpus: Sequence[int], num_steps: int, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The first `count` stretches of a corpus, and what follows each of their tokens.

    The stretches overlap: each begins one token after the one before.

    corpus: the tokens' indices.

    returns: X and Y, both int64 of shape (count, num_steps), with
        Y[i, j] = corpus[i + j + 1] where X[i, j] = corpus[i + j].

    raises InputError where the corpus is too short.
    """
    tokens = np.asarray(corpus, dtype=np.int64)
    possible = max(len(tokens) - num_steps, 0)
    if not 0 < count <= possible:
        raise InputError(
            f"{len(tokens):,} tokens have {possible:,} stretches of {num_steps} "
            f"and one more, not {count:,}: choose num_train and num_val by that."
        )
    found = np.lib.stride_tricks.sliding_window_view(tokens, num_steps + 1)[:count]
    return found[:, :-1].copy(), found[:, 1:].copy()
