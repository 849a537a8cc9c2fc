"""The trees mirror each other: pages, modules and parity tests of a section."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import d2l
from d2l.common.contents import SHARED, read_contents
from d2l.common.frameworks import FRAMEWORKS
from d2l.interface import is_missing
from d2l.parity.sources import public_names
from d2l.trials import TRIALS

ROOT = Path(d2l.__file__).resolve().parents[1]
EXCEPTIONS = tomllib.loads((ROOT / "tests" / "structure_exceptions.toml").read_text())
#: Modules of a framework that are not sections.
SUPPORT = {
    "tensor",
    "optimizers",
    "randomness",
    "loaders",
    "weights",
    "states",
    "backend",
    "shared",
}
SECTIONS = {s.key: s for chapter in read_contents() for s in chapter.sections}
SHARED_SECTIONS = {key for key, section in SECTIONS.items() if section.kind == SHARED}


def sections_of(framework):
    """The keys of the modules of a framework's tree, or of `common`."""
    folder = ROOT / "d2l" / framework
    paths = (p.relative_to(folder).with_suffix("") for p in folder.glob("*/*.py"))
    return {p.as_posix() for p in paths if p.name != "__init__"}


def test_every_page_is_listed_and_every_listed_page_exists():
    pages = {
        p.relative_to(ROOT / "chapters").with_suffix("").as_posix()
        for p in (ROOT / "chapters").glob("*/*.md")
    }
    assert {p for p in pages if not p.endswith("/index")} == set(SECTIONS)
    assert {p for p in pages if p.endswith("/index")} == {
        f"{chapter.key}/index" for chapter in read_contents()
    }


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_modules_have_pages(framework):
    assert sections_of(framework) <= set(SECTIONS) - SHARED_SECTIONS


def test_shared_sections_have_one_module():
    """`common` has other packages too, which are no chapters."""
    chapters = {chapter.key for chapter in read_contents()}
    modules = {m for m in sections_of("common") if m.split("/")[0] in chapters}
    assert modules == SHARED_SECTIONS


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_frameworks_hand_on_what_shared_sections_define(framework):
    """All public names, from the files that define them, by the same text."""
    names = public_names(framework)
    for section in SHARED_SECTIONS:
        path = ROOT / "d2l" / "common" / f"{section}.py"
        defined = public_definitions(path)
        assert defined
        assert [name for name in defined if names.get(name) != path] == []
    text = (ROOT / "d2l" / framework / "shared.py").read_text()
    assert text == (ROOT / "d2l" / "torch" / "shared.py").read_text()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_frameworks_have_the_same_modules(framework):
    expected = {s for s in sections_of("torch") if not is_missing(framework, s)}
    assert sections_of(framework) == expected


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_support_modules(framework):
    modules = {p.stem for p in (ROOT / "d2l" / framework).glob("*.py")} - {"__init__"}
    extra = set(EXCEPTIONS["support"].get(framework, {}))
    assert modules == SUPPORT | extra


def test_modules_have_parity_tests():
    tests = {
        f"{p.parent.name}/{p.stem.removeprefix('test_')}"
        for p in (ROOT / "parity_tests").glob("*/test_*.py")
        if p.parent.name != "meta"
    }
    assert tests == sections_of("torch") | SHARED_SECTIONS


def test_trials_belong_to_sections():
    keys = sections_of("torch") | SHARED_SECTIONS
    assert {trial.section for trial in TRIALS.values()} <= keys


def public_definitions(path):
    """Names of public classes and functions in order, and of classes' methods."""
    names = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.append(node.name)
    return [name for name in names if not name.startswith("_")]


@pytest.mark.parametrize("framework", [f for f in FRAMEWORKS if f != "torch"])
@pytest.mark.parametrize("section", sorted(sections_of("torch")))
def test_siblings_define_the_same_names_in_the_same_order(framework, section):
    if is_missing(framework, section):
        return  # held to be missing by the test above
    own = public_definitions(ROOT / "d2l" / framework / f"{section}.py")
    first = public_definitions(ROOT / "d2l" / "torch" / f"{section}.py")
    allowed = EXCEPTIONS["names"].get(framework, {}).get(section, {})
    for name, reason in allowed.items():
        assert reason
        assert (name in own) != (name in first), f"{name} is no exception any more"
    assert [n for n in own if n not in allowed] == [
        n for n in first if n not in allowed
    ]


@pytest.mark.parametrize("module", ["common", "interface", "trials", "parity", "cli"])
def test_framework_free_code_imports_no_framework(module):
    code = (
        "import pkgutil, sys, importlib, d2l\n"
        f"import d2l.{module} as package\n"
        "for m in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "    if not m.name.endswith('__main__'):\n"
        "        importlib.import_module(m.name)\n"
        "found = {'torch', 'tensorflow', 'keras', 'jax', 'flax', 'mxnet'}\n"
        "sys.exit(', '.join(sorted(found & set(sys.modules))) or None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_imports_no_other(framework):
    others = {"torch", "tensorflow", "keras", "jax", "flax", "optax", "mxnet"}
    own = set(FRAMEWORKS[framework].packages)
    for path in (ROOT / "d2l" / framework).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            for name in modules:
                assert name.split(".")[0] not in others - own, path


@pytest.mark.parametrize("path", sorted((ROOT / "d2l").rglob("*.py")), ids=str)
def test_modules_are_small(path):
    assert len(path.read_text().splitlines()) <= 250


def test_the_engine_names_no_kind_of_trial():
    kinds = {type(trial).__name__ for trial in TRIALS.values()}
    assert {"ModelTrial", "LoopTrial", "SharedTrial"} <= kinds
    engine = [ROOT / "d2l" / name for name in ("parity", "cli", "book")]
    for folder in [*engine, ROOT / "benchmarks"]:
        for path in folder.rglob("*.py"):
            text = path.read_text("utf-8")
            assert not [kind for kind in kinds if kind in text], path


@pytest.mark.parametrize("tree", [*FRAMEWORKS, "common", "trials"])
def test_only_backends_know_the_parity_engine(tree):
    for path in (ROOT / "d2l" / tree).rglob("*.py"):
        if path.name != "backend.py":
            assert "d2l.parity" not in path.read_text("utf-8"), path
