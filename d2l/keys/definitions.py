"""A file of code as its definitions."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from d2l.keys.mentions import Definition, definition_of, dotted

#: Methods that nothing enters but by their names: tests, and the checks they run.
ENTERED_BY_NAME = re.compile(r"(test|check)_\w+")
#: The name under which a file's own statements are kept, which every import runs.
STATEMENTS = ""


@dataclass
class Code:
    """The definitions of a file and what it imports.

    definitions: by name; methods that are entered by name alone, and entries of tables,
        are kept beside what holds them, as `Class.test_x` and `TABLE[0]`.
    imports: for each local name, a module and a name in it, or "" for the module.
    executed: of the same, what is imported as soon as the file is.
    decorated: what may have been put into a list under its name, such as tasks.
    """

    definitions: dict[str, Definition]
    imports: dict[str, tuple[str, str]]
    executed: list[tuple[str, str]]
    decorated: list[str]

    def parts(self, name: str) -> list[str]:
        """The names of what is kept beside a definition."""
        beginnings = (f"{name}.", f"{name}[")
        return [other for other in self.definitions if other.startswith(beginnings)]


def read_code(text: str, module: str, is_package: bool = False) -> Code:
    """Take a file apart.

    module: its dotted name, which relative imports count from.
    """
    tree = ast.parse(text)
    _drop_what_does_nothing(tree)
    imports = dict(_imports(ast.walk(tree), module, is_package))
    found: dict[str, Definition] = {}
    statements: list[ast.AST] = []
    for node in tree.body:
        own = list(_definitions(node))
        for name, definition in own:
            known = found.setdefault(name, definition)
            if known is not definition:  # such as the two branches of a condition
                found[name] = _joined([known, definition])
        if not own and not isinstance(node, ast.Import | ast.ImportFrom):
            statements.append(node)
    found[STATEMENTS] = definition_of(*statements)
    at_once = [
        node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    executed = [place for _, place in _imports(at_once, module, is_package)]
    decorated = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list
    ]
    return Code(found, imports, executed, decorated)


def _joined(parts: list[Definition]) -> Definition:
    digests = "".join(part.digest for part in parts)
    return Definition(
        hashlib.sha256(digests.encode()).hexdigest(),
        set().union(*(p.names for p in parts)),
        set().union(*(p.tables for p in parts)),
        set().union(*(p.strings for p in parts)),
        set().union(*(p.patterns for p in parts)),
    )


def _drop_what_does_nothing(tree: ast.AST) -> None:
    """Take out docstrings and the types in signatures."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_docstring(body[0]):
            del body[0]
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None


def _is_docstring(node: ast.AST) -> bool:
    value = getattr(node, "value", None)
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return isinstance(node, ast.Expr) and is_text


def _definitions(node: ast.stmt) -> Iterator[tuple[str, Definition]]:
    """What a statement of a file defines; nothing for what it only does."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        # Whatever is asked of a module that it lacks enters this one: a statement.
        if node.name != "__getattr__":
            yield node.name, definition_of(node)
    elif isinstance(node, ast.ClassDef):
        yield from _class(node)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        is_plain = all(isinstance(t, ast.Name | ast.Tuple) for t in targets)
        if is_plain and names:
            yield from _values(names, node.value)


def _class(node: ast.ClassDef) -> Iterator[tuple[str, Definition]]:
    """A class, and beside it the methods that are entered by name."""
    entered = [
        part
        for part in node.body
        if isinstance(part, ast.FunctionDef) and ENTERED_BY_NAME.fullmatch(part.name)
    ]
    for part in entered:
        yield f"{node.name}.{part.name}", definition_of(part)
    node.body = [part for part in node.body if part not in entered]
    yield node.name, definition_of(node)


def _values(names: list[str], value: ast.expr) -> Iterator[tuple[str, Definition]]:
    """What is assigned; the entries of a table one by one."""
    operands = _operands(value)
    number = 0
    for table in (t for t in operands if isinstance(t, ast.Dict)):
        kept: list[tuple[ast.expr | None, ast.expr]] = []
        for key, entry in zip(table.keys, table.values, strict=True):
            keys = _keys(key)
            if keys:
                yield f"{names[0]}[{number}]", definition_of(entry, keys=keys)
                number += 1
            else:
                kept.append((key, entry))
        table.keys, table.values = [k for k, _ in kept], [e for _, e in kept]
    whole = definition_of(value)
    if len(operands) > 1:  # a table that takes in others is looked up in as they are
        others = {
            dotted(o) for o in operands if isinstance(o, ast.Name | ast.Attribute)
        }
        whole.names, whole.tables = whole.names - others, whole.tables | others
    for name in names:
        yield name, whole


def _operands(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return [*_operands(value.left), *_operands(value.right)]
    return [value]


def _keys(key: ast.expr | None) -> tuple[str, ...]:
    """The texts that an entry is found by; none where it is found otherwise."""
    parts = key.elts if isinstance(key, ast.Tuple) else [key]
    values = [getattr(part, "value", None) for part in parts]
    texts = [value for value in values if isinstance(value, str)]
    return tuple(texts) if len(texts) == len(values) else ()


def _imports(
    nodes: Iterable[ast.AST], module: str, is_package: bool
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Local names and what they stand for."""
    package = module if is_package else module.rpartition(".")[0]
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or whole, (whole, "")
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = [*(above if node.level else []), *filter(None, [node.module])]
            for alias in node.names:
                yield alias.asname or alias.name, (".".join(base), alias.name)
