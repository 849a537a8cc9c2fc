"""What every framework offers: public names, their signatures and contracts.

Each chapter has a module of declarations: classes and functions without bodies,
whose parameters and defaults the four implementations share. What one framework
alone needs is keyword-only there and not listed here. `differences.toml` holds
the exceptions, with a reason.
"""

from __future__ import annotations

import inspect
import pkgutil
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

CHAPTERS = (
    "preliminaries",
    "linear_regression",
    "linear_classification",
    "multilayer_perceptrons",
    "builders_guide",
    "convolutional_neural_networks",
    "convolutional_modern",
    "recurrent_neural_networks",
    "recurrent_modern",
    "attention_and_transformers",
    "reinforcement_learning",
    "generative_adversarial_networks",
    "appendix_tools_for_deep_learning",
)


def _declared(module: ModuleType) -> dict[str, Any]:
    """What a chapter declares; a long one has a module for each section."""
    found = {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__
    }
    for part in pkgutil.iter_modules(getattr(module, "__path__", ())):
        found |= _declared(import_module(f"{module.__name__}.{part.name}"))
    return found


#: Every declared class and function, by name.
DECLARATIONS: dict[str, Any] = {
    name: value
    for chapter in CHAPTERS
    for name, value in _declared(import_module(f"d2l.interface.{chapter}")).items()
}

#: The tensor vocabulary. Frameworks call these with their own signatures; that
#: they mean the same is tested by calling them.
TENSOR_NAMES = (
    "abs",
    "arange",
    "argmax",
    "astype",
    "batch_matmul",
    "concat",
    "cos",
    "cosh",
    "exp",
    "expand_dims",
    "eye",
    "float32",
    "get_key",
    "get_seed",
    "int32",
    "int64",
    "linspace",
    "log",
    "matmul",
    "meshgrid",
    "nn_Module",
    "normal",
    "numpy",
    "ones",
    "ones_like",
    "rand",
    "randn",
    "reduce_mean",
    "reduce_sum",
    "repeat",
    "reshape",
    "sigmoid",
    "sin",
    "sinh",
    "size",
    "stack",
    "swapaxes",
    "tanh",
    "tensor",
    "to",
    "transpose",
    "zeros",
    "zeros_like",
)

#: Values and modules that the book's text reaches through the package.
VALUES = ("DATA_HUB", "DATA_URL", "Image", "plt")

PUBLIC_NAMES = tuple(sorted({*DECLARATIONS, *TENSOR_NAMES, *VALUES}))


def signatures(declaration: Any) -> Iterator[tuple[str, inspect.Signature]]:
    """A function's signature, or those of a class's public methods.

    Yields ("", signature) for a function and (method's name, signature) for the
    constructor and each method that a class declares.
    """
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


def read_differences(kind: str = "difference") -> list[dict[str, str]]:
    """The exceptions, each with a framework, a name and a reason.

    kind: "difference" for signatures, "only" for names of one framework,
        "missing" for chapters that a framework does not have yet.
    """
    text = Path(__file__).with_name("differences.toml").read_text()
    return tomllib.loads(text).get(kind, [])


def is_missing(framework: str, section: str) -> bool:
    """Whether a section, such as "linear_regression/oo_design", is not written yet."""
    chapter = section.partition("/")[0]
    return any(
        (entry["framework"], entry["chapter"]) == (framework, chapter)
        for entry in read_differences("missing")
    )
