"""A language model that counts n-grams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from d2l.common.errors import InputError


class NGramLM:
    """Probabilities of the next token by the n - 1 tokens before it.

    Each context's counts are smoothed by the probabilities that the context
    without its first token gives: P(x | c) = (n(c, x) + e P(x | c')) / (n(c) + e).
    Shorter than all contexts is none at all, where each token is equally likely.

    vocab_size: the number of different tokens.
    n: how many tokens a count is made of; 1 looks at no context.
    epsilon: e, how many occurrences the shorter context's opinion is worth.

    raises InputError where an argument makes no sense.
    """

    def __init__(self, vocab_size: int, n: int = 3, epsilon: float = 1.0) -> None:
        if vocab_size < 1 or n < 1 or epsilon <= 0:
            raise InputError(
                "NGramLM needs a vocabulary, n of at least 1 and epsilon above 0, "
                f"not {vocab_size}, {n} and {epsilon}."
            )
        self.vocab_size, self.n, self.epsilon = vocab_size, n, epsilon
        self.counts: dict[tuple[int, ...], Counter[int]] = {}

    def fit(self, corpus: Sequence[int]) -> NGramLM:
        """Count the n-grams of a text, given as the indices of its tokens.

        returns: this model; a second text adds to the first one's counts.
        """
        tokens = [int(token) for token in corpus]
        for i, token in enumerate(tokens):
            for length in range(min(self.n, i + 1)):
                context = tuple(tokens[i - length : i])
                self.counts.setdefault(context, Counter())[token] += 1
        return self

    def probabilities(self, context: Sequence[int]) -> np.ndarray:
        """The next token's probabilities, float64, shape (vocab_size,).

        context: the tokens so far, of which the last n - 1 matter.
        """
        tokens = [int(token) for token in context]
        found = np.full(self.vocab_size, 1 / self.vocab_size)
        for length in range(min(self.n, len(tokens) + 1)):
            counts = self.counts.get(tuple(tokens[len(tokens) - length :]), Counter())
            found = found * self.epsilon
            for token, count in counts.items():
                found[token] += count
            found /= counts.total() + self.epsilon
        return found

    def logits(self, context: Sequence[int]) -> np.ndarray:
        """Logarithms of the probabilities: a step function for `generate`."""
        return np.log(self.probabilities(context))

    def perplexity(self, corpus: Sequence[int]) -> float:
        """The exponential of the mean negative log-probability of a text's tokens.

        The first token is told by no context, the second one by one token, ...
        """
        starts = [max(i - self.n + 1, 0) for i in range(len(corpus))]
        found = [
            self.probabilities(corpus[start:i])[corpus[i]]
            for i, start in enumerate(starts)
        ]
        return float(np.exp(-np.mean(np.log(found))))
