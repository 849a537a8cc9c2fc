"""Declarations: mdp."""


class TabularMDP:
    """A Markov decision process as tables."""

    def __init__(self, P, r, gamma):
        """Probabilities, rewards and the discount."""

    def backup(self, V):
        """One step ahead: r + gamma P V, (states, actions)."""
