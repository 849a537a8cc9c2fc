"""Pairs of sentences: whole epochs of them."""

import pytest

from d2l.common.data.batches import ArrayBatches, BatchOrder
from d2l.common.text.translation import preprocess, read_pairs, to_arrays, tokenize
from d2l.parity.checks import require
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from parity_tests.workers import run_task

SIZES = {"batch_size": 30, "num_steps": 6, "num_train": 100, "num_val": 50}


def expected_arrays(source, src_vocab=None, tgt_vocab=None):
    """What NumPy makes of the pairs."""
    src, tgt = tokenize(preprocess(read_pairs(source)), 150)
    return to_arrays(src, tgt, 6, src_vocab, tgt_vocab)


@pytest.mark.parametrize("source", ["small", "cmn_small"])
@pytest.mark.parametrize(
    ("train", "epoch"), [(True, 0), (True, 1), (False, 0)], ids=["0", "1", "val"]
)
def test_whole_epochs(framework, pool, source, train, epoch):
    """Every pair once, also those of the last batch, which is not full."""
    arrays, _, _ = expected_arrays(source)
    part = slice(0, 100) if train else slice(100, 150)
    order = BatchOrder(part.stop - part.start, 30, shuffle=train)
    order.epoch = epoch
    found = ArrayBatches([array[part] for array in arrays], order)
    expected = {
        f"{i}.{j}": array
        for i, batch in enumerate(found)
        for j, array in enumerate(batch)
    }
    task = {"name": "MTFraEng", "arguments": {**SIZES, "source": source}}
    task |= {"train": train, "epoch": epoch}
    result, actual = run_task(pool, (framework, "float64"), "texts", "batches", **task)
    assert result["length"] == len(order)
    names = (framework, "NumPy", "pairs")
    require(measure_all(names, actual, expected, tolerance("exact", "any")))


def test_build(framework, pool):
    """A reader's sentences go by the vocabularies of the data."""
    src, tgt = ["I know.", "The zebra sleeps."], ["Je sais.", "Le zèbre dort."]
    _, *vocabs = expected_arrays("small")
    pairs = "\n".join(map("\t".join, zip(src, tgt, strict=True)))
    arrays, _, _ = to_arrays(*tokenize(preprocess(pairs)), 6, *vocabs)
    task = {"arguments": {**SIZES, "source": "small"}}
    task |= {"src_sentences": src, "tgt_sentences": tgt}
    _, actual = run_task(pool, (framework, "float64"), "texts", "build", **task)
    expected = {str(i): array for i, array in enumerate(arrays)}
    names = (framework, "NumPy", "sentences")
    require(measure_all(names, actual, expected, tolerance("exact", "any")))


def test_histogram(framework, pool):
    """Bars for the lengths of each list."""
    lists = {"xlist": [[0], [0, 1], [0, 1]], "ylist": [[0, 1, 2]]}
    result, _ = run_task(pool, (framework, "float64"), "texts", "histogram", **lists)
    assert [sum(bars) for bars in result["bars"]] == [3, 1]
    assert result["words"] == ["length", "count", "a", "b"]
