"""Markov decision processes whose states and actions can be counted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from d2l.common.errors import InputError


class TabularMDP:
    """A Markov decision process as tables (Bellman, 1957; Puterman, 1994).

    P: probabilities of the next state, (states, actions, states).
    r: expected rewards, (states, actions).
    gamma: the discount of a step, 0 <= gamma < 1.

    raises: InputError when shapes do not fit, when the probabilities of a state and
    an action are negative or do not sum to 1, or for another discount.
    """

    def __init__(self, P: ArrayLike, r: ArrayLike, gamma: float):
        self.P = np.asarray(P, np.float64)
        self.r = np.asarray(r, np.float64)
        self.gamma = gamma
        _check(self.P, self.r, gamma)
        self.num_states, self.num_actions = self.r.shape

    def backup(self, V: ArrayLike) -> np.ndarray:
        """Look one step ahead: r + gamma P V, (states, actions).

        V: what each next state is worth, (states,).
        """
        return self.r + self.gamma * (self.P @ np.asarray(V, np.float64))

    @classmethod
    def from_gym(cls, env: Any, gamma: float) -> TabularMDP:
        """The process of an environment that tells its probabilities.

        env: as Gymnasium's FrozenLake, `env.unwrapped.P[state][action]` are pairs of
            four: probability, next state, reward, and whether the episode ends.

        A state that an episode ends in is left no more, and pays nothing.

        raises: InputError when the environment tells no probabilities, or when a
        state ends some episodes and not others, which no table of states can say.
        """
        table = getattr(env.unwrapped, "P", None)
        if table is None:
            raise InputError(f"{type(env).__name__} has no table of probabilities P.")
        ends = {to for *_, to, is_end in _transitions(table) if is_end}
        P = np.zeros((len(table), len(table[0]), len(table)))
        r = np.zeros(P.shape[:2])
        for state in ends:
            P[state, :, state] = 1
        for state, action, probability, reward, to, is_end in _transitions(table):
            if state in ends:
                continue
            if to in ends and not is_end:
                raise InputError(f"The state {to} ends some episodes and not others.")
            P[state, action, to] += probability
            r[state, action] += probability * reward
        return cls(P, r, gamma)


def _transitions(table: Any) -> list[tuple[int, int, float, float, int, bool]]:
    """State, action, probability, reward, next state, and whether it is the end."""
    return [
        (state, action, probability, reward, to, is_end)
        for state in range(len(table))
        for action in range(len(table[state]))
        for probability, to, reward, is_end in table[state][action]
    ]


def _check(P: np.ndarray, r: np.ndarray, gamma: float) -> None:
    if P.ndim != 3 or P.shape[0] != P.shape[2] or P.size == 0:
        raise InputError(f"P is {P.shape}, not (states, actions, states).")
    if r.shape != P.shape[:2]:
        raise InputError(f"r is {r.shape}, not {P.shape[:2]}: (states, actions).")
    if not np.isfinite(r).all():
        raise InputError("A reward in r is not a finite number.")
    # Written so that what is not a number fails.
    is_distribution = (P >= 0).all(axis=2) & (np.abs(P.sum(axis=2) - 1) <= 1e-8)
    if not is_distribution.all():
        state, action = map(int, np.argwhere(~is_distribution)[0])
        raise InputError(
            f"P[{state}, {action}] is no distribution: its elements must not be "
            f"negative, and sum to 1 instead of {P[state, action].sum():.6g}."
        )
    if not 0 <= gamma < 1:
        raise InputError(f"gamma is {gamma}: it must be at least 0 and less than 1.")
