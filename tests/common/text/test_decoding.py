"""Decoding: what is drawn, and that beam search finds what trying everything finds."""

import itertools

import numpy as np
import pytest

from d2l.common.errors import InputError
from d2l.common.text.decoding import (
    beam_search,
    generate,
    log_softmax,
    next_token,
    sample_next,
)

PROBABILITIES = np.array([0.1, 0.4, 0.2, 0.3])
LOGITS = np.log(PROBABILITIES) + 5


def shares(logits, **settings):
    """How often each token is drawn."""
    rng = np.random.default_rng(0)
    drawn = [sample_next(logits, rng=rng, **settings) for _ in range(4000)]
    return np.bincount(drawn, minlength=len(logits)) / len(drawn)


def test_greedy_takes_the_likeliest_and_the_lower_index():
    assert sample_next(LOGITS) == 1
    assert sample_next([1.0, 3.0, 3.0]) == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"strategy": "sample"}, PROBABILITIES),
        ({"strategy": "sample", "temperature": 0.5}, PROBABILITIES**2),
        ({"strategy": "top_k", "k": 2}, [0, 0.4, 0, 0.3]),
        ({"strategy": "top_k", "k": 9}, PROBABILITIES),
        ({"strategy": "top_p", "p": 0.7}, [0, 0.4, 0, 0.3]),
        ({"strategy": "top_p", "p": 0.75}, [0, 0.4, 0.2, 0.3]),
        ({"strategy": "top_p", "p": 1e-9}, [0, 1, 0, 0]),
        ({"strategy": "min_p", "min_p": 0.49}, [0, 0.4, 0.2, 0.3]),
        ({"strategy": "min_p", "min_p": 0.76}, [0, 1, 0, 0]),
        ({"strategy": "top_k", "k": 3, "min_p": 0.7}, [0, 0.4, 0, 0.3]),
    ],
)
def test_tokens_are_drawn_as_often_as_they_should(settings, expected):
    expected = np.array(expected) / np.sum(expected)
    found = shares(LOGITS, **settings)
    assert found == pytest.approx(expected, abs=0.03)
    assert ((found > 0) == (expected > 0)).all()


def test_among_equals_the_lower_index_stays():
    assert (shares(np.zeros(4), strategy="top_k", k=2) > 0).tolist() == [1, 1, 0, 0]


def test_a_seed_draws_the_same_again():
    draws = {sample_next(LOGITS, "sample", rng=7) for _ in range(5)}
    assert len(draws) == 1


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"strategy": "best"}, "no strategy 'best'"),
        ({"strategy": "top_k"}, "needs the argument k"),
        ({"strategy": "top_k", "k": 0}, "k must be at least 1"),
        ({"strategy": "top_p", "p": 1.5}, "p must be above 0"),
        ({"strategy": "min_p", "min_p": 0}, "min_p must be above 0"),
        ({"strategy": "sample", "temperature": 0}, "temperature must be above 0"),
    ],
)
def test_impossible_settings_are_refused(settings, problem):
    with pytest.raises(InputError, match=problem):
        sample_next(LOGITS, **settings)


def test_logits_of_a_batch_are_refused():
    with pytest.raises(InputError, match=r"shape \(vocab,\)"):
        sample_next(np.zeros((2, 3)))


def test_temperature_zero_is_greedy():
    rng = np.random.default_rng(0)
    assert next_token(LOGITS, 0, rng) == 1
    assert len({next_token(LOGITS, 1.0, rng) for _ in range(50)}) == 4


# A model whose next logits depend on all tokens so far.


def step(tokens, size=4):
    """Logits of a toy model."""
    seed = int("".join(map(str, tokens)) or 0)
    return np.random.default_rng(seed).standard_normal(size)


def log_probability(tokens, prefix):
    """Of the tokens after the prefix."""
    return sum(
        log_softmax(step(tokens[:i]))[tokens[i]]
        for i in range(len(prefix), len(tokens))
    )


def test_generate_is_greedy_unless_told_otherwise():
    tokens = [1]
    for _ in range(5):
        tokens.append(int(step(tokens).argmax()))
    assert generate(step, [1], 5) == tokens
    assert generate(step, [1], 0) == [1]


def test_generate_stops_at_the_end():
    tokens = generate(step, [1], 5)
    end = tokens[3]
    first = tokens.index(end, 1)
    assert generate(step, [1], 5, eos_id=end) == tokens[: first + 1]


def test_generate_draws_from_one_stream():
    settings = {"strategy": "top_k", "k": 3}
    rng = np.random.default_rng(3)
    tokens = [1]
    for _ in range(6):
        tokens.append(sample_next(step(tokens), rng=rng, **settings))
    assert generate(step, [1], 6, rng=3, **settings) == tokens


def test_generate_does_not_let_the_model_change_its_tokens():
    def clearing(tokens):
        found = step(tokens)
        tokens.clear()
        return found

    assert generate(clearing, [1], 3) == generate(step, [1], 3)


def everything(prefix, num_tokens, eos_id):
    """All finished sequences: ended, or of full length."""
    for length in range(1, num_tokens + 1):
        for added in itertools.product(range(4), repeat=length):
            ended = added[-1] == eos_id
            if eos_id not in added[:-1] and (ended or length == num_tokens):
                yield [*prefix, *added]


@pytest.mark.parametrize("alpha", [0.0, 0.75, 2.0])
@pytest.mark.parametrize("eos_id", [None, 2])
@pytest.mark.parametrize("prefix", [[1], [3, 0], []])
def test_a_wide_beam_finds_what_trying_everything_finds(alpha, eos_id, prefix):
    def score(tokens):
        return log_probability(tokens, prefix) / (len(tokens) - len(prefix)) ** alpha

    best = max(everything(prefix, 4, eos_id), key=score)
    found = beam_search(step, prefix, 4, beam_size=4**4, alpha=alpha, eos_id=eos_id)
    assert found == best


def test_a_beam_of_one_is_greedy():
    assert beam_search(step, [1], 5, beam_size=1) == generate(step, [1], 5)


def test_a_narrow_beam_keeps_the_likeliest_at_each_step():
    kept = [[1]]
    for _ in range(3):
        longer = [[*tokens, token] for tokens in kept for token in range(4)]
        kept = sorted(longer, key=lambda tokens: -log_probability(tokens, [1]))[:2]
    assert beam_search(step, [1], 3, beam_size=2) == kept[0]


def test_among_equals_the_lower_indices_win():
    def indifferent(tokens):
        return np.zeros(4)

    assert beam_search(indifferent, [3], 3, beam_size=2) == [3, 0, 0, 0]
    assert beam_search(step, [3], 0) == [3]


def test_no_beam_is_refused():
    with pytest.raises(InputError, match="beam_size"):
        beam_search(step, [1], 3, beam_size=0)
