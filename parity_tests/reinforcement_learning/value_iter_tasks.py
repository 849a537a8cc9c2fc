"""What dynamic programming computes, by the names that a framework hands on."""

from __future__ import annotations

import numpy as np


def plan(session, arrays, gamma, num_iters):
    """Values and greedy policy of a process, and values of a given policy."""
    mdp = session.find("TabularMDP")(arrays["P"], arrays["r"], gamma)
    values, policy = session.find("value_iteration")(mdp, num_iters)
    evaluated = session.find("policy_evaluation")(mdp, arrays["pi"], num_iters)
    return {}, {"values": values, "policy": policy, "evaluated": evaluated}


def episodes(session, arrays, slip, num_episodes, gamma):
    """The mean return of a policy in the grid world."""
    world, rng = session.find("GridWorld")(slip=slip), np.random.default_rng(0)
    mean = session.find("evaluate")(world, arrays["pi"], num_episodes, gamma, rng)
    return {}, {"mean": np.array(mean)}
