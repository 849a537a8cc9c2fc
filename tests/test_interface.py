"""Every framework offers the declared names with the declared signatures."""

from importlib import import_module
from pathlib import Path

import pytest

import d2l
from d2l import interface
from d2l.common.frameworks import FRAMEWORKS, installed

FOLDER = Path(d2l.__file__).parent
DIFFERENCES = {(e["framework"], e["name"]): e for e in interface.read_differences()}
ONLY = {(e["framework"], e["name"]) for e in interface.read_differences("only")}
MISSING = {
    (e["framework"], e["chapter"]) for e in interface.read_differences("missing")
}
CONTRACTS = [
    (name, method, signature)
    for name, declaration in interface.DECLARATIONS.items()
    for method, signature in interface.signatures(declaration)
]


def find(framework, name, method):
    member = getattr(import_module(f"d2l.{framework}"), name)
    return getattr(member, method) if method else member


def label(name, method):
    return f"{name}.{method}" if method else name


def public_names(framework):
    """All names but those of chapters that the framework does not have yet."""
    missing = {chapter for own, chapter in MISSING if own == framework}
    return {
        name
        for name in interface.PUBLIC_NAMES
        if _chapter(interface.DECLARATIONS.get(name)) not in missing
    }


def _chapter(declaration):
    return getattr(declaration, "__module__", "..").split(".")[2]


@pytest.mark.parametrize("framework", installed())
@pytest.mark.parametrize("name", interface.PUBLIC_NAMES)
def test_name_exists(framework, name):
    namespace = import_module(f"d2l.{framework}")
    assert hasattr(namespace, name) == (name in public_names(framework))


@pytest.mark.parametrize("framework", installed())
@pytest.mark.parametrize(
    ("name", "method", "signature"), CONTRACTS, ids=[label(*c[:2]) for c in CONTRACTS]
)
def test_signature(framework, name, method, signature):
    if name not in public_names(framework):
        return  # held to be missing by the test above
    problem = interface.mismatch(signature, find(framework, name, method))
    known = DIFFERENCES.get((framework, label(name, method)))
    if known is None:
        assert problem is None
    else:
        assert problem is not None, "no longer differs: delete the entry"


def test_differences_are_about_declared_names():
    declared = {label(name, method) for name, method, _ in CONTRACTS}
    for framework, name in DIFFERENCES:
        assert framework in FRAMEWORKS
        assert name in declared
        assert DIFFERENCES[framework, name]["reason"]


def stub(framework):
    """The lines of a framework's stub, without the names it alone has."""
    lines = (FOLDER / framework / "__init__.pyi").read_text().splitlines()
    extra = {name for own, name in ONLY if own == framework}
    assert extra <= {line.strip().split(" as ")[0] for line in lines}
    return [line for line in lines if line.strip().split(" as ")[0] not in extra]


def without(lines, chapters):
    """The lines of a stub without the imports from some chapters."""
    kept, inside = [], False
    for line in lines:
        if line.startswith("from "):
            inside = line.split(".")[1] in chapters
        if not inside:
            kept.append(line)
    return kept


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_public_names_are_the_declared_ones(framework):
    lines = "\n".join(stub(framework)).replace(", ", ",\n").splitlines()
    listed = {line.split(" as ")[1].strip(" ,") for line in lines if " as " in line}
    assert listed == public_names(framework)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_stubs_are_the_same_text(framework):
    """The same name comes from the same section in every framework."""
    missing = {chapter for own, chapter in MISSING if own == framework}
    assert stub(framework) == without(stub("torch"), missing)


@pytest.mark.parametrize("framework", installed())
def test_completion_sees_the_names(framework):
    assert public_names(framework) <= set(dir(import_module(f"d2l.{framework}")))


def _takes(a, b=1):
    """Stands for a declaration."""


@pytest.mark.parametrize(
    ("actual", "problem"),
    [
        (lambda a: 0, "lacks the parameter b"),
        (lambda b, a=1: 0, "has b where a is declared"),
        (lambda a, b=2: 0, "b is 2, not 1"),
        (lambda a, b=True: 0, "b is True, not 1"),
        (lambda a, b=1, c=0: 0, "has the further parameter c"),
        (lambda a, b=1, *, c: 0, "has the further parameter c"),
        (lambda a, b=1, *, c=0: 0, None),
        (lambda a, b=1, **kwargs: 0, None),
    ],
)
def test_mismatch_is_noticed(actual, problem):
    signature = dict(interface.signatures(_takes))[""]
    assert interface.mismatch(signature, actual) == problem
