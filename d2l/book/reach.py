"""The library code that a page's cells reach, and one number that stands for it."""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import d2l
from d2l.parity.sources import public_names

_PACKAGE = Path(d2l.__file__).parent


def reached_files(code: str, framework: str) -> set[Path]:
    """The files behind the names of the library that `code` uses, directly or not."""
    waiting = _first_files(ast.parse(code), framework)
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting |= _imported(path)
    return found


def digest(files: set[Path]) -> str:
    """A hash of what files of code do: comments and docstrings don't count."""
    total = hashlib.sha256()
    for path in sorted(files):
        name = path.relative_to(_PACKAGE).as_posix()
        total.update(f"{name} {_digest_of(path, path.stat().st_mtime_ns)}\n".encode())
    return total.hexdigest()


@cache
def _digest_of(path: Path, changed: int) -> str:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_docstring(body[0]):
            del body[0]
    # Python 3.12 has one field more, empty in code that 3.11 can read.
    dumped = ast.dump(tree).replace(", type_params=[]", "")
    return hashlib.sha256(dumped.encode()).hexdigest()


def _is_docstring(node: ast.AST) -> bool:
    value = getattr(node, "value", None)
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return isinstance(node, ast.Expr) and is_text


def _first_files(tree: ast.AST, framework: str) -> set[Path]:
    """Of the names used as `d2l.name`, and of modules that are imported."""
    names = public_names(framework)
    found = {path for module in _modules(tree, None) for path in _files(module)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            path = names.get(node.attr) if node.value.id == "d2l" else None
            found |= {path} if path and path.is_file() else set()
    return found


@cache
def _imported(path: Path) -> set[Path]:
    tree = ast.parse(path.read_text("utf-8"))
    return {file for module in _modules(tree, path) for file in _files(module)}


def _modules(tree: ast.AST, path: Path | None) -> Iterator[Path]:
    """Paths, without an ending, of what a file imports: modules or names in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level and path is not None:
                base = path.parents[node.level - 1]
                base = base.joinpath(*(node.module or "").split("."))
                yield base
                yield from (base / alias.name for alias in node.names)
            module = "" if node.level else node.module or ""
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            if name.startswith("d2l."):
                yield _PACKAGE.parent / name.replace(".", os.sep)


def _files(module: Path) -> list[Path]:
    candidates = (module.with_name(f"{module.name}.py"), module / "__init__.py")
    return [path for path in candidates if path.is_file()]
