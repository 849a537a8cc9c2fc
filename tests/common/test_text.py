"""Texts: letters, stretches, and the published files."""

import os

import numpy as np
import pytest

from d2l.common.catalogue import is_present
from d2l.common.errors import DataError, InputError
from d2l.common.text import only_letters, read_text, windows
from d2l.common.vocab import Vocab


def test_what_is_not_a_letter_becomes_a_space():
    assert only_letters("The  Café, 1898\n[I]") == "the caf i "


def test_stretches_overlap_and_labels_are_one_further():
    X, Y = windows([5, 6, 7, 8, 9], num_steps=2, count=3)
    assert X.tolist() == [[5, 6], [6, 7], [7, 8]]
    assert Y.tolist() == [[6, 7], [7, 8], [8, 9]]
    assert X.dtype == Y.dtype == np.int64
    assert X.flags.c_contiguous


@pytest.mark.parametrize("count", [0, 4])
def test_impossible_numbers_of_stretches_are_refused(count):
    with pytest.raises(InputError, match=r"5 tokens have 3 stretches of 2"):
        windows([5, 6, 7, 8, 9], num_steps=2, count=count)


def test_the_story_has_all_letters_and_is_long_enough_for_the_defaults():
    tokens = list(only_letters(read_text("small")))
    assert len(Vocab(tokens)) == 28
    X, _ = windows(Vocab(tokens)[tokens], num_steps=32, count=15000)
    assert X.shape == (15000, 32)


def test_an_unknown_text_is_refused():
    with pytest.raises(DataError, match="time_machine and tiny_shakespeare and small"):
        read_text("moby_dick")


@pytest.mark.parametrize(
    ("source", "letters", "size"),
    [("time_machine", 173428, 28), ("tiny_shakespeare", 1059581, 28)],
)
def test_the_published_texts_are_read(source, letters, size):
    if not os.environ.get("D2L_DATA") or not is_present(source):
        pytest.skip("D2L_DATA does not point at a folder with the published files")
    tokens = list(only_letters(read_text(source)))
    assert (len(tokens), len(Vocab(tokens))) == (letters, size)
