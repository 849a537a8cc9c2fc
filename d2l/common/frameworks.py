"""The four frameworks: their names, packages, and which are installed."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from importlib import metadata

from d2l.common.errors import D2LError


@dataclass(frozen=True)
class Framework:
    """A framework by its key, its title, and the packages it needs."""

    key: str
    title: str
    packages: tuple[str, ...]

    def missing(self) -> list[str]:
        """The packages that this interpreter lacks."""
        return [p for p in self.packages if importlib.util.find_spec(p) is None]

    def why_absent(self) -> str | None:
        """One sentence on why it can't be used here, or None if it can."""
        missing = self.missing()
        if not missing:
            return None
        if self.key == "mxnet" and sys.version_info >= (3, 13):
            return (
                "MXNet 1.9.1, its last release, needs NumPy 1.26, which Python 3.13 "
                "has no wheels for: use Python 3.11 or 3.12."
            )
        return (
            f"{self.title} is not installed (no {', '.join(missing)}): "
            f"pip install 'd2l-suite[{self.key}]'."
        )

    def version(self) -> str:
        """The installed version of the framework's main package."""
        names = ("tensorflow-cpu", "tensorflow") if self.key == "tensorflow" else ()
        for name in names or (self.packages[0],):
            try:
                return metadata.version(name)
            except metadata.PackageNotFoundError:
                continue
        return "unknown"


FRAMEWORKS = {
    framework.key: framework
    for framework in (
        Framework("torch", "PyTorch", ("torch",)),
        Framework("tensorflow", "TensorFlow", ("tensorflow", "keras")),
        Framework("jax", "JAX", ("jax", "flax", "optax")),
        Framework("mxnet", "MXNet", ("mxnet",)),
    )
}


class FrameworkError(D2LError, ImportError):
    """A framework is unknown, or not installed."""


def installed() -> list[str]:
    """The keys of the frameworks that can be used in this interpreter."""
    return [key for key, f in FRAMEWORKS.items() if not f.missing()]


def require(key: str) -> None:
    """Raise an error that says how to install the framework, if it is absent."""
    reason = FRAMEWORKS[key].why_absent()
    if reason:
        raise FrameworkError(reason)
