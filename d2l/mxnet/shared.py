"""What the shared sections offer: written once, in NumPy, one object for all."""

# Written by `make generated` from d2l/interface, not by hand.

from d2l.common.reinforcement_learning.mdp import TabularMDP as TabularMDP
from d2l.common.reinforcement_learning.value_iter import (
    GridWorld as GridWorld,
    evaluate as evaluate,
    policy_evaluation as policy_evaluation,
    value_iteration as value_iteration,
)
