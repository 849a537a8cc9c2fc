"""What the generated files should hold, by the declarations as they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from d2l import interface
from d2l.common.contents import SHARED
from d2l.common.frameworks import FRAMEWORKS
from tools.coverage import with_table
from tools.formatting import formatted

ROOT = Path(__file__).parents[1]
README = "README.md"
BY = "# Written by `make generated` from d2l/interface, not by hand.\n"


def all_files() -> dict[str, str]:
    """The text of each, by its path from the root."""
    files = {}
    for framework in FRAMEWORKS:
        files[f"d2l/{framework}/__init__.pyi"] = stub(framework)
        files[f"d2l/{framework}/shared.py"] = shared()
    return files | {README: with_table((ROOT / README).read_text("utf-8"))}


def stub(framework: str) -> str:
    """The public names of a framework's package, each from the module that has it."""
    names = [(".tensor", name) for name in interface.TENSOR_NAMES]
    for name, declaration in interface.DECLARATIONS.items():
        section = declaration.section
        if section.is_in(framework):
            own = f".{section.key.replace('/', '.')}"
            names.append((".shared" if section.kind == SHARED else own, name))
    for entry in interface.read_differences("only"):
        if entry["framework"] == framework:
            names.append((f".{entry['section'].replace('/', '.')}", entry["name"]))
    return formatted(BY + _imports(names), "pyi")


def shared() -> str:
    """What the sections that are written once offer, as frameworks hand it on."""
    names = [
        (f"d2l.common.{declaration.section.key.replace('/', '.')}", name)
        for name, declaration in interface.DECLARATIONS.items()
        if declaration.section.kind == SHARED
    ]
    doc = "What the shared sections offer: written once, in NumPy, one object for all."
    return formatted(f'"""{doc}"""\n\n{BY}\n{_imports(names)}', "py")


def _imports(names: Iterable[tuple[str, str]]) -> str:
    return "".join(f"from {module} import {n} as {n}\n" for module, n in names)
