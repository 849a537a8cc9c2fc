"""The table of defaults says what the installed frameworks really do."""

import re
import tomllib
from pathlib import Path

import pytest

import d2l.interface
from d2l.common.frameworks import FRAMEWORKS
from parity_tests.workers import run_task

TABLE = Path(d2l.interface.__file__).with_name("defaults.toml")
ENTRIES = tomllib.loads(TABLE.read_text("utf-8"))["default"]
PROBES = [
    (framework, probe)
    for entry in ENTRIES
    for framework, probe in entry.get("probe", {}).items()
]


def test_default(pool, framework):
    """Every probe of a framework finds the value that the table has."""
    probes = [probe for name, probe in PROBES if name == framework]
    assert probes
    for probe in probes:
        name, parameter, value = re.fullmatch(
            r"([\w.]+)\((\w+)\) = (.+)", probe
        ).groups()
        task = {"name": name, "parameter": parameter}
        found, _ = run_task(pool, (framework, "float32"), "defaults", "default", **task)
        assert found["default"] == value, probe


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["what"])
def test_entry(entry):
    """Every entry says what each framework does, and that they are not the same."""
    assert set(entry) - {"probe"} == {"what", *FRAMEWORKS, "here", "why"}
    assert len({entry[name] for name in FRAMEWORKS}) > 1
