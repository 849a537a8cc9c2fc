"""What code reaches: all definitions and data that it names, directly or not.

Python's names are followed as they are written. What a program finds by a text is
found here by the same text: a public name, `module:name`, a function of a module that
is imported at run time, an entry of a table, a data file. Nothing that a case uses may
be missing; that too much is found costs time alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from d2l.common.frameworks import FRAMEWORKS
from d2l.keys.definitions import STATEMENTS, Code
from d2l.keys.found import Described, Found, as_name
from d2l.keys.mentions import Definition
from d2l.keys.sources import Place, Sources
from d2l.keys.tables import Tables

#: A package whose public names are asked for as attributes.
NAMESPACES = ("d2l", "namespace")
#: Found by name in another way, and too wide to be followed.
OPAQUE = {Place("d2l.trials", "TRIALS")}
#: Folders whose modules are asked for by the ends of their names.
FOLDERS = ("parity_tests.tasks",)
#: Before the name of a module whose definitions are found by theirs.
MENTIONED = "mentioned"


class Reach:
    """Follows names and texts from where they are given.

    frameworks: those in which a text may be a public name.
    described: what a text stands for that only running code can tell, such as the name
        of a trial.
    """

    def __init__(
        self,
        sources: Sources,
        tables: Tables,
        frameworks: Iterable[str],
        described: Callable[[str], Described | None] = lambda text: None,
        found: Found | None = None,
    ):
        self.sources, self.tables = sources, tables
        self.frameworks = tuple(sorted(frameworks))
        self.described = described
        self.found = found or Found()

    def onward(self) -> Reach:
        """A copy that goes on by itself."""
        return Reach(
            self.sources,
            self.tables,
            self.frameworks,
            self.described,
            self.found.copy(),
        )

    # What is given, or found on the way.

    def add_place(self, place: Place | None, looked_up: bool = False) -> None:
        """A definition.

        looked_up: of a table, only the entries that are mentioned.
        """
        code = self.sources.code(place.module) if place else None
        if place is None or code is None:
            return
        is_new = self._enter(place, code.definitions[place.name])
        owner, dot, _ = place.name.partition(".")
        if dot:
            self.add_place(Place(place.module, owner))
        if not looked_up and place not in self.found.whole:
            self.found.whole.add(place)
            is_new = True
        if is_new:
            self._add_entries(place, looked_up)

    def _add_entries(self, place: Place, looked_up: bool) -> None:
        """What is kept beside a definition: entries, methods entered by name."""
        for name, part in self.sources.parts(place):
            is_entry = name.startswith(f"{place.name}[")
            keys = part.keys if looked_up else ()
            if not is_entry:
                keys = (f".{name.partition('.')[2]}",)
            self._await(keys, f"{place.module}:{name}", place.module, part)

    def _enter(self, place: Place, definition: Definition) -> bool:
        """Take in a definition; whether it is new."""
        self._add_module(place.module)
        title = f"{place.module}:{place.name}"
        if title in self.found.parts:
            return False
        self.found.parts[title] = definition.digest
        if place not in OPAQUE:
            self._follow(definition, place.module)
        return True

    def _follow(self, definition: Definition, module: str) -> None:
        """Everything that a definition mentions."""
        for name in definition.names:
            self.add_name(name, module)
        for name in definition.tables:
            self.add_name(name, module, looked_up=True)
        for text in definition.strings:
            self.add_text(text)
        for pattern in definition.patterns:
            self._add_pattern(pattern)

    def add_name(self, name: str, module: str, looked_up: bool = False) -> None:
        """A name, with attributes, in a module."""
        first, *rest = name.split(".")
        if first:
            self.add_place(self.sources.find(module, name), looked_up)
            package = self.sources.external(module, name)
            if package:
                self.found.packages.add(package)
        for before, attribute in zip([first, *rest], rest, strict=False):
            if before in NAMESPACES:
                self._add_public(attribute)
            self.found.attributes.add(f".{attribute}")
            self._go_on(f".{attribute}")

    def add_text(self, text: str) -> None:
        """A text, and whatever it may be the name of."""
        if text in self.found.texts:
            return
        self.found.texts.add(text)
        self._go_on(text)
        self._go_on(f".{text}")
        self._add_public(text)
        described = self.described(text)
        if described is not None:
            self.add_value(text, described)
        if ":" in text:
            self._add_path(*text.rsplit(":", 1))
        for module in self._modules_called(text):
            self._add_mentioned(module)
        for path in self.tables.files.get(text, []):
            self._add_data(path)

    def _add_path(self, path: str, name: str) -> None:
        """`module:name` of a framework's tree or the tests', or `FILE.py:name`."""
        for framework in self.frameworks:
            own = path.replace("{framework}", framework)
            module = own.removesuffix(".py").replace("/", ".")
            for base in ("", f"d2l.{framework}.", "parity_tests."):
                self.add_place(self.sources.find(f"{base}{module}", name))

    def _modules_called(self, text: str) -> list[str]:
        """A module by its full name, of its file, or by its end in some folders."""
        if text.endswith(".py"):
            paths = self.sources.modules.items()
            return [module for module, path in paths if path.name == text]
        names = [text, *(f"{folder}.{text}" for folder in FOLDERS)]
        return [name for name in names if name in self.sources.modules]

    def add_value(self, title: str, value: Described) -> None:
        """A value by a title."""
        self.found.parts[f"value {title}"] = value.text
        for text in value.strings:
            self.add_text(text)
        for place in value.places:
            self.add_place(place)

    # What is found by its name when the code runs.

    def _add_public(self, name: str) -> None:
        for framework in self.frameworks:
            self.add_place(self.sources.public(framework).get(name))

    def _add_data(self, path: Path) -> None:
        for title, part in self.tables.parts(path):
            self._await(part.keys, title, "", part)

    def _add_module(self, module: str) -> None:
        """What is executed when a module is imported, and what it imports."""
        if module in self.found.modules:
            return
        self.found.modules.add(module)
        for name in self.sources.executed_with(module):
            self.add_place(Place(name, STATEMENTS))
        code = self.sources.code(module)
        if code is None:
            return
        for source, attribute in code.imports.values():
            if f"{source}.{attribute}" in self.sources.modules:
                self._add_mentioned(f"{source}.{attribute}")
        self._await_names(module, code, code.decorated)

    def _add_mentioned(self, module: str) -> None:
        """A module whose definitions are found by name."""
        code = self.sources.code(module)
        if code is None or f"{MENTIONED} {module}" in self.found.modules:
            return
        self.found.modules.add(f"{MENTIONED} {module}")
        self._add_module(module)
        self._await_names(module, code, list(code.definitions))

    def _await_names(self, module: str, code: Code, names: list[str]) -> None:
        """Definitions of a module that are found when their names are mentioned."""
        for name in names:
            if name.isidentifier() and not name.startswith("__"):
                part = code.definitions[name]
                self._await((f".{name}",), f"{module}:{name}", module, part)

    def _add_pattern(self, pattern: str) -> None:
        """A text with something filled in, which may name modules or entries."""
        compiled = as_name(pattern)
        if compiled is None or compiled in self.found.patterns:
            return
        self.found.patterns.add(compiled)
        for module, filled in self.sources.modules_like(compiled):
            frameworks = set(filled) & FRAMEWORKS.keys()
            if frameworks <= set(self.frameworks):
                keys = tuple(text for text in filled if text not in frameworks)
                part = Definition("", keys=keys)
                self._await(keys, f"{MENTIONED} {module}", module, part)
        for text in [key for key in self.found.waiting if compiled.fullmatch(key)]:
            self._go_on(text)

    # Waiting for a text.

    def _await(
        self, keys: tuple[str, ...], title: str, module: str, part: Definition
    ) -> None:
        """Take in a part as soon as all of its keys are mentioned."""
        missing = next((key for key in keys if not self.found.mentions(key)), None)
        if missing is not None:
            self.found.waiting.setdefault(missing, []).append((title, module, part))
        elif title.startswith(MENTIONED):
            self._add_mentioned(module)
        elif title.partition(":")[2].isidentifier():
            self.add_place(Place(module, title.partition(":")[2]))
        elif title not in self.found.parts:
            self.found.parts[title] = part.digest
            self._follow(part, module)

    def _go_on(self, key: str) -> None:
        """What waited for a key, which is mentioned now, or waits for its next one."""
        for title, module, part in self.found.waiting.pop(key, []):
            self._await(part.keys, title, module, part)
