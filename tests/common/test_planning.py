"""Decision processes, planning in them, and the world of ice."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from d2l.common.errors import InputError
from d2l.common.grid_world import GridWorld
from d2l.common.reinforcement_learning.mdp import TabularMDP
from d2l.common.reinforcement_learning.value_iter import (
    evaluate,
    policy_evaluation,
    value_iteration,
)
from d2l.parity.oracles import planning


def process(seed, states=3, actions=2):
    random = np.random.default_rng(seed)
    P = random.dirichlet(np.ones(states), (states, actions))
    return P, random.standard_normal((states, actions))


def lake(gamma, **settings):
    return TabularMDP.from_gym(GridWorld(**settings), gamma)


@pytest.mark.parametrize(
    ("P", "r", "gamma", "message"),
    [
        (np.ones((2, 2)), np.ones((2, 2)), 0.5, r"not \(states, actions, states\)"),
        (np.ones((2, 1, 3)), np.ones((2, 1)), 0.5, r"P is \(2, 1, 3\)"),
        (np.ones((0, 1, 0)), np.ones((0, 1)), 0.5, r"P is \(0, 1, 0\)"),
        ([[[1.0]]], [1.0], 0.5, r"r is \(1,\), not \(1, 1\)"),
        ([[[1.0]]], [[np.nan]], 0.5, "reward"),
        ([[[0.9]]], [[1.0]], 0.5, r"P\[0, 0\].*sum to 1 instead of 0.9"),
        ([[[np.nan]]], [[1.0]], 0.5, r"P\[0, 0\]"),
        (np.full((2, 1, 2), [1.5, -0.5]), np.ones((2, 1)), 0.5, "negative"),
        ([[[1.0]]], [[1.0]], 1, "gamma is 1"),
        ([[[1.0]]], [[1.0]], -0.1, "gamma is -0.1"),
        ([[[1.0]]], [[1.0]], np.nan, "gamma is nan"),
    ],
)
def test_tables_that_are_no_process(P, r, gamma, message):
    with pytest.raises(InputError, match=message):
        TabularMDP(P, r, gamma)


@pytest.mark.parametrize(
    ("pi", "message"),
    [
        ([0, 1], r"pi is \(2,\)"),
        ([0, 1, 2], "none of 0 to 1"),
        ([0, 0.5, 1], "none of 0 to 1"),
        (np.full((3, 2), 0.4), "sum to 1"),
        ([[2, -1]] * 3, "sum to 1"),
    ],
)
def test_what_is_no_policy(pi, message):
    mdp = TabularMDP(*process(0), gamma=0.5)
    with pytest.raises(InputError, match=message):
        policy_evaluation(mdp, pi, 3)


def test_numbers_of_sweeps_and_episodes():
    mdp = TabularMDP(*process(0), gamma=0.5)
    V, pi = value_iteration(mdp, 0)
    assert V.tolist() == [[0, 0, 0]]
    assert np.array_equal(pi, mdp.r.argmax(axis=1))
    with pytest.raises(InputError, match="-1 sweeps"):
        value_iteration(mdp, -1)
    with pytest.raises(InputError, match="not 0"):
        evaluate(GridWorld(), [0] * 16, 0)


@given(st.integers(0, 10**6), st.floats(0, 0.99))
@settings(max_examples=20, deadline=None)
def test_a_backup_contracts(seed, gamma):
    random = np.random.default_rng(seed)
    mdp = TabularMDP(*process(seed), gamma)
    V, W = 10 * random.standard_normal((2, 3))
    difference = mdp.backup(V).max(axis=1) - mdp.backup(W).max(axis=1)
    assert abs(difference).max() <= gamma * abs(V - W).max() + 1e-12


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9])
def test_sweeps_approach_the_best_of_all_policies(gamma):
    P, r = process(1)
    best = planning.best_of_all_policies(P, r, gamma)
    V, pi = value_iteration(TabularMDP(P, r, gamma), 30)
    errors = abs(V - best).max(axis=1)
    assert (errors[1:] <= gamma * errors[:-1] + 1e-14).all()
    steps = abs(np.diff(V, axis=0)).max(axis=1)
    assert (errors[1:] <= gamma / (1 - gamma) * steps + 1e-14).all()
    own = planning.policy_values(P, r, gamma, np.eye(2)[pi])
    np.testing.assert_allclose(own, best, rtol=0, atol=1e-12)
    improved = planning.best_by_policy_iteration(P, r, gamma)
    np.testing.assert_allclose(improved, best, rtol=0, atol=1e-12)


def test_sweeps_are_the_best_of_all_plans():
    """Of three decisions, each by a rule of its own for every state."""
    P, r = process(2)
    V, _ = value_iteration(TabularMDP(P, r, 0.9), 3)
    rules = [list(rule) for rule in itertools.product(range(2), repeat=3)]
    states = np.arange(3)
    earned = []
    for plan in itertools.product(rules, repeat=3):
        values = np.zeros(3)
        for rule in plan:
            values = r[states, rule] + 0.9 * P[states, rule] @ values
        earned.append(values)
    np.testing.assert_allclose(V[3], np.max(earned, axis=0), rtol=0, atol=1e-14)


def test_actions_and_their_probabilities_are_the_same_policy():
    mdp = lake(0.9)
    _, pi = value_iteration(mdp, 50)
    found = [policy_evaluation(mdp, p, 10) for p in (pi, np.eye(4)[pi])]
    assert np.array_equal(*found)


@pytest.mark.parametrize("form", ["actions", "probabilities", "function"])
def test_walks_earn_what_sweeps_say(form):
    mdp = lake(0.9)
    V, pi = value_iteration(mdp, 200)
    forms = {"actions": pi, "probabilities": np.eye(4)[pi], "function": pi.__getitem__}
    random = np.random.default_rng(0)
    mean = evaluate(GridWorld(), forms[form], 400, 0.9, random)
    # Returns between 0 and 1 have a deviation of at most a half.
    assert abs(mean - V[-1, 0]) < 4 * 0.5 / np.sqrt(400)


def test_a_walk_is_drawn_by_the_probabilities():
    world = GridWorld(slip=0.4)
    random = np.random.default_rng(0)
    counts = np.zeros(16)
    for _ in range(2000):
        world.reset(seed=int(random.integers(2**31)))
        counts[world.step(1)[0]] += 1
    expected = 2000 * lake(0.5, slip=0.4).P[0, 1]
    assert set(np.flatnonzero(counts)) == {0, 1, 4}
    assert (abs(counts - expected) < 4 * np.sqrt(expected + 1)).all()


def test_a_walk_is_cut_off_and_repeats_with_its_seed():
    world = GridWorld(max_steps=3)
    walks = []
    for _ in range(2):
        state, rest = world.reset(seed=7)
        walks.append([world.step(0) for _ in range(3)])
        assert (state, rest) == (0, {})
    assert walks[0] == walks[1]
    assert [step[3] for step in walks[0]] == [False, False, True]


def test_the_goal_pays_and_ends_the_walk():
    world = GridWorld(["SG"], slip=0)
    world.reset()
    assert world.step(2) == (1, 1.0, True, False, {})
    assert evaluate(world, [2, 0], 2, gamma=0.5) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rows": ["S.", "G"]}, "one length"),
        ({"rows": ["SS"]}, "one S"),
        ({"rows": ["Sx"]}, "letters"),
        ({"rows": []}, "one S"),
        ({"slip": 1.5}, "slip is 1.5"),
    ],
)
def test_maps_of_no_world(settings, message):
    with pytest.raises(InputError, match=message):
        GridWorld(**settings)


class Environment:
    """An environment that tells the table it is given."""

    def __init__(self, table):
        self.unwrapped = self
        self.P = table


def test_nothing_follows_an_end():
    """Even if the table says what would follow."""
    table = {0: {0: [(0.5, 1, 2.0, True), (0.5, 0, 0.0, False)]}}
    table[1] = {0: [(1.0, 0, 9.0, False)]}
    mdp = TabularMDP.from_gym(Environment(table), 0.5)
    assert mdp.P[:, 0].tolist() == [[0.5, 0.5], [0, 1]]
    assert mdp.r.tolist() == [[1.0], [0.0]]


def test_environments_without_a_table_of_states():
    with pytest.raises(InputError, match="Environment has no table"):
        TabularMDP.from_gym(Environment(None), 0.5)
    sometimes = {0: {0: [(0.5, 0, 0.0, True), (0.5, 1, 0.0, False)]}}
    sometimes[1] = {0: [(1.0, 0, 0.0, False)]}
    with pytest.raises(InputError, match="state 0 ends some episodes"):
        TabularMDP.from_gym(Environment(sometimes), 0.5)
