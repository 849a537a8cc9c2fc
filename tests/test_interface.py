"""Every framework offers the declared names with the declared signatures."""

from importlib import import_module

import pytest

from d2l import interface
from d2l.common.contents import SHARED, Section
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.interface.declared import Declaration, public_ones

DIFFERENCES = {(e["framework"], e["name"]): e for e in interface.read_differences()}
PUBLIC_NAMES = sorted(set().union(*map(interface.public_names, FRAMEWORKS)))


def label(declaration, method=""):
    """A public name, or `section:name` for one that stays in its section's module."""
    name, section = declaration.name, declaration.section.key
    is_public = interface.DECLARATIONS[name] is declaration
    return (name if is_public else f"{section}:{name}") + (method and f".{method}")


CONTRACTS = {
    label(declaration, method): (declaration, method, signature)
    for declaration in interface.ALL_DECLARATIONS
    for method, signature in interface.signatures(declaration.value)
}


def module_of(framework, declaration):
    """The module that has a declared name: the package, where it is public."""
    if interface.DECLARATIONS[declaration.name] is declaration:
        return import_module(f"d2l.{framework}")
    section = declaration.section
    tree = "common" if section.kind == SHARED else framework
    return import_module(f"d2l.{tree}.{section.key.replace('/', '.')}")


@pytest.mark.parametrize("framework", installed())
@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_name_exists(framework, name):
    namespace = import_module(f"d2l.{framework}")
    assert hasattr(namespace, name) == (name in interface.public_names(framework))


@pytest.mark.parametrize("framework", installed())
@pytest.mark.parametrize("contract", CONTRACTS)
def test_signature(framework, contract):
    declaration, method, signature = CONTRACTS[contract]
    if not declaration.section.is_in(framework):
        return  # held to be missing by the test above
    found = getattr(module_of(framework, declaration), declaration.name)
    problem = interface.mismatch(signature, getattr(found, method) if method else found)
    known = DIFFERENCES.get((framework, contract))
    if known is None:
        assert problem is None
    else:
        assert problem is not None, "no longer differs: delete the entry"


def test_differences_are_about_declared_names():
    for framework, name in DIFFERENCES:
        assert framework in FRAMEWORKS
        assert name in CONTRACTS
        assert DIFFERENCES[framework, name]["reason"]


def test_each_declaration_knows_its_section():
    found = interface.DECLARATIONS
    assert found["LeNet"].section.key == "convolutional_neural_networks/lenet"
    assert found["DATA_HUB"].section.key == "appendix_tools_for_deep_learning/utils"
    assert found["GridWorld"].section.kind == SHARED
    # Each of them has a rival, which stays in its own module.
    assert found["MLP"].section.key == "multilayer_perceptrons/mlp_implementation"
    assert "builders_guide/model_construction:MLP.__init__" in CONTRACTS


def declared(*sections):
    """The same name in each of some sections."""
    return [Declaration("train", Section(key, "A", "functions")) for key in sections]


def test_equal_names_need_a_winner():
    with pytest.raises(D2LError, match=r"^train is declared by a/b and c/d: .* wins"):
        public_ones(declared("a/b", "c/d"), [])
    entry = {"name": "train", "section": "c/d", "reason": "the book's"}
    found = public_ones(declared("a/b", "c/d"), [entry])
    assert found["train"].section.key == "c/d"
    with pytest.raises(D2LError, match="no reason why train of c/d wins"):
        public_ones(declared("a/b", "c/d"), [entry | {"reason": ""}])


@pytest.mark.parametrize("sections", [["c/d"], ["a/b"], ["a/b", "e/f"], []])
def test_a_winner_without_a_rival_fails(sections):
    entry = {"name": "train", "section": "c/d", "reason": "the book's"}
    with pytest.raises(D2LError, match=r"^train of c/d wins over no .* delete"):
        public_ones(declared(*sections), [entry])


def test_a_section_declares_no_name_of_the_tensor_vocabulary():
    own = [Declaration("reshape", Section("a/b", "A", "functions"))]
    with pytest.raises(D2LError, match=r"^reshape, which a/b declares, is .* tensor"):
        public_ones(own, [])


def test_what_is_bound_is_missing_elsewhere(monkeypatch):
    bound = Section("a/b", "A", "bound", ("jax",), "No other compiles so.")
    own = Declaration("compiled", bound)
    monkeypatch.setitem(interface.SECTIONS, "a/b", bound)
    monkeypatch.setitem(interface.DECLARATIONS, "compiled", own)
    assert {f for f in FRAMEWORKS if not interface.is_missing(f, "a/b")} == {"jax"}
    names = {f for f in FRAMEWORKS if "compiled" in interface.public_names(f)}
    assert names == {"jax"}
    assert not interface.is_missing("jax", "linear_regression/oo_design")
    assert not interface.is_missing("mxnet", "reinforcement_learning/mdp")


@pytest.mark.parametrize("framework", installed())
def test_completion_sees_the_names(framework):
    assert interface.public_names(framework) <= set(
        dir(import_module(f"d2l.{framework}"))
    )


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
