"""Pairs of sentences: from a file to arrays."""

import zipfile

import numpy as np
import pytest

from d2l.common.errors import DataError, InputError
from d2l.common.text import translation
from d2l.common.text.translation import (
    preprocess,
    read_pairs,
    show_list_len_pair_hist,
    to_arrays,
    tokenize,
)
from parity_tests.small_files import small_files, small_pairs

SRC = [["go", ".", "<eos>"], ["go", "on", ".", "<eos>"]]
TGT = [["va", "!", "<eos>"], ["va", "!", "<eos>"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Go.\tVa\u202f!", "go .\tva !"),
        ("Wait...\tOh\xa0!", "wait . . .\toh !"),
        (".a", ".a"),
        ("I'm OK, Tom.", "i'm ok , tom ."),
        ("Hi.\t你好。", "hi .\t 你  好  。 "),
    ],
)
def test_preprocess(text, expected):
    assert preprocess(text) == expected


def test_tokens_end_with_a_mark_and_lines_without_a_tab_are_left_out():
    src, tgt = tokenize("go .\tva !\n\nno tab\nhi  .\tsalut !\tby tom\n")
    assert src == [["go", ".", "<eos>"], ["hi", ".", "<eos>"]]
    assert tgt == [["va", "!", "<eos>"], ["salut", "!", "<eos>"]]


def test_one_line_more_than_asked_for_is_read():
    text = "\n".join(f"{i}\t{i}" for i in range(9))
    assert [len(tokenize(text, n)[0]) for n in (None, 1, 3, 20)] == [9, 2, 4, 9]


def test_arrays():
    (src, tgt, src_valid_len, label), src_vocab, tgt_vocab = to_arrays(SRC, TGT, 4)
    assert src_vocab.idx_to_token == [".", "<eos>", "<unk>", "go"]
    assert tgt_vocab.idx_to_token == ["!", "<bos>", "<eos>", "<pad>", "<unk>", "va"]
    assert tgt_vocab.to_tokens(tgt[0]) == ["<bos>", "va", "!", "<eos>"]
    assert tgt_vocab.to_tokens(label[0]) == ["va", "!", "<eos>", "<pad>"]
    assert src_vocab.to_tokens(src[1]) == ["go", "<unk>", ".", "<eos>"]
    assert {a.dtype for a in (src, tgt, src_valid_len, label)} == {np.dtype(np.int64)}


def test_valid_lengths_and_cut_sentences():
    src = [["a", "<eos>"], ["a", "a", "a", "<eos>"], ["<eos>"]]
    (found, _, src_valid_len, _), vocab, _ = to_arrays(src, src, 3)
    assert src_valid_len.tolist() == [2, 3, 1]
    assert vocab.to_tokens(found[1]) == ["a", "a", "a"]
    assert vocab.to_tokens(found[2]) == ["<eos>", "<pad>", "<pad>"]


def test_given_vocabularies_are_kept():
    _, *vocabs = to_arrays(SRC, TGT, 4)
    arrays, *found = to_arrays([["go", "<eos>"]], [["vas", "<eos>"]], 4, *vocabs)
    assert found == vocabs
    assert vocabs[1].to_tokens(arrays[3][0])[0] == "<unk>"


@pytest.mark.parametrize(("source", "count"), [("small", 301), ("cmn_small", 159)])
def test_the_embedded_pairs(source, count):
    src, tgt = tokenize(preprocess(read_pairs(source, count)))
    assert len(src) == len(tgt) == count
    assert len(set(map(tuple, src))) == count
    assert all(len(sentence) >= 2 for sentence in src + tgt)
    with pytest.raises(InputError, match=f"has {count} pairs, but"):
        read_pairs(source, count + 1)


def test_unknown_pairs_are_refused():
    with pytest.raises(DataError, match="no pairs 'deu_eng'"):
        read_pairs("deu_eng")


@pytest.mark.parametrize("content", ["zip without the member", "no zip"])
def test_a_damaged_archive_is_named(content, tmp_path, monkeypatch):
    path = tmp_path / "fra-eng.zip"
    path.write_text("nothing")
    if content != "no zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("other.txt", "")
    monkeypatch.setattr(translation, "locate", lambda *_: {"pairs": path})
    with pytest.raises(DataError, match=r"fra-eng\.zip cannot be read"):
        read_pairs("fra_eng")


# By data set and kind of its files: how many pairs there are, and how many tokens
# of either language in the first 641.
SIZES = {
    ("fra_eng", "small"): (769, (31, 47)),
    ("fra_eng", "published"): (167130, (194, 214)),
    ("cmn_eng", "small"): (769, (31, 47)),
    ("cmn_eng", "published"): (20133, (234, 324)),
}
FIRST = {
    "fra_eng": (["go", ".", "<eos>"], ["va", "!", "<eos>"]),
    "cmn_eng": (["hi", ".", "<eos>"], ["嗨", "。", "<eos>"]),
}


@pytest.mark.parametrize("source", ["fra_eng", "cmn_eng"])
def test_pairs_are_read_from_their_file(put_files, source):
    count, sizes = SIZES[source, put_files(source)]
    text = read_pairs(source, count)
    with pytest.raises(InputError, match=f"has {count:,} pairs"):
        read_pairs(source, count + 1)
    text = preprocess(text)
    assert not {"\xa0", "\u202f"} & set(text)
    src, tgt = tokenize(text, 640)
    assert (src[0], tgt[0]) == FIRST[source]
    _, src_vocab, tgt_vocab = to_arrays(src, tgt, 9)
    assert (len(src_vocab), len(tgt_vocab)) == sizes


@pytest.mark.parametrize("source", ["fra_eng", "cmn_eng"])
def test_no_character_of_the_pairs_is_lost(tmp_path, source):
    with small_files(source, tmp_path):
        assert read_pairs(source) == small_pairs(source)


def test_histogram_of_lengths():
    import matplotlib.pyplot as plt

    show_list_len_pair_hist(["source", "target"], "tokens", "count", SRC, TGT)
    axes = plt.gca()
    assert [sum(b.get_height() for b in bars) for bars in axes.containers] == [2, 2]
    assert axes.get_xlabel() == "tokens"
