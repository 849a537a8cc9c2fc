"""What was measured, as small JSON files: one for each section."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.common.training.checkpoints import write_atomically
from d2l.parity.measure import Measurement


def worst_of(measurements: Iterable[Measurement]) -> list[Measurement]:
    """Of each framework and check the largest error, and of equal ones the first."""
    worst: dict[tuple[str, str], Measurement] = {}
    for found in measurements:
        key = found.framework, found.kind
        if key not in worst or found.error > worst[key].error:
            worst[key] = found
    return list(worst.values())


class Evidence:
    """The worst error of every check, by section, subject, framework, precision.

    steps: of the training curves that were compared.
    versions: of the frameworks, if they are not those of this interpreter.
    """

    def __init__(self, steps: int, versions: Mapping[str, str] | None = None):
        self.steps = steps
        own = {key: FRAMEWORKS[key].version() for key in installed()}
        self.versions = dict(own if versions is None else versions)
        self.sections: dict[str, dict[tuple[str, str], list[Measurement]]] = {}

    def add(
        self,
        section: str,
        subject: str,
        precision: str,
        measurements: Iterable[Measurement],
    ) -> None:
        """Take in what a check of `subject` measured."""
        subjects = self.sections.setdefault(section, {})
        known = subjects.get((subject, precision), [])
        subjects[subject, precision] = worst_of([*known, *measurements])

    def write(self, folder: str | os.PathLike[str]) -> None:
        """Write a file `<chapter>/<section>.json` for every section."""
        for section, subjects in self.sections.items():
            rows = [
                _row(subject, precision, found)
                for (subject, precision), worst in subjects.items()
                for found in worst
            ]
            content = {
                "section": section,
                "steps": self.steps,
                "versions": self.versions | {"numpy": np.__version__},
                "measured": sorted(rows, key=_place),
            }
            text = json.dumps(content, indent=1, allow_nan=False) + "\n"
            write_atomically(Path(folder) / f"{section}.json", text.encode())


def _row(subject: str, precision: str, found: Measurement) -> dict[str, Any]:
    return {
        "subject": subject,
        "framework": found.framework,
        "reference": found.reference,
        "precision": precision,
        "check": found.kind,
        "tensor": found.tensor,
        # Three digits: the rest changes with the machine. JSON has no infinity.
        "error": float(f"{found.error:.2e}") if np.isfinite(found.error) else None,
        "tolerance": found.tolerance,
        "passed": found.passed,
    }


def _place(row: dict[str, Any]) -> tuple[str, ...]:
    return row["subject"], row["framework"], row["precision"], row["check"]
