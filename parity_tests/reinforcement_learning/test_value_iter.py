"""Dynamic programming, against linear equations and all policies there are."""

import numpy as np
import pytest

from d2l.common.grid_world import GridWorld
from d2l.common.reinforcement_learning.mdp import TabularMDP
from d2l.parity.oracles import planning
from parity_tests.reinforcement_learning.test_mdp import random_process
from parity_tests.reinforcement_learning.value_iter_tasks import episodes, plan
from parity_tests.shared_parity import SharedParity, require_common

GAMMA = 0.7
#: After so many sweeps at this discount nothing is left to gain: 0.7^90 = 1e-14.
SWEEPS = 90


def uniform(shape):
    """All actions of a state alike."""
    return np.full(shape, 1 / shape[1])


class TestRandomProcess(SharedParity):
    name = "value_iteration"
    task = plan
    settings = {"gamma": GAMMA, "num_iters": SWEEPS}

    def inputs(self):
        tables = random_process()
        return {**tables, "pi": uniform(tables["r"].shape)}

    def best(self, tables):
        """The best values, from all 81 policies."""
        return planning.best_of_all_policies(*tables)

    def expected(self):
        P, r, pi = self.inputs().values()
        tables = P, r, GAMMA
        best = self.best(tables)
        values = planning.best_values(*tables, SWEEPS)
        evaluated = planning.values_in_steps(*tables, pi, SWEEPS)
        # Where the sweeps end is found without any sweep.
        values[-1], evaluated[-1] = best, planning.policy_values(*tables, pi)
        cells = np.ndindex(r.shape)
        Q = [planning.action_value(*tables, best, *cell) for cell in cells]
        policy = np.reshape(Q, r.shape).argmax(axis=1)
        return {"values": values, "policy": policy, "evaluated": evaluated}


class TestGridWorld(TestRandomProcess):
    name = "policy_evaluation"

    def inputs(self):
        mdp = TabularMDP.from_gym(GridWorld(slip=0.3), GAMMA)
        return {"P": mdp.P, "r": mdp.r, "pi": uniform(mdp.r.shape)}

    def best(self, tables):
        """The best values; 4^16 policies are too many to try."""
        return planning.best_by_policy_iteration(*tables)


class TestEpisodes(SharedParity):
    """The way around the holes, without slipping: the sixth step is paid."""

    name = "evaluate"
    task = episodes
    settings = {"slip": 0.0, "num_episodes": 3, "gamma": GAMMA}

    def inputs(self):
        left, down, right = range(3)
        pi = [
            [down, left, left, left],
            [down, left, left, left],
            [right, right, down, left],
            [left, left, right, left],
        ]
        return {"pi": np.ravel(pi)}

    def expected(self):
        return {"mean": np.array(GAMMA**5)}


@pytest.mark.parametrize("name", ["value_iteration", "policy_evaluation", "evaluate"])
def test_it_is_one_for_all_frameworks(framework, pool, name):
    """The very object."""
    require_common(pool, framework, name, "reinforcement_learning.value_iter")
