"""Where the processes of a run are: interpreters, the device, and the reference."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from d2l.cli.options import parse_pythons
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.parity.environment import environment

#: The framework that the others are held against.
REFERENCE = "torch"
#: What it is called where another PyTorch, or one on a GPU, is held against it.
APART = "reference torch"
#: Seconds for an interpreter to tell what it has.
PATIENCE = 60


@dataclass(frozen=True)
class Places:
    """Where the processes of a run are.

    pythons: by framework, the interpreters that are not this one; versions: by
    framework, what those have, by name; device: that the frameworks compute on, while
    the reference stays on the processor.
    """

    pythons: dict[str, str] = field(default_factory=dict)
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    device: str = "cpu"

    @property
    def frameworks(self):
        """Those that are checked, if nothing else is said."""
        found = list(self.pythons) or installed()
        # Which has no package for GPUs.
        return [key for key in found if (self.device, key) != ("gpu", "mxnet")]

    @property
    def is_reference_apart(self):
        """Whether the reference is another PyTorch than the one that is checked."""
        is_here = REFERENCE in installed()
        if self.device == "gpu":
            return is_here or REFERENCE in self.pythons
        return is_here and REFERENCE in self.pythons

    @property
    def reference(self):
        """What tests call the reference; None where there is none."""
        if self.is_reference_apart:
            return APART
        return REFERENCE if REFERENCE in {*self.pythons, *installed()} else None

    @property
    def pythons_of_reference(self):
        """The interpreter of a reference that is apart, if it is not this one."""
        return {} if REFERENCE in installed() else self.pythons

    def all_versions(self):
        """The versions of a run, as evidence tells them."""
        found = {key: FRAMEWORKS[key].version() for key in installed()}
        for key, own in self.versions.items():
            main = FRAMEWORKS[key].packages[0]
            found |= {f"{k} of {key}": v for k, v in own.items() if k != main}
            if key in found and key == REFERENCE:
                found[APART] = found[key]
            found[key] = own[main]
        return found if self.device == "cpu" else found | {"device": self.device}

    def refuse_absent(self, frameworks):
        """Raise a UsageError if one of the frameworks is nowhere."""
        for key in frameworks:
            reason = None if key in self.pythons else FRAMEWORKS[key].why_absent()
            if reason:
                raise pytest.UsageError(reason)


#: Where a configuration keeps them.
PLACES = pytest.StashKey[Places]()


def places_of(config):
    """Where the processes of a run are."""
    return config.stash.get(PLACES, Places())


def find_places(pythons, device):
    """The places that `--python` and `--device` name, if each has its framework.

    pythons: texts such as `jax=PATH`.
    """
    try:
        found = parse_pythons(pythons)
    except D2LError as error:
        raise pytest.UsageError(str(error)) from None
    # Not resolved: that a link lies in an environment is what makes it that Python.
    found = {key: str(Path(path).absolute()) for key, path in found.items()}
    versions = {key: _versions(key, path) for key, path in found.items()}
    return Places(found, versions, device)


def _versions(key, python):
    where = f"--python {key}={python}"
    command = [python, "-m", "parity_tests.elsewhere.answer", key]
    try:
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=PATIENCE
        )
        answer = json.loads(done.stdout)
        absent, versions = answer["absent"], answer["versions"]
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        raise pytest.UsageError(f"{where}: that is no Python that runs d2l.") from None
    if absent:
        raise pytest.UsageError(
            f"{where}: {FRAMEWORKS[key].title} is not installed there (no "
            f"{', '.join(absent)})."
        )
    return versions
