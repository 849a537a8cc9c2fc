"""The versions of other projects that an outcome depends on."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata

from d2l.common.frameworks import FRAMEWORKS

#: What a framework computes with, beside the packages that it is imported by.
ENGINES = {"jax": ("jaxlib",)}


def versions(frameworks: Iterable[str], packages: Iterable[str]) -> list[str]:
    """Versions without the build they are of, such as `numpy 1.26.4`.

    frameworks: with all their packages.
    packages: others, by the names they are imported by; Python's own and those that are
        not installed are left out.
    """
    found = {
        distribution: _version(distribution)
        for package in set(packages) - sys.stdlib_module_names
        for distribution in _distributions().get(package, ())
    }
    for framework in frameworks:
        entry = FRAMEWORKS[framework]
        names = (*entry.packages[1:], *ENGINES.get(framework, ()))
        found |= {name: _version(name) for name in names}
        found[entry.packages[0]] = entry.version().partition("+")[0]
    return [f"{name} {version}" for name, version in sorted(found.items())]


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


@cache
def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution).partition("+")[0]
    except metadata.PackageNotFoundError:
        return "none"
