"""Decoding: the same text in all frameworks, letter for letter."""

import pytest

from d2l.parity.checks import TRUTH
from parity_tests.decoding_parity import NOISE, trained_weights
from parity_tests.shared_parity import require_common
from parity_tests.workers import run_task

LANGUAGE_MODELS = ["rnn_scratch", "rnn", "lstm", "gru", "deep_gru", "gpt"]
PREFIX, NUM_TOKENS = "the clock", 20
#: Arguments of `generate`, or of `beam_search`.
CHOICES = {
    "greedy": {},
    "temperature": {"strategy": "sample", "temperature": 0.7, "rng": 1},
    "top_k": {"strategy": "top_k", "k": 5, "rng": 2},
    "nucleus": {"strategy": "top_p", "p": 0.8, "rng": 4},
    "beam": {"beam_size": 3},
}
#: Those that models make by themselves, as arguments of `RNNLM.predict` ...
PREDICTED = {"greedy": {}, "temperature": {"temperature": 0.7, "rng": 1}}
#: ... and of `GPT.generate`.
GENERATED = {
    "greedy": {"temperature": 0},
    "temperature": {"temperature": 0.7, "seed": 1},
    "top_k": {"top_k": 5, "seed": 2},
}


@pytest.mark.parametrize("name", ["sample_next", "generate", "beam_search"])
def test_decoding(framework, pool, name):
    """The choice is made by the same code in all frameworks."""
    require_common(pool, framework, name, "text.decoding")


def written(pool, run, checker, trial, prefix=PREFIX, **more):
    """The texts by the name of the choice, each step computed from all tokens."""
    weights = trained_weights(checker, trial, steps=200)
    task = {"trial": trial, "prefix": prefix, "num_tokens": NUM_TOKENS}
    task |= {"choices": CHOICES, **more}
    return run_task(pool, run, "decoding", "write", weights, **task)[0]


def written_by_model(pool, run, checker, trial, prefix=PREFIX):
    """The texts by the model's own methods, which compute no step twice."""
    weights = trained_weights(checker, trial, steps=200)
    task = {"trial": trial, "prefix": prefix}
    if trial == "gpt":
        task |= {"num_tokens": NUM_TOKENS, "choices": GENERATED}
        return run_task(pool, run, "decoding", "write_by_gpt", weights, **task)[0]
    task |= {"settings": list(PREDICTED.values())}
    result, _ = run_task(pool, run, "texts", "continued", weights, **task)
    return {n: [t] for n, t in zip(PREDICTED, result["texts"], strict=True)}


def require_same(found, expected):
    """Every way to write a text has written the one that is expected."""
    differing = {
        name: texts
        for name, texts in found.items()
        if any(text != expected[name] for text in texts)
    }
    assert not differing, f"expected {expected}"


@pytest.mark.parametrize("trial", LANGUAGE_MODELS)
def test_texts(any_run, pool, checker, trial):
    """However tokens are chosen, and whether or not the model keeps a state."""
    expected = written(pool, (checker.reference, TRUTH), checker, trial)
    assert written(pool, any_run, checker, trial) == expected
    require_same(written_by_model(pool, any_run, checker, trial), expected)


@pytest.mark.parametrize("trial", LANGUAGE_MODELS)
def test_one_letter(framework, pool, checker, trial):
    """A single token is enough to begin with."""
    reference, run = (checker.reference, TRUTH), (framework, TRUTH)
    expected = written(pool, reference, checker, trial, prefix="t")
    found = written_by_model(pool, run, checker, trial, prefix="t")
    require_same(found, expected)


@pytest.mark.parametrize("trial", LANGUAGE_MODELS)
def test_choices_are_clear(pool, checker, trial):
    """No text hangs on a tie; two at most are alike, and none is of two letters."""
    run = checker.reference, TRUTH
    texts = written(pool, run, checker, trial)
    for noise in (NOISE, -NOISE):
        assert written(pool, run, checker, trial, noise=noise) == texts
    assert len(set(texts.values())) >= len(CHOICES) - 1
    assert all(len(set(text[len(PREFIX) :])) > 2 for text in texts.values())


def test_no_letter(framework, pool):
    """Without any token there is nothing to continue: one error everywhere."""
    said, _ = run_task(pool, (framework, TRUTH), "decoding", "refusals")
    assert set(said.values()) == {"A prefix must have at least one token."}
