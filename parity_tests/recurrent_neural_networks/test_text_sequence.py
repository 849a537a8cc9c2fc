"""Stretches of text: whole epochs of them."""

import pytest

from d2l.common.data.batches import ArrayBatches, BatchOrder
from d2l.common.text.bpe import BPETokenizer
from d2l.common.text.texts import only_letters, read_text, windows
from d2l.common.text.vocab import Vocab
from d2l.parity.checks import require
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from parity_tests.workers import run_task

SIZES = {"batch_size": 30, "num_steps": 7, "num_train": 100, "num_val": 50}


def corpus(tokenization):
    """The small text's tokens, the first of which make up the stretches."""
    text = read_text("small")
    if tokenization == "bpe":
        return BPETokenizer(vocab_size=300).train(text).encode(text)
    return Vocab(list(only_letters(text)))[list(only_letters(text))]


@pytest.mark.parametrize("tokenization", ["char", "bpe"])
@pytest.mark.parametrize(
    ("train", "epoch"), [(True, 0), (True, 1), (False, 0)], ids=["0", "1", "val"]
)
def test_whole_epochs(framework, pool, train, epoch, tokenization):
    """Every stretch once, also those of the last batch, which is not full."""
    arrays = windows(corpus(tokenization), 7, 150)
    part = slice(0, 100) if train else slice(100, 150)
    order = BatchOrder(part.stop - part.start, 30, shuffle=train)
    order.epoch = epoch
    found = ArrayBatches([array[part] for array in arrays], order)
    expected = {
        f"{i}.{j}": array
        for i, batch in enumerate(found)
        for j, array in enumerate(batch)
    }
    arguments = {**SIZES, "tokenization": tokenization, "vocab_size": 300}
    task = {"name": "TimeMachine", "arguments": {**arguments, "source": "small"}}
    task |= {"train": train, "epoch": epoch}
    result, actual = run_task(pool, (framework, "float64"), "texts", "batches", **task)
    assert result["length"] == len(order)
    names = (framework, "NumPy", "stretches")
    require(measure_all(names, actual, expected, tolerance("exact", "any")))


@pytest.mark.parametrize(
    ("name", "module"),
    [("Vocab", "vocab"), ("BPETokenizer", "bpe"), ("print_wrapped", "text")],
)
def test_what_touches_no_tensor_is_one_for_all_frameworks(
    framework, pool, name, module
):
    """The very object."""
    task = {"name": name, "module": module}
    result, _ = run_task(pool, (framework, "float64"), "texts", "is_common", **task)
    assert result["same"]


def test_models_write_in_learnt_tokens(framework, pool):
    """A prefix is cut as the training text was, and the bytes become text again."""
    prefix = "The clock café"
    task = {"prefix": prefix, "num_preds": 5, "vocab_size": 300}
    result, _ = run_task(pool, (framework, "float64"), "texts", "in_tokens", **task)
    tokenizer = BPETokenizer(vocab_size=300).train(read_text("small"))
    assert result["vocab_size"] == 300
    assert result["text"].startswith(prefix)
    # A zero network finds the first of the tokens likeliest, the byte 0.
    assert result["text"] == tokenizer.decode([*tokenizer.encode(prefix), *[0] * 5])
