"""Choosing the next token, and the tokens after it, by a model's logits.

All arithmetic is NumPy's in float64, and ties go to the lower index: models that
return the same logits are decoded alike, token for token.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from d2l.common.arrays import to_numpy
from d2l.common.errors import InputError

#: The logits of the next token, (vocab,), for a list of the tokens so far.
StepFunction = Callable[[list[int]], Any]

#: Ways to choose, and which argument each cannot do without.
_STRATEGIES = {
    "greedy": None,
    "sample": None,
    "top_k": "k",
    "top_p": "p",
    "min_p": "min_p",
}


def sample_next(
    logits: Any,
    strategy: str = "greedy",
    temperature: float = 1.0,
    k: int | None = None,
    p: float | None = None,
    min_p: float | None = None,
    rng: np.random.Generator | int | None = None,
) -> int:
    """Choose the next token.

    logits: shape (vocab,), a tensor of any framework.
    strategy: "greedy" takes the likeliest token; "sample", "top_k", "top_p" and "min_p"
        draw one, the last three from fewer tokens, as their argument says. Filters that
        are given work together whatever the strategy is called, in the order k, p,
        min_p.
    temperature: divides the logits; above 1 draws are more varied.
    k: draw from the `k` likeliest tokens (Fan et al., 2018).
    p: from the fewest likeliest tokens that have the probability `p` together (Holtzman
        et al., 2020).
    min_p: from those that have at least this share of the likeliest token's probability
        (Nguyen et al., 2025).
    rng: what draws: a NumPy generator, a seed, or None for a seed of its own.

    returns: the token's index.

    raises InputError where an argument makes no sense.
    """
    _check(strategy, {"k": k, "p": p, "min_p": min_p})
    values = _as_row(logits)
    if strategy == "greedy":
        return int(values.argmax())
    if temperature <= 0:
        raise InputError(f"temperature must be above 0 to draw, not {temperature}.")
    probabilities = np.exp(log_softmax(values / temperature))
    # The likeliest first; a stable order puts the lower index first among equals.
    order = np.argsort(-probabilities, kind="stable")
    order = _filtered(probabilities, order, k, p, min_p)
    cumulative = np.cumsum(probabilities[order])
    drawn = np.random.default_rng(rng).random() * cumulative[-1]
    return int(order[np.searchsorted(cumulative, drawn, side="right")])


def next_token(logits: Any, temperature: float, rng: np.random.Generator) -> int:
    """The likeliest token at temperature 0, else one drawn from all tokens."""
    strategy = "greedy" if temperature == 0 else "sample"
    return sample_next(logits, strategy, temperature, rng=rng)


def takes_likeliest(temperature: float, top_k: int | None) -> bool:
    """Whether `generate` may take the likeliest token on the device.

    A `top_k`, even where nothing is drawn, goes to `sample_next`, which checks it.
    """
    return not temperature and top_k is None


def check_prefix(length: int) -> None:
    """Raise an InputError unless a prefix has a token that others can follow."""
    if length < 1:
        raise InputError("A prefix must have at least one token.")


def _check(strategy: str, filters: dict[str, float | None]) -> None:
    if strategy not in _STRATEGIES:
        known = ", ".join(_STRATEGIES)
        raise InputError(f"There is no strategy {strategy!r}; choose from {known}.")
    needed = _STRATEGIES[strategy]
    if needed is not None and filters[needed] is None:
        raise InputError(f"The strategy {strategy!r} needs the argument {needed}.")
    if filters["k"] is not None and filters["k"] < 1:
        raise InputError(f"k must be at least 1, not {filters['k']}.")
    for name in ("p", "min_p"):
        value = filters[name]
        if value is not None and not 0 < value <= 1:
            raise InputError(f"{name} must be above 0 and at most 1, not {value}.")


def _as_row(logits: Any) -> np.ndarray:
    values = np.asarray(to_numpy(logits), dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise InputError(f"Logits must have shape (vocab,), not {values.shape}.")
    return values


def _filtered(
    probabilities: np.ndarray,
    order: np.ndarray,
    k: int | None,
    p: float | None,
    min_p: float | None,
) -> np.ndarray:
    """The leading part of `order` that the filters leave: at least one token."""
    if k is not None:
        order = order[:k]
    sorted_ = probabilities[order] / probabilities[order].sum()
    if p is not None:
        # A token is kept when those before it have not reached p.
        before = np.concatenate([[0.0], np.cumsum(sorted_)[:-1]])
        order, sorted_ = order[before < p], sorted_[before < p]
    if min_p is not None:
        order = order[sorted_ >= min_p * sorted_[0]]
    return order


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities along the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def generate(
    step_fn: StepFunction,
    prefix: Sequence[int],
    num_tokens: int,
    eos_id: int | None = None,
    **strategy: Any,
) -> list[int]:
    """Continue a sequence one token at a time.

    step_fn: from a list of tokens to the logits of the next one, (vocab,).
    prefix: the tokens to begin with.
    num_tokens: how many to add at most.
    eos_id: the token that ends the sequence; it is kept as the last one.
    strategy: arguments for `sample_next`; one generator draws all tokens.

    returns: the prefix and what follows it.
    """
    tokens = [int(token) for token in prefix]
    strategy["rng"] = np.random.default_rng(strategy.get("rng"))
    for _ in range(num_tokens):
        tokens.append(sample_next(step_fn(list(tokens)), **strategy))
        if tokens[-1] == eos_id:
            break
    return tokens


class _Beam(NamedTuple):
    """A sequence, what was added to the prefix, and its log-probability."""

    tokens: list[int]
    length: int
    log_probability: float
    is_finished: bool = False

    def score(self, alpha: float) -> float:
        """The log-probability over the length to the power of `alpha`."""
        return self.log_probability / max(self.length, 1) ** alpha


def beam_search(
    step_fn: StepFunction,
    prefix: Sequence[int],
    num_tokens: int,
    beam_size: int = 4,
    alpha: float = 0.75,
    eos_id: int | None = None,
) -> list[int]:
    """The continuation with the best score that a search of limited width finds.

    The score of y_1 ... y_L after the prefix is log P(y_1 ... y_L) / L^alpha.
    After each step the `beam_size` likeliest unfinished sequences go on. What ends
    with `eos_id`, and what has `num_tokens` new tokens, is compared by score.

    step_fn, prefix, num_tokens, eos_id: as for `generate`.
    alpha: 0 prefers short sequences, larger ones prefer longer ones.

    returns: the prefix and what follows it.

    raises InputError where there is no beam.
    """
    if beam_size < 1:
        raise InputError(f"beam_size must be at least 1, not {beam_size}.")
    beams = [_Beam([int(token) for token in prefix], 0, 0.0)]
    finished: list[_Beam] = []
    for _ in range(num_tokens):
        # One more than go on, for one of them may end here.
        extended = [_extended(b, step_fn, eos_id, beam_size + 1) for b in beams]
        found = [beam for several in extended for beam in several]
        # Sorting is stable: among equals the earlier beam and the lower index lead.
        found.sort(key=lambda beam: -beam.log_probability)
        finished += [beam for beam in found[:beam_size] if beam.is_finished]
        beams = [beam for beam in found if not beam.is_finished][:beam_size]
        if not beams:
            break
    return max([*finished, *beams], key=lambda beam: beam.score(alpha)).tokens


def _extended(
    beam: _Beam, step_fn: StepFunction, eos_id: int | None, count: int
) -> list[_Beam]:
    """A beam with each of its `count` likeliest next tokens added."""
    log_probabilities = log_softmax(_as_row(step_fn(list(beam.tokens))))
    order = np.argsort(-log_probabilities, kind="stable")[:count]
    return [
        _Beam(
            [*beam.tokens, token],
            beam.length + 1,
            beam.log_probability + float(log_probabilities[token]),
            token == eos_id,
        )
        for token in order.tolist()
    ]
