"""Python files by path, as readers and tests hand them over."""

from __future__ import annotations

import functools
import importlib.util
import sys
import zlib
from pathlib import Path
from types import ModuleType

from d2l.common.errors import D2LError


@functools.cache
def load_file(path: str) -> ModuleType:
    """The module that a Python file makes, executed once in a process."""
    if not Path(path).is_file():
        raise D2LError(f"There is no file {path}.")
    # A name of its own, under which dataclasses and the like look a module up.
    name = f"{Path(path).stem}_{zlib.crc32(str(Path(path).resolve()).encode()):08x}"
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise D2LError(f"{path} is no Python file.")
    module = sys.modules[name] = importlib.util.module_from_spec(found)
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
