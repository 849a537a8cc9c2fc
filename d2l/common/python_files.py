"""Python files by path, as readers and tests hand them over."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from types import ModuleType

from d2l.common.errors import D2LError


@functools.cache
def load_file(path: str) -> ModuleType:
    """The module that a Python file makes, executed once in a process."""
    if not Path(path).is_file():
        raise D2LError(f"There is no file {path}.")
    found = importlib.util.spec_from_file_location(Path(path).stem, path)
    if found is None or found.loader is None:
        raise D2LError(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
