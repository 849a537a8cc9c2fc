"""The first cells of a page from one line: what each framework imports.

A page says what it needs in all frameworks together:

    ```{imports} math numpy torch tensorflow jax.numpy mxnet.np
    ```

Lines between the two may name more. What belongs to a framework is imported there
alone, after the book's package for it, everything else in all of them.
"""

from __future__ import annotations

import re
import sys

from d2l.common.errors import InputError
from d2l.common.frameworks import FRAMEWORKS

_DIRECTIVE = re.compile(r"^```\{imports\}([^`]*)\n```$", re.MULTILINE)
MXNET_NP = "mxnet.np"
_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
#: What everybody calls by another name; but NumPy keeps its own on a page where np is
#: MXNet's.
ALIASES = {
    "numpy": "np",
    "pandas": "pd",
    "tensorflow": "tf",
    "mxnet": "mx",
    "jax.numpy": "jnp",
    "torch.nn.functional": "F",
}


def expand_imports(key: str, text: str) -> str:
    """Put a page's import cells in the place of its `{imports}` line.

    key: of the page, for the error.
    text: its Markdown.

    raises InputError where something cannot be the name of a module.
    """

    def cells(found: re.Match[str]) -> str:
        names = found[1].split()
        for name in names:
            if not _NAME.fullmatch(name):
                raise InputError(f"{key} imports {name!r}, which is no module's name.")
        return "\n".join(_cell(framework, names) for framework in FRAMEWORKS)

    return _DIRECTIVE.sub(cells, text)


def _cell(framework: str, names: list[str]) -> str:
    source = "\n".join(import_lines(framework, names))
    return f"```{{code-cell}}\n:tags: [{framework}]\n{source}\n```"


def import_lines(framework: str, names: list[str]) -> list[str]:
    """The lines that import what `names` say in one framework, and the book's package.

    names: dotted names of modules, or of what is in one.
    """
    aliases = {
        n: a for n, a in ALIASES.items() if n != "numpy" or MXNET_NP not in names
    }
    common = [name for name in names if _owner(name) is None]
    standard = [n for n in common if n.partition(".")[0] in sys.stdlib_module_names]
    lines = _lines(standard, aliases)
    return [
        *(lines and [*lines, ""]),
        *_lines([name for name in common if name not in standard], aliases),
        # First: it prepares what MXNet and TensorFlow find when they are imported.
        f"from d2l import {framework} as d2l",
        *_lines([name for name in names if _owner(name) == framework], aliases),
    ]


def _owner(name: str) -> str | None:
    """The framework that a module belongs to, such as torch for safetensors.torch."""
    parts = set(name.split("."))
    owners = (key for key, own in FRAMEWORKS.items() if parts & {key, *own.packages})
    return next(owners, None)


def _lines(names: list[str], aliases: dict[str, str]) -> list[str]:
    """Whole modules first; what is imported from one module stands on one line."""

    def named(part: str, name: str) -> str:
        return f"{part} as {aliases[name]}" if name in aliases else part

    whole = [f"import {named(name, name)}" for name in names if "." not in name]
    parts: dict[str, list[str]] = {}
    for name in names:
        module, _, part = name.rpartition(".")
        if module:
            parts.setdefault(module, []).append(named(part, name))
    return whole + [f"from {m} import {', '.join(parts[m])}" for m in parts]
