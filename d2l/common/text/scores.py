"""How good a translation is, by what it has in common with a reference."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any


def _ngrams(items: Sequence[Any], n: int) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(items[i : i + n]) for i in range(len(items) - n + 1))


def bleu(pred_seq: str, label_seq: str, k: int) -> float:
    """BLEU of one sentence (Papineni et al., 2002): from 0 to 1, a perfect match.

    exp(min(0, 1 - len_label / len_pred)) times the product of p_n^(1 / 2^n) over
    n = 1, ..., k, where p_n is the share of the prediction's n-grams that the
    label has, each counted as often as it occurs in both.

    pred_seq, label_seq: words separated by spaces.
    k: the longest n-grams that count, fewer where the prediction is shorter.
    """
    predicted, label = pred_seq.split(" "), label_seq.split(" ")
    score = math.exp(min(0, 1 - len(label) / len(predicted)))
    for n in range(1, min(k, len(predicted)) + 1):
        own = _ngrams(predicted, n)
        precision = (own & _ngrams(label, n)).total() / own.total()
        score *= precision ** (0.5**n)
    return score


def chrf(pred: str, label: str, n: int = 6, beta: float = 2) -> float:
    """The character n-gram F-score of a sentence (Popović, 2015): from 0 to 1.

    (1 + beta^2) P R / (beta^2 P + R), where P is the precision and R the recall of
    the characters' n-grams, averaged over the lengths 1, ..., n that both texts
    are long enough for. Spaces do not count.

    pred, label: texts.
    beta: recall counts `beta` times as much as precision.
    """
    predicted, wanted = "".join(pred.split()), "".join(label.split())
    longest = min(n, len(predicted), len(wanted))
    if longest == 0:
        return float(predicted == wanted)
    precisions, recalls = [], []
    for length in range(1, longest + 1):
        own, reference = _ngrams(predicted, length), _ngrams(wanted, length)
        matches = (own & reference).total()
        precisions.append(matches / own.total())
        recalls.append(matches / reference.total())
    precision, recall = sum(precisions) / longest, sum(recalls) / longest
    if precision == 0:
        return 0.0
    return (1 + beta**2) * precision * recall / (beta**2 * precision + recall)
