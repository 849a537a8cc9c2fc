"""Dynamic programming: the best values, those of a policy, and what it earns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from d2l.common.errors import InputError
from d2l.common.grid_world import GridWorld as GridWorld
from d2l.common.reinforcement_learning.mdp import TabularMDP


def value_iteration(mdp: TabularMDP, num_iters: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the best values by Bellman's backup (Bellman, 1957).

    num_iters: how many sweeps over all states.

    Returns the values after each sweep, from zeros on, (num_iters + 1, states), and
    the greedy policy of the last ones: an action for each state, (states,), the
    first of equally good ones.
    """
    V = _zeros(mdp, num_iters)
    for k in range(num_iters):
        V[k + 1] = mdp.backup(V[k]).max(axis=1)
    return V, mdp.backup(V[-1]).argmax(axis=1)


def policy_evaluation(mdp: TabularMDP, pi: ArrayLike, num_iters: int) -> np.ndarray:
    """Find what a policy is worth by Bellman's backup.

    pi: an action for each state, (states,), or the probabilities of all actions,
        (states, actions).
    num_iters: how many sweeps over all states.

    Returns the values after each sweep, from zeros on, (num_iters + 1, states).

    raises: InputError for something else than a policy of the process.
    """
    pi = _probabilities(mdp, np.asarray(pi))
    V = _zeros(mdp, num_iters)
    for k in range(num_iters):
        V[k + 1] = (pi * mdp.backup(V[k])).sum(axis=1)
    return V


def evaluate(
    env: Any,
    policy: Callable[[Any], Any] | ArrayLike,
    num_episodes: int,
    gamma: float = 1.0,
    rng: np.random.Generator | None = None,
) -> float:
    """Try a policy; returns the mean discounted return of the episodes.

    env: has Gymnasium's `reset(seed=...)` and `step(action)`.
    policy: a function from an observation to an action or, where observations are
        numbers, an array as `policy_evaluation` takes.
    num_episodes: at least 1.
    gamma: the discount of a step.
    rng: draws the seeds of the episodes, and actions.
    """
    if num_episodes < 1:
        raise InputError(f"There must be an episode at least, not {num_episodes}.")
    rng = np.random.default_rng() if rng is None else rng
    total = 0.0
    for _ in range(num_episodes):
        state, _ = env.reset(seed=int(rng.integers(2**31)))
        discount, is_over = 1.0, False
        while not is_over:
            action = _choose(policy, state, rng)
            state, reward, terminated, truncated, _ = env.step(action)
            total += discount * float(reward)
            discount *= gamma
            is_over = terminated or truncated
    return total / num_episodes


def _choose(policy: Any, state: Any, rng: np.random.Generator) -> Any:
    if callable(policy):
        return policy(state)
    row = np.asarray(policy)[state]
    return int(row) if row.ndim == 0 else int(rng.choice(len(row), p=row))


def _zeros(mdp: TabularMDP, num_iters: int) -> np.ndarray:
    if num_iters < 0:
        raise InputError(f"There cannot be {num_iters} sweeps.")
    return np.zeros((num_iters + 1, mdp.num_states))


def _probabilities(mdp: TabularMDP, pi: np.ndarray) -> np.ndarray:
    """A policy as probabilities, (states, actions)."""
    if pi.shape == (mdp.num_states,):
        if not np.isin(pi, range(mdp.num_actions)).all():
            raise InputError(f"An action in pi is none of 0 to {mdp.num_actions - 1}.")
        return np.eye(mdp.num_actions)[pi.astype(int)]
    if pi.shape != mdp.r.shape:
        raise InputError(f"pi is {pi.shape}, not {mdp.r.shape[:1]} or {mdp.r.shape}.")
    if not ((pi >= 0).all() and np.allclose(pi.sum(axis=1), 1, rtol=0, atol=1e-8)):
        raise InputError("The probabilities of a state in pi do not sum to 1.")
    return pi
