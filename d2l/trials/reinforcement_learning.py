"""Trials of the chapter on reinforcement learning."""

from d2l.common.grid_world import GridWorld
from d2l.common.reinforcement_learning.mdp import TabularMDP
from d2l.trials.shared_trial import SharedTrial

#: What a reward of the next step is worth today.
GAMMA = 0.9


def grid_world() -> TabularMDP:
    """The slippery lake as tables."""
    return TabularMDP.from_gym(GridWorld(), GAMMA)


TRIALS = [
    SharedTrial(
        "value_iter",
        "Value iteration in a grid world",
        "reinforcement_learning/value_iter",
        "value_iteration",
        {"mdp": grid_world, "num_iters": 50},
    ),
]
