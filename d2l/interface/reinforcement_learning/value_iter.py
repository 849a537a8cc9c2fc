"""Declarations: value iter."""


def value_iteration(mdp, num_iters):
    """Values after each sweep, (num_iters + 1, states), and the greedy policy."""


def policy_evaluation(mdp, pi, num_iters):
    """Values of a policy after each sweep, (num_iters + 1, states)."""


def evaluate(env, policy, num_episodes, gamma=1.0, rng=None):
    """The mean return of a policy's episodes."""


class GridWorld:
    """A walk over slippery ice, with Gymnasium's interface."""

    def __init__(self, rows=("S...", ".H..", "...H", ".H.G"), slip=0.2, max_steps=100):
        """The map, the probability of slipping, and when an episode is cut off."""

    def reset(self, *, seed=None):
        """Begin an episode."""

    def step(self, action):
        """Walk."""
