"""The source code of one thing in several frameworks, to be read side by side."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import d2l

_PACKAGE = Path(d2l.__file__).parent


@dataclass(frozen=True)
class Source:
    """A file of one framework, or the part of it that defines a name.

    path: from the package's parent, such as "d2l/torch/...".
    """

    framework: str
    path: str
    text: str
    first_line: int = 1

    @property
    def is_shared(self) -> bool:
        """Whether it touches no tensor and is one for all frameworks."""
        return self.path.startswith("d2l/common/")

    @property
    def lines(self) -> list[str]:
        """The text line by line."""
        return self.text.splitlines()


def section_sources(key: str, frameworks: Sequence[str]) -> list[Source]:
    """A section's file in each of the frameworks that have one, or share it."""
    found = []
    for framework in frameworks:
        path = section_file(key, framework)
        if path.is_file():
            found.append(Source(framework, _shown(path), path.read_text("utf-8")))
    return found


def section_file(key: str, framework: str) -> Path:
    """Where a section's code is: in a framework's tree, or once for all of them."""
    own, shared = (_PACKAGE / name / f"{key}.py" for name in (framework, "common"))
    return shared if shared.is_file() else own


def name_sources(name: str, frameworks: Sequence[str]) -> list[Source]:
    """The definition of a name in each of the frameworks that have it.

    name: a public one, or `section:name` for one that stays in its section's module.
    """
    section, _, own = name.rpartition(":")
    found = []
    for framework in frameworks:
        public = None if section else public_names(framework).get(own)
        path = section_file(section, framework) if section else public
        if path is not None and path.is_file():
            source = _definition(framework, path, own)
            # A module that does not define the name is no definition of it.
            if not section or source.text != path.read_text("utf-8"):
                found.append(source)
    return found


def public_names(framework: str) -> dict[str, Path]:
    """The public names of a framework's tree, and the files that define them."""
    stub = _PACKAGE / framework / "__init__.pyi"
    shared = stub.with_name("shared.py")
    return _imported_names(stub) | _imported_names(shared)


def _imported_names(path: Path) -> dict[str, Path]:
    """What a file imports from elsewhere in the package, and the files that is in."""
    tree = ast.parse(path.read_text("utf-8"))
    return {
        alias.asname or alias.name: _origin(path, node)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _definition(framework: str, path: Path, name: str) -> Source:
    """The lines that define a name; the whole file if it is not defined plainly.

    Where the file only hands the name on, its source is looked up.
    """
    whole = Source(framework, _shown(path), path.read_text("utf-8"))
    for node in ast.parse(whole.text).body:
        if name in _names_defined_by(node):
            decorators = getattr(node, "decorator_list", [])
            first = min(part.lineno for part in (node, *decorators))
            text = "\n".join(whole.lines[first - 1 : node.end_lineno])
            return Source(framework, whole.path, text, first)
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                origin = _origin(path, node)
                if name == (alias.asname or alias.name) and origin.is_file():
                    return _definition(framework, origin, alias.name)
    return whole


def _origin(path: Path, node: ast.ImportFrom) -> Path:
    """The file that `from ... import` in the file `path` imports from."""
    parent = path.parents[node.level - 1] if node.level else _PACKAGE.parent
    return parent / f"{(node.module or '').replace('.', os.sep)}.py"


def _names_defined_by(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        return {node.name}
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _shown(path: Path) -> str:
    return path.relative_to(_PACKAGE.parent).as_posix()


def own_lines(sources: Sequence[Source]) -> list[set[int]]:
    """For each source, the indices of the lines that another one lacks.

    Spaces at either end don't count, and empty lines are never a source's own.
    """
    stripped = [[line.strip() for line in source.lines] for source in sources]
    sets = [set(lines) for lines in stripped]
    common = set.intersection(*sets) | {""} if sets else set()
    return [{i for i, x in enumerate(lines) if x not in common} for lines in stripped]
