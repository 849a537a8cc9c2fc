"""What decision processes compute, by the names that a framework hands on."""

from __future__ import annotations


def process(session, arrays, gamma):
    """A decision process from its tables, and what looking ahead in it finds."""
    mdp = session.find("TabularMDP")(arrays["P"], arrays["r"], gamma)
    return {}, {"Q": mdp.backup(arrays["V"])}


def process_of_world(session, arrays, gamma):
    """The tables that are read off the grid world."""
    world = session.find("GridWorld")()
    mdp = session.find("TabularMDP").from_gym(world, gamma)
    return {}, {"P": mdp.P, "r": mdp.r}
