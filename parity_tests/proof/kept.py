"""The evidence that is kept: what each case has measured, and under which key.

A file for each file of tests: a line for each test, in it an entry for each run, such
as `"jax-float64": "3f2a9c01 2e-16"`. Keys change with the code, errors hardly ever:
one that is reproduced is left as it is, so that little of a file changes.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from d2l.common.frameworks import FRAMEWORKS
from d2l.common.training.checkpoints import write_atomically

PRECISIONS = ("float64", "float32")
FOLDER = Path(__file__).parents[1] / "evidence"
#: The steps of training that are not told.
QUICK = 20
#: What a case that measures nothing has in the place of an error.
NOTHING = "-"
#: An error is reproduced if it is within this factor of what it was.
FACTOR = 10
#: Below these, errors are rounding, and one is as good as another.
ROUNDING = {"float64": 2e-15, "float32": 1e-6}


@dataclass(frozen=True)
class Entry:
    """What a case has measured.

    key: of what it depended on; error: its worst, None where nothing is measured;
    steps: of training.
    """

    key: str
    error: float | None
    steps: int

    def __str__(self):
        error = NOTHING if self.error is None else f"{self.error:.0e}"
        steps = "" if self.steps == QUICK else f" {self.steps}"
        return f"{self.key} {error.replace('0e+00', '0')}{steps}"

    @classmethod
    def read(cls, text):
        """An entry as it is written."""
        key, error, *steps = text.split()
        worst = None if error == NOTHING else float(error)
        return cls(key, worst, int(steps[0]) if steps else QUICK)

    def contradicts(self, error, steps, precision):
        """Why an error is not the one of this evidence, or None."""
        if error is None or self.error is None:
            is_other = (error is None) != (self.error is None)
            return "it measured something, then or now" if is_other else None
        least = ROUNDING.get(precision, ROUNDING["float64"])
        now, then = max(error, least), max(self.error, least)
        # One digit is kept.
        factor = FACTOR * 1.1
        is_less = steps == self.steps and now * factor < then
        if not math.isfinite(now) or now > then * factor or is_less:
            return f"its error is {error:.0e}, where the evidence says {self.error:.0e}"
        return None


class Kept:
    """The evidence in a folder; what is added is written at the end."""

    def __init__(self, folder=FOLDER):
        self.folder = Path(folder)
        self._files = {}

    def find(self, node_id):
        """What is kept of a case, or None."""
        file, row, column = place_of(node_id)
        text = self._cases(file).get(row, {}).get(column)
        return None if text is None else Entry.read(text)

    def add(self, node_id, entry):
        """Keep an entry; an error that it reproduces stays as it was written."""
        file, row, column = place_of(node_id)
        known = self.find(node_id)
        precision = column.rpartition("-")[2]
        if known and not known.contradicts(entry.error, entry.steps, precision):
            entry = Entry(entry.key, known.error, known.steps)
        self._cases(file).setdefault(row, {})[column] = str(entry)

    def drop_gone(self, node_ids, frameworks):
        """Forget what there is no case for any more, of some frameworks."""
        places = {place_of(node_id) for node_id in node_ids}
        for file in {file for file, _, _ in places}:
            cases = self._cases(file)
            for row, columns in list(cases.items()):
                for column in list(columns):
                    is_asked = column.partition("-")[0] in ("", *frameworks)
                    if is_asked and (file, row, column) not in places:
                        del columns[column]
                if not columns:
                    del cases[row]

    def write(self):
        """Write the files that changed."""
        for file, cases in self._files.items():
            text = _as_text(cases)
            path = self.folder / file
            if cases and (not path.is_file() or path.read_text("utf-8") != text):
                write_atomically(path, text.encode())

    def _cases(self, file):
        if file not in self._files:
            path = self.folder / file
            self._files[file] = _read(path) if path.is_file() else {}
        return self._files[file]


def place_of(node_id):
    """File, row and column of a case, by the run that its name tells."""
    path, _, name = node_id.partition("::")
    file = re.sub(r"^(.*/)?parity_tests/", "", path).removesuffix(".py") + ".json"
    test, bracket, parameters = name.partition("[")
    parts = parameters.removesuffix("]").split("-") if bracket else []
    at = next((i for i, part in enumerate(parts) if part in FRAMEWORKS), None)
    if at is None:
        return file, name, ""
    length = 2 if parts[at + 1 : at + 2] and parts[at + 1] in PRECISIONS else 1
    others = "-".join(parts[:at] + parts[at + length :])
    row = f"{test}[{others}]" if others else test
    return file, row, "-".join(parts[at : at + length])


def _as_text(cases):
    rows = {row: dict(sorted(cases[row].items())) for row in sorted(cases)}
    lines = [f"  {json.dumps(row)}: {json.dumps(c)}" for row, c in rows.items()]
    head = f'{{\n "digest": "{_digest(rows)}",\n "cases": {{\n'
    return head + ",\n".join(lines) + "\n }\n}\n"


def _digest(cases):
    text = json.dumps(cases, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(path):
    content = json.loads(path.read_text("utf-8"))
    if content["digest"] != _digest(content["cases"]):
        raise pytest.UsageError(
            f"{path} does not fit its digest: evidence is measured, not written. "
            "`make parity` measures it anew."
        )
    return content["cases"]
