"""What every framework offers: public names, their signatures and contracts.

Each section has a module of declarations: classes and functions without bodies,
whose parameters and defaults the four implementations share, and values by their
types. What one framework alone needs is keyword-only there and not listed here.
`differences.toml` holds the exceptions, with a reason. From all this and from
`contents.toml` the frameworks' lists of names are written: see `tools/generate.py`.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from d2l.common.contents import read_sections
from d2l.interface.declared import Declaration, public_ones, read_declarations
from d2l.interface.vocabulary import TENSOR_NAMES


def read_differences(kind: str = "difference") -> list[dict[str, str]]:
    """The exceptions, each with a name and a reason.

    kind: "difference" for signatures, "only" for names of one framework, "wins" for
        names that several sections declare.
    """
    text = Path(__file__).with_name("differences.toml").read_text("utf-8")
    return tomllib.loads(text).get(kind, [])


SECTIONS = read_sections()

#: Everything that sections declare, in reading order.
ALL_DECLARATIONS: list[Declaration] = read_declarations(SECTIONS.values())

#: Of these the public ones, by name, each with its section.
DECLARATIONS: dict[str, Declaration] = public_ones(
    ALL_DECLARATIONS, read_differences("wins")
)


def public_names(framework: str) -> set[str]:
    """The names that a framework's package offers."""
    declared = {n for n, d in DECLARATIONS.items() if d.section.is_in(framework)}
    alone = {e["name"] for e in read_differences("only") if e["framework"] == framework}
    return {*declared, *alone, *TENSOR_NAMES}


def is_missing(framework: str, section: str) -> bool:
    """Whether a section, such as "builders_guide/hybridize", is bound to others."""
    found = SECTIONS.get(section)
    return found is not None and bool(found.trees) and not found.is_in(framework)


def signatures(declaration: Any) -> Iterator[tuple[str, inspect.Signature]]:
    """A function's signature, or those of a class's public methods.

    Yields ("", signature) for a function and (method's name, signature) for the
    constructor and each method that a class declares; nothing for a value, None.
    """
    if declaration is None:
        return
    if not inspect.isclass(declaration):
        yield "", inspect.signature(declaration)
        return
    for name, member in vars(declaration).items():
        if callable(member) and (name == "__init__" or not name.startswith("_")):
            yield name, inspect.signature(member)


def mismatch(declared: inspect.Signature, actual: Callable[..., Any]) -> str | None:
    """Why a callable does not have the declared signature, or None.

    It may have further parameters if they are keyword-only with a default, or
    stand for any number of them.
    """
    found = list(inspect.signature(actual).parameters.values())
    for wanted in declared.parameters.values():
        if not found:
            return f"lacks the parameter {wanted.name}"
        parameter = found.pop(0)
        if parameter.name != wanted.name:
            return f"has {parameter.name} where {wanted.name} is declared"
        if not _same_default(parameter.default, wanted.default):
            return f"{wanted.name} is {parameter.default!r}, not {wanted.default!r}"
    for parameter in found:
        optional = parameter.default is not parameter.empty
        starred = parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        if not starred and not (parameter.kind == parameter.KEYWORD_ONLY and optional):
            return f"has the further parameter {parameter.name}"
    return None


def _same_default(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and a == b)
