"""Language models that count."""

import numpy as np
import pytest

from d2l.common.errors import InputError
from d2l.common.text.ngrams import NGramLM

CORPUS = [0, 1, 0, 1, 0, 2]


def test_smoothed_probabilities():
    model = NGramLM(vocab_size=3, n=2, epsilon=0.5).fit(CORPUS)
    one = (np.array([3, 2, 1]) + 0.5 / 3) / 6.5
    assert model.probabilities([]) == pytest.approx(one)
    after_0 = (np.array([0, 2, 1]) + 0.5 * one) / 3.5
    assert model.probabilities([1, 0]) == pytest.approx(after_0)
    # Nothing was seen to follow 2: the shorter context speaks alone.
    assert model.probabilities([2]) == pytest.approx(one)
    assert model.logits([0]) == pytest.approx(np.log(after_0))


def test_contexts_are_no_longer_than_n_allows():
    model = NGramLM(vocab_size=3, n=1).fit(CORPUS)
    assert np.array_equal(model.probabilities([0]), model.probabilities([2, 1]))
    assert set(model.counts) == {()}


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_probabilities_add_up_to_one(n):
    model = NGramLM(vocab_size=5, n=n).fit(CORPUS)
    for context in ([], [0], [0, 1], [4, 0], [1, 0, 1, 0]):
        assert model.probabilities(context).sum() == pytest.approx(1)
        assert (model.probabilities(context) > 0).all()


def test_a_model_that_knows_nothing_is_as_perplexed_as_can_be():
    assert NGramLM(vocab_size=7).perplexity([0, 3, 6]) == pytest.approx(7)


def test_perplexity_is_that_of_the_tokens_one_by_one():
    model = NGramLM(vocab_size=3, n=2).fit(CORPUS)
    found = [model.probabilities([])[1], model.probabilities([1])[0]]
    assert model.perplexity([1, 0]) == pytest.approx(np.prod(found) ** -0.5)
    longer = NGramLM(vocab_size=3, n=3).fit(CORPUS)
    assert longer.perplexity(CORPUS) < model.perplexity(CORPUS)


@pytest.mark.parametrize("arguments", [(0,), (3, 0), (3, 2, 0.0)])
def test_impossible_arguments_are_refused(arguments):
    with pytest.raises(InputError, match="NGramLM needs"):
        NGramLM(*arguments)
