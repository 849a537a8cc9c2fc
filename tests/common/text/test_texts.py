"""Texts: letters, stretches, and the published files."""

import numpy as np
import pytest

from d2l.common.errors import DataError, InputError
from d2l.common.text.bpe import BPETokenizer
from d2l.common.text.texts import (
    check_tokenization,
    only_letters,
    print_wrapped,
    read_text,
    to_indices,
    to_text,
    windows,
)
from d2l.common.text.vocab import Vocab
from parity_tests.small_files import small_files, small_text


def test_what_is_not_a_letter_becomes_a_space():
    assert only_letters("The  Café, 1898\n[I]") == "the caf i "


def test_ways_to_make_tokens():
    check_tokenization("char")
    check_tokenization("bpe")
    with pytest.raises(InputError, match="'char' or 'bpe', not 'word'"):
        check_tokenization("word")


def test_strings_and_tokens_as_indices_and_back():
    letters, pieces = Vocab(list("banana")), BPETokenizer().train("banana")
    assert (
        to_indices(letters, "nab") == to_indices(letters, ["n", "a", "b"]) == [3, 1, 2]
    )
    assert to_text(letters, [3, 1, 2]) == "nab"
    assert to_indices(pieces, "nana") == [ord("n"), 259, ord("a")]
    assert to_indices(pieces, ["n", "an", "a"]) == [ord("n"), 259, ord("a")]
    assert to_text(pieces, [ord("n"), 259, ord("a")]) == "nana"


def test_no_printed_line_is_longer_than_the_width(capsys):
    print_wrapped("one two", 3, "four\n\nseventeen five", width=9)
    assert capsys.readouterr().out == "one two 3\nfour\n\nseventeen\nfive\n"
    print_wrapped("x" * 100)
    assert capsys.readouterr().out == "x" * 76 + "\n" + "x" * 24 + "\n"


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


# Files, as they are published

LETTERS = {
    ("time_machine", "small"): 16666,
    ("time_machine", "published"): 173428,
    ("tiny_shakespeare", "small"): 27720,
    ("tiny_shakespeare", "published"): 1059581,
}


@pytest.mark.parametrize("source", ["time_machine", "tiny_shakespeare"])
def test_texts_are_read_from_their_files(put_files, source):
    kind = put_files(source)
    tokens = list(only_letters(read_text(source)))
    assert (len(tokens), len(Vocab(tokens))) == (LETTERS[source, kind], 28)


@pytest.mark.parametrize("source", ["time_machine", "tiny_shakespeare"])
def test_texts_keep_their_marks_and_lines(tmp_path, source):
    with small_files(source, tmp_path):
        assert read_text(source) == small_text(source)
