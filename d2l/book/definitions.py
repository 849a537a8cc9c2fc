"""The code that a page shows by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from d2l.parity.sources import Source, name_sources, section_sources


def definitions(name: str, framework: str) -> list[Source]:
    """The definition of a public name, or of `section:name` in a section's module.

    Empty if there is none.
    """
    section, _, own = name.rpartition(":")
    if not section:
        return name_sources(name, [framework])
    modules = section_sources(section, [framework])
    return [part for module in modules for part in _parts(module, own)]


def _parts(module: Source, name: str) -> Iterator[Source]:
    for node in ast.parse(module.text).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name:
            first = min(part.lineno for part in (node, *node.decorator_list))
            text = "\n".join(module.lines[first - 1 : node.end_lineno])
            yield replace(module, text=text, first_line=first)
