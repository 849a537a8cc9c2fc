"""The vocabulary: who is in it, in which order, and the way back."""

import numpy as np
import pytest

from d2l.common.text.vocab import Vocab


def test_tokens_are_in_alphabetical_order_with_the_unknown_one():
    vocab = Vocab(list("banana"))
    assert vocab.idx_to_token == ["<unk>", "a", "b", "n"]
    assert vocab.token_to_idx == {"<unk>": 0, "a": 1, "b": 2, "n": 3}
    assert len(vocab) == 4


def test_frequencies_are_counted_most_frequent_first():
    assert Vocab(list("banana")).token_freqs == [("a", 3), ("n", 2), ("b", 1)]


def test_sentences_are_taken_together():
    vocab = Vocab([["a", "b"], ["b"]])
    assert vocab.token_freqs == [("b", 2), ("a", 1)]


def test_rare_tokens_stay_out_and_reserved_ones_do_not():
    vocab = Vocab(list("banana"), min_freq=2, reserved_tokens=["<pad>", "<unk>"])
    assert vocab.idx_to_token == ["<pad>", "<unk>", "a", "n"]


def test_an_empty_vocabulary_knows_the_unknown_token():
    assert Vocab().idx_to_token == ["<unk>"]


@pytest.mark.parametrize(
    ("tokens", "indices"),
    [
        ("a", 1),
        ("z", 0),
        (["a", "z"], [1, 0]),
        (("n",), [3]),
        ([["a"], ["b"]], [[1], [2]]),
    ],
)
def test_indices(tokens, indices):
    assert Vocab(list("banana"))[tokens] == indices


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_back_to_tokens(kind):
    assert Vocab(list("banana")).to_tokens(kind([3, 1])) == ["n", "a"]


def test_back_to_one_token():
    vocab = Vocab(list("banana"))
    assert vocab.to_tokens(2) == vocab.to_tokens(np.int64(2)) == "b"
    assert vocab.unk == 0
