"""Byte-pair encoding: what is learnt, and the way there and back."""

import re
import sys
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.errors import DataError, InputError
from d2l.common.text.bpe import BPETokenizer
from d2l.common.text.texts import read_text

#: Learnt from this, by hand: "lo" and "ow" occur three times, and "lo" comes first;
#: then "low" three times; " low" and "lowe" twice; " lowe" twice; the rest once.
TOY = "low lower lowest"


@pytest.fixture(scope="module")
def story():
    return BPETokenizer(vocab_size=400).train(read_text("small"))


def learnt(tokenizer):
    return tokenizer.to_tokens(range(259, len(tokenizer)))


def test_the_most_frequent_pair_is_learnt_first_and_none_that_occurs_once():
    tokenizer = BPETokenizer().train(TOY)
    assert learnt(tokenizer) == ["lo", "low", " low", " lowe"]
    assert tokenizer.encode("low slow lowest") == [
        *(260, 32, ord("s"), 260),
        *(262, ord("s"), ord("t")),
    ]


def test_training_ends_at_the_size():
    tokenizer = BPETokenizer(vocab_size=261).train(TOY)
    assert learnt(tokenizer) == ["lo", "low"]
    assert len(tokenizer) == 261


def test_training_begins_anew():
    tokenizer = BPETokenizer().train("abab abab").train(TOY)
    assert learnt(tokenizer) == ["lo", "low", " low", " lowe"]


@pytest.mark.parametrize("text", ["ab\ncd\nab\ncd", "cd\nab\ncd\nab"])
def test_of_equally_frequent_pairs_the_first_bytes_win(text):
    assert learnt(BPETokenizer(vocab_size=260).train(text)) == ["ab"]


def test_equal_letters_are_joined_from_the_left():
    tokenizer = BPETokenizer().train("aaaa")
    assert learnt(tokenizer) == ["aa"]
    assert tokenizer.to_tokens(tokenizer.encode("aaaaa")) == ["aa", "aa", "a"]


def merged(ids, pair, new):
    found, i = [], 0
    while i < len(ids):
        is_pair = tuple(ids[i : i + 2]) == pair
        found.append(new if is_pair else ids[i])
        i += 2 if is_pair else 1
    return found


@given(st.lists(st.text("ab", min_size=1, max_size=12), min_size=1, max_size=6))
def test_as_by_the_plain_algorithm(words):
    """All pairs counted again after each merge, and known by both of their halves."""
    text = "\n".join(words)
    chunks = [list(word.encode()) for word in words]
    tokens = {i: bytes([i]) for i in range(256)}
    tokenizer = BPETokenizer(vocab_size=280).train(text)
    for new in range(259, 280):
        counts = Counter(pair for chunk in chunks for pair in pairwise(chunk))
        joined = {pair: tokens[pair[0]] + tokens[pair[1]] for pair in counts}
        assert len(set(joined.values())) == len(joined)
        often = [pair for pair in counts if counts[pair] > 1]
        if not often:
            break
        best = min(often, key=lambda pair: (-counts[pair], joined[pair]))
        tokens[new] = joined[best]
        chunks = [merged(chunk, best, new) for chunk in chunks]
    assert learnt(tokenizer) == [tokens[i].decode() for i in tokens if i > 258]
    newline = [ord("\n")]
    ids = [index for chunk in chunks for index in [*chunk, *newline]][:-1]
    assert tokenizer.encode(text) == ids


@given(st.text())
def test_every_text_comes_back(story, text):
    assert story.decode(story.encode(text)) == text
    assert story.decode(story.encode(text, allow_special=True)) == text


@given(st.text(), st.sampled_from(["a", "[aeiou]+", "(b)|(c)*", r"\b"]))
def test_every_text_comes_back_whatever_the_pattern(text, pattern):
    for kind in (pattern, re.compile(pattern)):
        tokenizer = BPETokenizer(pattern=kind).train(text)
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_what_the_pattern_matches_is_encoded_by_itself():
    tokenizer = BPETokenizer(pattern="b").train("ab ab ab ab")
    assert learnt(tokenizer) == [" a"]


def test_the_story_gets_shorter(story):
    text = read_text("small")
    assert len(story.encode(text)) < 0.6 * len(text)
    assert len(story) == 400


def test_bytes_that_training_never_saw():
    tokenizer = BPETokenizer().train(TOY)
    assert tokenizer.encode("né🙂") == [*"né🙂".encode()]


