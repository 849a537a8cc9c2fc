"""What the parameters of a framework's own functions are when nothing is said."""

from __future__ import annotations

import importlib
import inspect


def default(session, arrays, name, parameter):
    """The default of a parameter of a function or class, as `repr` writes it."""
    called = _find(name)
    # A class may be made by another class's call: its constructor has the names.
    made_by = called.__init__ if inspect.isclass(called) else called
    return {
        "default": repr(inspect.signature(made_by).parameters[parameter].default)
    }, {}


def _find(name):
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(name)
