"""What tasks have answered, so that two checks of the same need not ask twice."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from d2l.common.weights import Arrays
from d2l.parity.measure import rounded_to

#: A framework and a precision.
Run = tuple[str, str]
#: Tasks that take long and whose answers several checks look at.
LONG = ("forward", "gradients", "curve")
#: How many answers of others than the truth are kept: those of one trial in all
#: frameworks, by some optimizers.
KEPT = 48


class Memory:
    """Answers by run, task, arguments and the arrays that were given.

    truth: the run whose answers are all kept.
    keeps_all: also the latest ones of others, for which no process may change how it
        answers.
    """

    def __init__(self, truth: Run, keeps_all: bool = False):
        self.truth, self.keeps_all = truth, keeps_all
        self._of_truth: dict[str, Arrays] = {}
        self._of_others: OrderedDict[str, Arrays] = OrderedDict()

    def key(self, run: Run, task: str, given: Arrays, asked: Mapping[str, Any]) -> str:
        """What an answer is found by.

        given: frameworks round them, so that the rounded ones are the same question.
        """
        # An argument that stands for nothing says what leaving it out says.
        said = sorted((k, v) for k, v in asked.items() if v)
        content = hashlib.sha256()
        for name, array in sorted(given.items()):
            rounded = rounded_to(run[1], array)
            content.update(f"{name} {rounded.shape} {rounded.dtype} ".encode())
            content.update(rounded.tobytes())
        return repr((run, task, said, content.hexdigest()))

    def find(self, key: str) -> Arrays | None:
        """The answer, with a dictionary of its own; None if there is none."""
        found = self._of_truth.get(key, self._of_others.get(key))
        return None if found is None else dict(found)

    def keep(self, key: str, run: Run, task: str, answer: Arrays) -> None:
        """Keep an answer, if it may be asked for again."""
        if run == self.truth:
            self._of_truth[key] = dict(answer)
        elif self.keeps_all and task in LONG:
            self._of_others[key] = dict(answer)
            if len(self._of_others) > KEPT:
                self._of_others.popitem(last=False)
