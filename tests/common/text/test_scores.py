"""BLEU and chrF against values worked out by hand."""

import math

import pytest

from d2l.common.text.scores import bleu, chrf


def test_a_perfect_translation():
    assert bleu("il est calme .", "il est calme .", k=2) == 1
    assert chrf("il est calme .", "il est calme .") == 1


def test_the_published_example():
    # A B B C D for A B C D E F: four of five words, three of four pairs.
    expected = math.exp(1 - 6 / 5) * (4 / 5) ** 0.5 * (3 / 4) ** 0.25
    assert bleu("A B B C D", "A B C D E F", k=2) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("predicted", "label", "k", "expected"),
    [
        ("a a a", "a b", 1, (1 / 3) ** 0.5),  # Counted as often as in the label
        ("a", "a b c", 4, math.exp(-2)),  # Too short, and for words alone
        ("b a", "a b", 2, 0.0),  # No pair in common
        ("c d", "a b", 2, 0.0),
        ("a b c", "a b", 1, (2 / 3) ** 0.5),  # Longer is not punished again
    ],
)
def test_bleu(predicted, label, k, expected):
    assert bleu(predicted, label, k) == pytest.approx(expected)


def f_score(precision, recall, beta=2):
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)


def test_chrf_averages_over_lengths():
    # "abc" for "abd d": a, b of three and of four; ab of two and of three; no more.
    precision, recall = (2 / 3 + 1 / 2 + 0) / 3, (2 / 4 + 1 / 3 + 0) / 3
    assert chrf("abc", "abd d") == pytest.approx(f_score(precision, recall))
    precision, recall = (2 / 3 + 1 / 2) / 2, (2 / 4 + 1 / 3) / 2
    found = chrf("abc", "abd d", n=2, beta=1)
    assert found == pytest.approx(f_score(precision, recall, beta=1))


def test_chrf_forgives_a_wrong_ending_that_bleu_does_not():
    assert bleu("fatiguée", "fatigué", k=1) == 0
    assert chrf("fatiguée", "fatigué") > 0.8


@pytest.mark.parametrize(
    ("predicted", "label", "expected"),
    [("", "a", 0), ("a", "", 0), ("", " ", 1), ("b", "a", 0)],
)
def test_chrf_of_little_or_nothing(predicted, label, expected):
    assert chrf(predicted, label) == expected
