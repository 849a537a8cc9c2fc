"""What a piece of code does, and the names and texts that it mentions."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Definition:
    """A function, a class, a value or an entry of a table.

    digest: of what it does: comments, docstrings and signatures' types don't count.
    names: of the file, with attributes, as in `checks.CHECKS`.
    tables: those of them that something is only looked up in.
    strings: its constant texts.
    patterns: regular expressions of those with something filled in.
    keys: of an entry, the texts that all have to be mentioned for it to be found.
    """

    digest: str
    names: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    strings: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    keys: tuple[str, ...] = ()


def definition_of(*nodes: ast.AST, keys: tuple[str, ...] = ()) -> Definition:
    """What parts of a syntax tree do and mention, together."""
    digest = hashlib.sha256()
    found = Definition("", keys=keys)
    for node in nodes:
        digest.update(_written(node).encode())
        _mention(node, found)
    found.digest = digest.hexdigest()
    return found


def _written(node: Any) -> str:
    """A syntax tree as a text, the same in all versions of Python."""
    if isinstance(node, ast.AST):
        # Newer versions have more fields, empty in code that older ones can read.
        fields = ast.iter_fields(node)
        said = [f"{n}={_written(v)}" for n, v in fields if v is not None and v != []]
        return f"{type(node).__name__}({', '.join(said)})"
    if isinstance(node, list):
        return f"[{', '.join(map(_written, node))}]"
    return repr(node)


#: What a file does that has no statements of its own.
NOTHING = definition_of()


def _mention(node: ast.AST, found: Definition) -> None:
    """Take in the names and texts below a node."""
    table = _looked_up_in(node)
    if isinstance(node, ast.Name | ast.Attribute):
        found.names.add(dotted(node))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        found.strings.add(node.value)
    elif isinstance(node, ast.JoinedStr):
        found.patterns.add(_pattern(node))
        found.strings.update(_last_name(node))
    if table is not None:
        found.tables.add(dotted(table))
    annotation = node.annotation if isinstance(node, ast.AnnAssign) else None
    for part in _parts(node):
        if part is not table and part is not annotation:
            _mention(part, found)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What is below a node; of `TABLE.get(x)` the table itself and x."""
    table = _looked_up_in(node)
    for part in ast.iter_child_nodes(node):
        is_get = table is not None and getattr(part, "value", None) is table
        yield table if is_get and table is not None else part


def _looked_up_in(node: ast.AST) -> ast.expr | None:
    """The table of `TABLE[x]`, `TABLE.get(x)` and `x in TABLE`."""
    table: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        table = node.value
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        table = node.comparators[0]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        table = node.func.value if node.func.attr == "get" else None
    # What is made on the spot, as in `settings().colors[x]`, is no table by name.
    name = "" if table is None else dotted(table)
    return table if name and not name.startswith(".") else None


def dotted(node: ast.expr) -> str:
    """`a.b.c` as a text; what is no name to begin with is left empty: `.b.c`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _pattern(node: ast.JoinedStr) -> str:
    texts = (getattr(part, "value", None) for part in node.values)
    return "".join(re.escape(t) if isinstance(t, str) else "(.+)" for t in texts)


def _last_name(node: ast.JoinedStr) -> list[str]:
    """Of a file's name filled in before `:NAME`, that name."""
    end = getattr(node.values[-1], "value", None)
    name = end[1:] if isinstance(end, str) and end.startswith(":") else ""
    return [name] if name.isidentifier() else []
