"""Stretches of text: whole epochs of them."""

import pytest

from d2l.common.text.bpe import BPETokenizer
from d2l.common.text.texts import only_letters, read_text, windows
from d2l.common.text.vocab import Vocab
from parity_tests.shared_parity import require_common
from parity_tests.whole_epochs import epochs, require_whole_epoch
from parity_tests.workers import run_task


def corpus(tokenization):
    """The small text's tokens, the first of which make up the stretches."""
    text = read_text("small")
    if tokenization == "bpe":
        return BPETokenizer(vocab_size=300).train(text).encode(text)
    return Vocab(list(only_letters(text)))[list(only_letters(text))]


@pytest.mark.parametrize("tokenization", ["char", "bpe"])
@epochs
def test_whole_epochs(framework, pool, train, epoch, tokenization):
    """Every stretch once, also those of the last batch, which is not full."""
    arrays = windows(corpus(tokenization), 7, 150)
    more = {"tokenization": tokenization, "vocab_size": 300}
    data = {"name": "TimeMachine", "source": "small", "num_steps": 7, **more}
    require_whole_epoch(pool, framework, arrays, train, epoch, **data)


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Vocab", "text.vocab"),
        ("BPETokenizer", "text.bpe"),
        ("print_wrapped", "text.texts"),
    ],
)
def test_what_touches_no_tensor_is_one_for_all_frameworks(
    framework, pool, name, module
):
    """The very object."""
    require_common(pool, framework, name, module)


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
