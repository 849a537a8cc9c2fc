"""The project's files of code, and what a name in one of them stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import d2l
from d2l.keys.definitions import STATEMENTS, Code, read_code
from d2l.keys.mentions import NOTHING, Definition

#: The folder that the packages lie in.
ROOT = Path(d2l.__file__).parents[1]
#: The packages whose definitions are followed.
PACKAGES = ("d2l", "parity_tests")


class Place(NamedTuple):
    """A definition by its module and name; the name is "" for the statements."""

    module: str
    name: str


class Sources:
    """The files below a folder, each read once.

    changed: what some files should be taken to hold, by their paths from there.
    packages: those whose definitions are followed.
    """

    def __init__(
        self,
        root: Path = ROOT,
        changed: Mapping[str, str] | None = None,
        packages: Sequence[str] = PACKAGES,
    ):
        self.root, self.packages = root, packages
        self.changed = dict(changed or {})
        self._codes: dict[str, Code | None] = {}
        self._public: dict[str, dict[str, Place]] = {}
        self._found: dict[tuple[str, str], Place | None] = {}
        self._executed: dict[str, list[str]] = {}
        self._like: dict[re.Pattern[str], list[tuple[str, tuple[str, ...]]]] = {}

    def but(self, changed: Mapping[str, str]) -> Sources:
        """Others, in which some files hold something else; no other is read again."""
        others = Sources(self.root, changed, self.packages)
        others.modules = self.modules
        for module, code in self._codes.items():
            path = self.modules.get(module, self.root / "elsewhere")
            own = path.relative_to(self.root).as_posix()
            if {own, f"{own}i"}.isdisjoint(changed):
                others._codes[module] = code
        return others

    @cached_property
    def modules(self) -> dict[str, Path]:
        """The dotted names of all modules, and their files."""
        found = {}
        for package in self.packages:
            for path in sorted((self.root / package).rglob("*.py")):
                found[self.module_of(path)] = path
        return found

    def module_of(self, path: Path) -> str:
        """The dotted name of a file below the root."""
        parts = path.resolve().relative_to(self.root.resolve()).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def place_of(self, path: Path, name: str) -> Place | None:
        """The definition that a function or class in a file belongs to.

        path: below the root.
        name: qualified, as in `Trainer.fit.<locals>.step`.
        """
        module = self.module_of(path)
        code = self.code(module)
        name = name.replace(".<locals>", "").split(".<")[0]
        while code is not None and name:
            if name in code.definitions:
                return Place(module, name)
            name = name.rpartition(".")[0]
        return None

    def add(self, module: str, text: str) -> Code:
        """Take in, as a module, code that is in no file, such as a page's cells.

        module: a name that no other code has.
        """
        code = self._codes[module] = read_code(text, module)
        return code

    def code(self, module: str) -> Code | None:
        """A module's definitions; None for a module of another project."""
        if module not in self._codes:
            self._codes[module] = self._read(module)
        return self._codes[module]

    def _read(self, module: str) -> Code | None:
        path = self.modules.get(module)
        if path is None:
            return None
        is_package = path.name == "__init__.py"
        code = read_code(self.text(path), module, is_package)
        stub = path.with_suffix(".pyi")
        if stub.is_file():  # of names that are loaded when they are first used
            lazy = read_code(self.text(stub), module, is_package)
            code.imports = lazy.imports | code.imports
        return code

    def text(self, path: Path) -> str:
        """What a file holds."""
        own = path.relative_to(self.root).as_posix()
        return self.changed[own] if own in self.changed else path.read_text("utf-8")

    def public(self, framework: str) -> dict[str, Place]:
        """The public names of a framework's package, and where they are defined."""
        if framework not in self._public:
            self._public[framework] = self._find_public(framework)
        return self._public[framework]

    def _find_public(self, framework: str) -> dict[str, Place]:
        code = self.code(f"d2l.{framework}")
        shared = self.code(f"d2l.{framework}.shared")
        names = [*(code.imports if code else {}), *(shared.imports if shared else {})]
        found = ((n, self.find(f"d2l.{framework}", n)) for n in names)
        return {name: place for name, place in found if place is not None}

    def find(self, module: str, name: str) -> Place | None:
        """Where a name of a module is defined; None if elsewhere or nowhere.

        name: with attributes, as in `checks.CHECKS`: as far as they can be followed.
        """
        if (module, name) not in self._found:
            self._found[module, name] = self._find(module, name)
        return self._found[module, name]

    def _find(self, module: str, name: str) -> Place | None:
        first, _, rest = name.partition(".")
        code = self.code(module)
        if code is None:
            return None
        if first in code.definitions and first:
            method = f"{first}.{rest}"
            return Place(module, method if method in code.definitions else first)
        if first not in code.imports:
            is_module = f"{module}.{first}" in self.modules
            return self._inside(f"{module}.{first}", rest) if is_module else None
        source, attribute = code.imports[first]
        if not attribute:
            return self._inside(source, rest)
        if f"{source}.{attribute}" in self.modules and not self._defines(
            source, attribute
        ):
            return self._inside(f"{source}.{attribute}", rest)
        whole = f"{attribute}.{rest}" if rest else attribute
        return None if source == module else self.find(source, whole)

    def _inside(self, module: str, rest: str) -> Place | None:
        """`rest` of a module that is at hand; the module alone for nothing."""
        if rest:
            return self.find(module, rest)
        return Place(module, "") if module in self.modules else None

    def _defines(self, module: str, name: str) -> bool:
        code = self.code(module)
        if code is None:
            return False
        return name in code.definitions or code.imports.get(name, ("",))[0] not in (
            "",
            module,
        )

    def parts(self, place: Place) -> list[tuple[str, Definition]]:
        """What is kept beside a definition, with its names."""
        code = self.code(place.module)
        if code is None:
            return []
        return [(name, code.definitions[name]) for name in code.parts(place.name)]

    def executed_with(self, module: str) -> list[str]:
        """The modules with statements of their own that an import executes."""
        if module not in self._executed:
            self._executed[module] = self._find_executed(module)
        return self._executed[module]

    def _find_executed(self, module: str) -> list[str]:
        waiting, seen = [module], set()
        while waiting:
            name = waiting.pop()
            code = self.code(name)
            if code is None or name in seen:
                continue
            seen.add(name)
            waiting.append(name.rpartition(".")[0])
            for source, attribute in code.executed:
                waiting += [source, f"{source}.{attribute}"]
        return sorted(name for name in seen if self._has_statements(name))

    def _has_statements(self, module: str) -> bool:
        code = self.code(module)
        return code is not None and code.definitions[STATEMENTS] != NOTHING

    def modules_like(
        self, pattern: re.Pattern[str]
    ) -> list[tuple[str, tuple[str, ...]]]:
        """The modules whose names are a pattern filled in, and what is filled in."""
        if pattern not in self._like:
            matches = ((m, pattern.fullmatch(m)) for m in self.modules)
            self._like[pattern] = [(m, found.groups()) for m, found in matches if found]
        return self._like[pattern]

    def external(self, module: str, name: str) -> str | None:
        """The package of another project that a name of a module comes from."""
        code = self.code(module)
        first = name.partition(".")[0]
        if code is None or first not in code.imports or first in code.definitions:
            return None
        package = code.imports[first][0].partition(".")[0]
        return package if package and package not in PACKAGES else None
