"""What sections declare, each in a module of its own below this package."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from d2l.common.contents import Section
from d2l.common.errors import D2LError
from d2l.interface.vocabulary import TENSOR_NAMES

FOLDER = Path(__file__).parent
DIFFERENCES = "d2l/interface/differences.toml"


@dataclass(frozen=True)
class Declaration:
    """What a section offers under a name.

    value: a class or a function without a body, or None for a value, of which the
        type alone is declared.
    """

    name: str
    section: Section
    value: Any = None


def read_declarations(sections: Iterable[Section]) -> list[Declaration]:
    """Return all that is declared; a section without a module declares nothing."""
    return [found for section in sections for found in _declared(section)]


def _declared(section: Section) -> Iterator[Declaration]:
    if not (FOLDER / f"{section.key}.py").is_file():
        return
    module = import_module(f"d2l.interface.{section.key.replace('/', '.')}")
    for name in inspect.get_annotations(module):
        yield Declaration(name, section)
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) == module.__name__:
            yield Declaration(name, section, value)


def public_ones(
    declared: Iterable[Declaration], wins: Iterable[dict[str, str]]
) -> dict[str, Declaration]:
    """Return for each name the declaration that is public.

    wins: for a name that several sections declare, the section whose name is public;
        that of another section stays in its own module.

    raises: D2LError where that is not said, or is said of what is no rivalry.
    """
    rivals: dict[str, list[Declaration]] = {}
    for declaration in declared:
        rivals.setdefault(declaration.name, []).append(declaration)
    chosen = {entry["name"]: _winner(entry, rivals) for entry in wins}
    for name, found in rivals.items():
        if name in TENSOR_NAMES:
            raise D2LError(
                f"{name}, which {found[0].section.key} declares, is a name of the "
                "tensor vocabulary."
            )
        if len(found) > 1 and name not in chosen:
            sections = " and ".join(d.section.key for d in found)
            raise D2LError(
                f"{name} is declared by {sections}: {DIFFERENCES} must say which of "
                "them wins, and why."
            )
    return {name: chosen.get(name, found[0]) for name, found in rivals.items()}


def _winner(entry: dict[str, str], rivals: dict[str, list[Declaration]]) -> Declaration:
    name, section = entry["name"], entry["section"]
    found = rivals.get(name, [])
    own = [d for d in found if d.section.key == section]
    if len(found) < 2 or not own:
        raise D2LError(
            f"{name} of {section} wins over no other section's: delete the entry in "
            f"{DIFFERENCES}."
        )
    if not entry.get("reason"):
        raise D2LError(f"{DIFFERENCES} has no reason why {name} of {section} wins.")
    return own[0]
