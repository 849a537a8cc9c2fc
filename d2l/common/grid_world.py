"""A small world to plan in, with the interface of Gymnasium's environments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from d2l.common.errors import InputError

#: Steps to the left, down, right and up: each is a quarter turn from the one before.
MOVES = ((0, -1), (1, 0), (0, 1), (-1, 0))
MAP = ("S...", ".H..", "...H", ".H.G")


class GridWorld:
    """A walk over slippery ice, from S to G; an episode ends there, or in a hole H.

    rows: the map: `S` the start, `.` ice, `H` a hole, `G` the goal, which pays 1.
    slip: the probability of going not where one wants to but to the left or to the
        right of it, half of it for each. Who walks against the border stays.
    max_steps: an episode that is longer is cut off.

    Actions are 0 left, 1 down, 2 right, 3 up; states are numbered row by row. As in
    Gymnasium's FrozenLake, `P[state][action]` has an entry for each next state:
    probability, state, reward, and whether the episode ends.

    raises: InputError for another letter, rows of different lengths, no or several
    starts, or a `slip` that is no probability.
    """

    def __init__(
        self, rows: Sequence[str] = MAP, slip: float = 0.2, max_steps: int = 100
    ):
        _check(rows, slip)
        self.rows, self.slip, self.max_steps = tuple(rows), slip, max_steps
        self.shape = len(rows), len(rows[0])
        self.letters = "".join(rows)
        self.start = self.letters.index("S")
        self.num_states, self.num_actions = len(self.letters), len(MOVES)
        self.P = [
            [self._transitions(state, action) for action in range(self.num_actions)]
            for state in range(self.num_states)
        ]
        self._random = np.random.default_rng()
        self._state, self._steps = self.start, 0

    @property
    def unwrapped(self) -> GridWorld:
        """Itself: nothing is wrapped around it."""
        return self

    def reset(self, *, seed: int | None = None) -> tuple[int, dict[str, Any]]:
        """Begin an episode; returns the state, and nothing else that is known.

        seed: of all that is random from here on; None goes on as before.
        """
        if seed is not None:
            self._random = np.random.default_rng(seed)
        self._state, self._steps = self.start, 0
        return self._state, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Walk; returns state, reward, whether it is the end, or cut off, and {}."""
        choices = self.P[self._state][action]
        chosen = self._random.choice(len(choices), p=[share for share, *_ in choices])
        _, self._state, reward, is_end = choices[chosen]
        self._steps += 1
        return self._state, reward, is_end, self._steps >= self.max_steps, {}

    def _transitions(self, state: int, action: int) -> list[tuple[Any, ...]]:
        if self.letters[state] in "HG":
            return [(1.0, state, 0.0, True)]
        found = []
        for turn, share in (0, 1 - self.slip), (-1, self.slip / 2), (1, self.slip / 2):
            to = self._neighbour(state, (action + turn) % self.num_actions)
            letter = self.letters[to]
            found.append((share, to, float(letter == "G"), letter in "HG"))
        return found

    def _neighbour(self, state: int, action: int) -> int:
        row, column = divmod(state, self.shape[1])
        row = min(max(row + MOVES[action][0], 0), self.shape[0] - 1)
        column = min(max(column + MOVES[action][1], 0), self.shape[1] - 1)
        return row * self.shape[1] + column


def _check(rows: Sequence[str], slip: float) -> None:
    letters = "".join(rows)
    if set(letters) - set("S.HG") or letters.count("S") != 1:
        raise InputError("A map has one S, and besides it only the letters . H and G.")
    if len({len(row) for row in rows}) != 1:
        raise InputError("The rows of a map must have one length.")
    if not 0 <= slip <= 1:
        raise InputError(f"slip is {slip}, which is no probability.")
