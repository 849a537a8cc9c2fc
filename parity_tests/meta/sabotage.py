"""Breaking a framework on purpose, within its own process.

A breakage is a function that replaces attributes of classes and modules with
`replace`; `undo` puts all of them back. The process is told to do so through
the engine's task `run_file`.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from unittest import mock


def replace(owner, name, value):
    """Set an attribute until `undo` is called; returns what it was."""
    before = getattr(owner, name)
    mock.patch.object(owner, name, value).start()
    return before


def apply(session, arrays, file, name):
    """Let the function `name` of breakages/<file>.py break this process."""
    module = importlib.import_module(f"parity_tests.meta.breakages.{file}")
    _forget(session)
    getattr(module, name)()
    return {}, {}


def undo(session, arrays):
    """Put back everything that was replaced."""
    mock.patch.stopall()
    _forget(session)
    return {}, {}


def _forget(session):
    """Let go of what was made before, and may be broken, or may not be."""
    session._data.clear()
    # A package keeps the names that were once asked of it.
    names = vars(session.namespace)
    for name, value in list(names.items()):
        is_lazy = name in session.namespace.__all__ and name != "tensor"
        if is_lazy and not isinstance(value, ModuleType):
            del names[name]
