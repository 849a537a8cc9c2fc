"""Decision processes: sums over the next state, and values by linear equations."""

from __future__ import annotations

from itertools import product

import numpy as np

Array = np.ndarray


def action_value(
    P: Array, r: Array, gamma: float, V: Array, state: int, action: int
) -> float:
    """What an action in a state is worth if the next state is worth V."""
    later = sum(P[state, action, to] * V[to] for to in range(len(V)))
    return float(r[state, action] + gamma * later)


def best_values(P: Array, r: Array, gamma: float, steps: int) -> Array:
    """The most that can be had in 0, 1, ... steps, (steps + 1, states)."""
    states, actions = r.shape
    V = [np.zeros(states)]
    for _ in range(steps):
        choices = [
            [action_value(P, r, gamma, V[-1], s, a) for a in range(actions)]
            for s in range(states)
        ]
        V.append(np.array([max(row) for row in choices]))
    return np.array(V)


def values_in_steps(P: Array, r: Array, gamma: float, pi: Array, steps: int) -> Array:
    """What a policy earns in 0, 1, ... steps, by powers of its transition matrix.

    pi: probabilities, (states, actions).
    """
    P_pi, r_pi = chain(P, r, pi)
    power = np.linalg.matrix_power
    terms = [gamma**t * power(P_pi, t) @ r_pi for t in range(steps)]
    return np.array([sum(terms[:t], np.zeros(len(r))) for t in range(steps + 1)])


def chain(P: Array, r: Array, pi: Array) -> tuple[Array, Array]:
    """The transition matrix and the rewards of a policy."""
    return np.einsum("sa,sat->st", pi, P), (pi * r).sum(axis=1)


def policy_values(P: Array, r: Array, gamma: float, pi: Array) -> Array:
    """What a policy is worth: the solution of (I - gamma P_pi) V = r_pi."""
    P_pi, r_pi = chain(P, r, pi)
    return np.linalg.solve(np.eye(len(r)) - gamma * P_pi, r_pi)


def best_of_all_policies(P: Array, r: Array, gamma: float) -> Array:
    """The values of the best of all deterministic policies, tried one by one."""
    states, actions = r.shape
    tried = [
        policy_values(P, r, gamma, np.eye(actions)[list(choice)])
        for choice in product(range(actions), repeat=states)
    ]
    return np.max(tried, axis=0)


def best_by_policy_iteration(P: Array, r: Array, gamma: float) -> Array:
    """The best values, by improving a policy until nothing is gained (Howard, 1960)."""
    states, actions = r.shape
    pi = np.zeros(states, int)
    while True:
        V = policy_values(P, r, gamma, np.eye(actions)[pi])
        Q = np.array(
            [
                [action_value(P, r, gamma, V, s, a) for a in range(actions)]
                for s in range(states)
            ]
        )
        # Rounding is no gain.
        gains = Q.max(axis=1) > Q[np.arange(states), pi] + 1e-13
        if not gains.any():
            return V
        pi = np.where(gains, Q.argmax(axis=1), pi)
