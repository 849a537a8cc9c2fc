"""Decision processes: looking one step ahead."""

import numpy as np
import pytest

from d2l.common.grid_world import GridWorld
from d2l.parity.oracles import planning
from parity_tests.reinforcement_learning.mdp_tasks import process, process_of_world
from parity_tests.shared_parity import SharedParity, require_common

GAMMA = 0.9


def random_process(states=4, actions=3):
    """Tables of numbers that nothing is special about."""
    random = np.random.default_rng(0)
    P = random.dirichlet(np.ones(states), (states, actions))
    return {"P": P, "r": random.standard_normal((states, actions))}


class TestBackup(SharedParity):
    name = "TabularMDP"
    task = process
    settings = {"gamma": GAMMA}

    def inputs(self):
        return {**random_process(), "V": np.array([1.0, -2.0, 0.5, 3.0])}

    def expected(self):
        P, r, V = self.inputs().values()
        cells = np.ndindex(r.shape)
        Q = [planning.action_value(P, r, GAMMA, V, *cell) for cell in cells]
        return {"Q": np.reshape(Q, r.shape)}


class TestFromGym(SharedParity):
    """Each entry of the world's table is read, and nothing follows an end."""

    name = "TabularMDP"
    task = process_of_world
    settings = {"gamma": GAMMA}

    def expected(self):
        world = GridWorld()
        P = np.zeros((16, 4, 16))
        r = np.zeros((16, 4))
        for state, action in np.ndindex(16, 4):
            for probability, to, reward, _ in world.P[state][action]:
                P[state, action, to] += probability
                r[state, action] += probability * reward
        return {"P": P, "r": r}


@pytest.mark.parametrize(
    ("name", "module"),
    [("TabularMDP", "reinforcement_learning.mdp"), ("GridWorld", "grid_world")],
)
def test_it_is_one_for_all_frameworks(framework, pool, name, module):
    """The very object."""
    require_common(pool, framework, name, module)
