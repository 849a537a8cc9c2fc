"""What the shared sections offer: written once, in NumPy, one object for all."""

from d2l.common.grid_world import GridWorld as GridWorld
from d2l.common.reinforcement_learning.mdp import TabularMDP as TabularMDP
from d2l.common.reinforcement_learning.value_iter import (
    evaluate as evaluate,
    policy_evaluation as policy_evaluation,
    value_iteration as value_iteration,
)
