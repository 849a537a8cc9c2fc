"""What the outputs of a page depend on, as two hashes.

One is of what the page is about: its cells, and the definitions of its own section
that they reach. The other is of everything else that they reach, such as the trainer,
of how pages are run, and of the versions of other projects.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import NamedTuple

from d2l.book.pages import RAISES, Cell, Page
from d2l.keys.mentions import definition_of
from d2l.keys.reach import Reach
from d2l.keys.sources import Place, Sources
from d2l.keys.tables import Tables
from d2l.keys.values import Describer
from d2l.keys.versions import versions
from d2l.parity.sources import name_sources

#: So many digits tell a page's keys apart.
DIGITS = 10
#: What runs the cells of every page.
RUNNER = Place("d2l.book.run", "run")
#: The module that finds trials by their names.
TRIALS = "d2l.trials"
#: Packages that every page's outputs depend on.
PACKAGES = frozenset({"matplotlib", "numpy"})
#: With these a cell can show how the library is written, docstrings and all.
INSPECTING = {"__doc__", "getdoc", "getsource", "getsourcelines", "help", "signature"}

#: What IPython calls for magics.
MAGICS = {"run_line_magic", "run_cell_magic"}

#: A name, with attributes.
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


class Keys(NamedTuple):
    """The two keys of a page.

    own: of its cells and its section.
    common: of all else that they reach.
    """

    own: str
    common: str


class PageKeys:
    """The keys of pages, as the library's files are now."""

    def __init__(self, sources: Sources | None = None):
        self.sources = sources or Sources(packages=("d2l",))
        self.tables = Tables(self.sources)
        self.describer = Describer(self.sources)
        self._begun: dict[tuple[str, bool], Reach] = {}
        self._known: dict[tuple[str, str, tuple[Cell, ...]], Keys] = {}

    def keys(self, page: Page, framework: str) -> Keys:
        """The keys that a page's outputs in a framework must have."""
        case = (page.key, framework, tuple(page.cells(framework)))
        if case not in self._known:
            self._known[case] = self._keys(page, framework)
        return self._known[case]

    def _keys(self, page: Page, framework: str) -> Keys:
        cells = page.cells(framework)
        code = "\n".join(as_python(cell) for cell in cells)
        reach = self.reach(code, framework)
        section = f"{self._section(page.key, framework)}:"
        own = [_digest(cell) for cell in cells]
        if INSPECTING & set(re.findall(r"\w+", code)):
            own += self._shown(code, framework)
        common = versions([framework], reach.found.packages | PACKAGES)
        for title, digest in sorted(reach.found.parts.items()):
            is_own = title.startswith(section)
            (own if is_own else common).append(f"{title} {digest}")
        return Keys(_hash(own), _hash(common))

    def reach(self, code: str, framework: str) -> Reach:
        """All that cells reach, without themselves."""
        reach = self._reach(code, framework, has_trials=False)
        if TRIALS in reach.found.modules:  # Then a text may be the name of one.
            reach = self._reach(code, framework, has_trials=True)
        return reach

    def _reach(self, code: str, framework: str, has_trials: bool) -> Reach:
        reach = self._begin(framework, has_trials).onward()
        module = f"cells of {_hash([code])}"
        for name in self.sources.add(module, code).definitions:
            reach.add_place(Place(module, name))
        for name in _in_magics(code):
            reach.add_name(name, module)
        for title in [t for t in reach.found.parts if t.startswith(f"{module}:")]:
            del reach.found.parts[title]
        return reach

    def _begin(self, framework: str, has_trials: bool) -> Reach:
        """What every page reaches, to go on from."""
        case = (framework, has_trials)
        if case not in self._begun:
            described = self.describer.describe_trial if has_trials else _no_trial
            reach = Reach(self.sources, self.tables, [framework], described)
            reach.add_place(RUNNER)
            reach.add_text(framework)
            self._begun[case] = reach
        return self._begun[case]

    def _section(self, key: str, framework: str) -> str:
        """The module of the page's section, which all frameworks may share."""
        names = [
            f"d2l.{tree}.{key.replace('/', '.')}" for tree in ("common", framework)
        ]
        return names[0] if names[0] in self.sources.modules else names[1]

    def _shown(self, code: str, framework: str) -> list[str]:
        """The text of whatever public names are mentioned."""
        names = {
            n.attr for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Attribute)
        }
        public = sorted(names & self.sources.public(framework).keys())
        return [s.text for name in public for s in name_sources(name, [framework])]


_READING = Lock()


@cache
def _of_this_process() -> PageKeys:
    return PageKeys()


def current_keys(page: Page, framework: str) -> Keys:
    """The keys by the project's files, as they were when they were first read."""
    with _READING:
        return _of_this_process().keys(page, framework)


def _no_trial(text: str) -> None:
    """What a text stands for where no trials are found."""


@cache
def as_python(cell: Cell) -> str:
    """A cell's code as its kernel executes it: magics are calls."""
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(cell.source)


@cache
def _digest(cell: Cell) -> str:
    """What a cell does and shows, without its comments."""
    from IPython.core.displayhook import DisplayHook

    is_quiet = DisplayHook.semicolon_at_end_of_expression(cell.source)
    code = definition_of(ast.parse(as_python(cell))).digest
    return f"{code} {is_quiet} {RAISES in cell.tags}"


def _in_magics(code: str) -> set[str]:
    """The names in the texts that magics execute."""
    texts = {
        str(text.value)
        for call in ast.walk(ast.parse(code))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in MAGICS
        for text in call.args
        if isinstance(text, ast.Constant)
    }
    return {name for text in texts for name in _NAME.findall(text)}


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:DIGITS]
