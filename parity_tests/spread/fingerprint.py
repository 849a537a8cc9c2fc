"""What two processes must have in common to run the same tests."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

import numpy as np

import d2l
from parity_tests.elsewhere.places import Places

ROOT = Path(d2l.__file__).resolve().parents[1]
#: Whose files the results depend on.
PACKAGES = ("d2l", "parity_tests")


def fingerprint(items, places=None):
    """Hashes of the tests that were collected and of the sources; the versions."""
    own = {"numpy": np.__version__, "python": platform.python_version()}
    versions = (places or Places()).all_versions() | own
    return {
        "tests": _hash(item.nodeid.encode() for item in items),
        "sources": _hash(_contents(ROOT)),
        "versions": versions,
    }


def _contents(root):
    """The path and the bytes of every file of the packages, one after another."""
    files = (f for package in PACKAGES for f in (root / package).rglob("*"))
    for path in sorted(files):
        own = path.relative_to(root)
        is_hidden = any(part.startswith((".", "__pycache__")) for part in own.parts)
        if path.is_file() and not is_hidden:
            yield own.as_posix().encode()
            yield path.read_bytes()


def _hash(parts):
    digest = hashlib.sha256()
    for part in parts:
        # With its length: "ab", "c" are not "a", "bc".
        digest.update(f"{len(part)}:".encode() + part)
    return digest.hexdigest()


def difference(here, there):
    """What the other process has that this one has not, in words; "" if nothing."""
    versions = {**dict.fromkeys(there["versions"]), **here["versions"]}
    for name, own in versions.items():
        other = there["versions"].get(name)
        if own != other:
            return f"it has {name} {other or 'not at all'}, not {own or 'none'}"
    if here["sources"] != there["sources"]:
        return "its files of d2l and parity_tests are others"
    return "it collects other tests" if here["tests"] != there["tests"] else ""
