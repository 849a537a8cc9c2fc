"""Pairs of sentences: whole epochs of them."""

import pytest

from d2l.common.text.translation import preprocess, read_pairs, to_arrays, tokenize
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.whole_epochs import SIZES, epochs, require_whole_epoch
from parity_tests.workers import run_task


def expected_arrays(source, src_vocab=None, tgt_vocab=None):
    """What NumPy makes of the pairs."""
    src, tgt = tokenize(preprocess(read_pairs(source)), 150)
    return to_arrays(src, tgt, 6, src_vocab, tgt_vocab)


@pytest.mark.parametrize("source", ["small", "cmn_small"])
@epochs
def test_whole_epochs(framework, pool, source, train, epoch):
    """Every pair once, also those of the last batch, which is not full."""
    arrays, _, _ = expected_arrays(source)
    data = {"name": "MTFraEng", "source": source, "num_steps": 6}
    require_whole_epoch(pool, framework, arrays, train, epoch, **data)


def test_build(framework, pool):
    """A reader's sentences go by the vocabularies of the data."""
    src, tgt = ["I know.", "The zebra sleeps."], ["Je sais.", "Le zèbre dort."]
    _, *vocabs = expected_arrays("small")
    pairs = "\n".join(map("\t".join, zip(src, tgt, strict=True)))
    arrays, _, _ = to_arrays(*tokenize(preprocess(pairs)), 6, *vocabs)
    task = {"arguments": {**SIZES, "num_steps": 6, "source": "small"}}
    task |= {"src_sentences": src, "tgt_sentences": tgt}
    run = framework, "float64"
    _, actual = run_task(pool, run, "texts", "build", **task)
    expected = {str(i): array for i, array in enumerate(arrays)}
    require_as_in_numpy(run, "sentences", actual, expected, "exact")


def test_histogram(framework, pool):
    """Bars for the lengths of each list."""
    lists = {"xlist": [[0], [0, 1], [0, 1]], "ylist": [[0, 1, 2]]}
    result, _ = run_task(pool, (framework, "float64"), "texts", "histogram", **lists)
    assert [sum(bars) for bars in result["bars"]] == [3, 1]
    assert result["words"] == ["length", "count", "a", "b"]