def test_nothing():
    tokenizer = BPETokenizer().train("")
    assert len(tokenizer) == 259
    assert tokenizer.encode("") == tokenizer.encode("", allow_special=True) == []
    assert tokenizer.decode([]) == ""
    assert tokenizer.to_tokens([]) == []


def test_bytes_that_are_no_text():
    tokenizer = BPETokenizer()
    assert tokenizer.decode([0xC3, ord("a")]) == "\ufffda"
    assert tokenizer.to_tokens([0xC3, ord("a")]) == ["\\xc3", "a"]
    assert tokenizer[b"\xc3"] == 0xC3


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_indices_of_several_kinds(kind):
    tokenizer = BPETokenizer().train(TOY)
    assert tokenizer.decode(kind([260, 32])) == "low "
    assert tokenizer.to_tokens(kind([260, 32])) == ["low", " "]
    assert tokenizer.to_tokens(np.int64(260)) == "low"


def test_indices_of_tokens():
    tokenizer = BPETokenizer().train(TOY)
    assert tokenizer["low"] == 260
    assert tokenizer[["lo", "<eos>"]] == [259, 258]
    with pytest.raises(InputError, match="'slow' is not one token"):
        tokenizer["slow"]
    with pytest.raises(InputError, match="no token 5000"):
        tokenizer.decode([5000])


def test_special_tokens_stand_in_texts_where_that_is_allowed():
    tokenizer = BPETokenizer().train(TOY)
    assert (tokenizer.pad, tokenizer.bos, tokenizer.eos) == (256, 257, 258)
    assert tokenizer.encode("<bos>low<eos>", allow_special=True) == [257, 260, 258]
    assert 257 not in tokenizer.encode("<bos>low<eos>")
    assert tokenizer.decode([257, 260, 258]) == "<bos>low<eos>"


def test_of_special_tokens_that_begin_alike_the_longest_is_found():
    tokenizer = BPETokenizer(specials=["<a", "<a>"])
    assert tokenizer.encode("<a><a", allow_special=True) == [257, 256]


def test_without_special_tokens():
    tokenizer = BPETokenizer(vocab_size=256, specials=())
    assert tokenizer.encode("<bos>", allow_special=True) == [*b"<bos>"]
    with pytest.raises(InputError, match="'<bos>' is not one token"):
        _ = tokenizer.bos


def test_the_bytes_and_special_tokens_must_have_room():
    with pytest.raises(InputError, match="259 tokens or more, not 258"):
        BPETokenizer(vocab_size=258)


@pytest.fixture
def tiktoken(monkeypatch):
    """What `BPETokenizer` asks of tiktoken; its bytes are in an order of their own."""
    ranks = {bytes([(i + 1) % 256]): i for i in range(256)}
    ranks |= {b"lo": 256, b"ow": 257, b"low": 258}
    encoding = SimpleNamespace(
        n_vocab=301,
        _mergeable_ranks=ranks,
        _special_tokens={"<|end|>": 300},
        _pat_str=r"\w+|\W+",
    )

    def get_encoding(name):
        if name == "offline":
            raise ConnectionError("no route")
        if name != "toy":
            raise ValueError(f"Unknown encoding {name}")
        return encoding

    module = SimpleNamespace(get_encoding=get_encoding)
    monkeypatch.setitem(sys.modules, "tiktoken", module)
    monkeypatch.setitem(sys.modules, "regex", re)


@pytest.mark.usefixtures("tiktoken")
def test_published_vocabularies_keep_their_indices():
    tokenizer = BPETokenizer.from_tiktoken("toy")
    assert tokenizer.encode("lowow") == [258, 257]
    found = tokenizer.encode("a<|end|>", allow_special=True)
    assert found == [ord("a") - 1, 300]
    assert tokenizer.decode(found) == "a<|end|>"
    assert len(tokenizer) == 301
    tokenizer.train(TOY)
    assert tokenizer.encode("<|end|>low", allow_special=True) == [256, 258]


@pytest.mark.usefixtures("tiktoken")
def test_published_vocabularies_that_cannot_be_had():
    with pytest.raises(InputError, match="tiktoken has no 'moon'"):
        BPETokenizer.from_tiktoken("moon")
    with pytest.raises(DataError, match=r"cannot load 'offline' \(no route\)"):
        BPETokenizer.from_tiktoken("offline")


def test_published_vocabularies_need_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(InputError, match="'gpt2' needs tiktoken: pip install it"):
        BPETokenizer.from_tiktoken("gpt2")
