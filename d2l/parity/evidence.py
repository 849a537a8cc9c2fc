"""What was measured, as small JSON files: one for each section."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from d2l.common.checkpoints import write_atomically
from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.parity.measure import Measurement


class Evidence:
    """The worst error of every check, by section, subject, framework, precision.

    steps: of the training curves that were compared.
    """

    def __init__(self, steps: int):
        self.steps = steps
        self.sections: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}

    def add(
        self,
        section: str,
        subject: str,
        precision: str,
        measurements: Iterable[Measurement],
    ) -> None:
        """Take in what a check of `subject` measured."""
        rows = self.sections.setdefault(section, {})
        for found in measurements:
            key = (subject, found.framework, precision, found.kind)
            row = rows.get(key)
            if row is None or found.error > row["error"]:
                rows[key] = {
                    "subject": subject,
                    "framework": found.framework,
                    "reference": found.reference,
                    "precision": precision,
                    "check": found.kind,
                    "tensor": found.tensor,
                    # Three digits: the rest changes with the machine.
                    "error": float(f"{found.error:.2e}"),
                    "tolerance": found.tolerance,
                    "passed": found.passed,
                }

    def write(self, folder: str | os.PathLike[str]) -> None:
        """Write a file `<chapter>/<section>.json` for every section."""
        versions = {key: FRAMEWORKS[key].version() for key in installed()}
        for section, rows in self.sections.items():
            content = {
                "section": section,
                "steps": self.steps,
                "versions": versions | {"numpy": np.__version__},
                "measured": [rows[key] for key in sorted(rows)],
            }
            text = json.dumps(content, indent=1, allow_nan=False) + "\n"
            write_atomically(Path(folder) / f"{section}.json", text.encode())
