"""The differences that known_differences.toml lists, each with its reason."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from d2l.parity.measure import Measurement

FILE = Path(__file__).with_name("known_differences.toml")


def read_known_differences():
    """The entries: framework, precision, case, check, tensor, limit, reason."""
    return tomllib.loads(FILE.read_text()).get("difference", [])


def expect(measurements, case, precision):
    """Judge listed tensors by their own limits.

    A listed tensor that agrees within the common tolerance fails: the entry no
    longer holds and is to be deleted.
    """
    entries = {
        (e["framework"], e["check"], e["tensor"]): e
        for e in read_known_differences()
        if (e["case"], e["precision"]) == (case, precision)
    }
    return [
        _judge(m, entries.get((m.framework, m.kind, m.tensor))) for m in measurements
    ]


def _judge(measurement: Measurement, entry) -> Measurement:
    if entry is None:
        return measurement
    if measurement.passed:
        problem = "a known difference that agrees: delete it from the list"
        return replace(measurement, problem=problem)
    within = measurement.error <= entry["limit"]
    limit = entry["limit"]
    return replace(
        measurement,
        tolerance=limit,
        problem="" if within else f"error {measurement.error:.1e} > {limit:.0e}",
    )
