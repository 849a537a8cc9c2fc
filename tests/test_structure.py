"""The trees mirror each other: what each kind of section must have, it has."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import d2l
from d2l.common.contents import read_contents, read_sections
from d2l.common.frameworks import FRAMEWORKS
from d2l.trials import TRIALS
from tools.missing import missing, missing_of_page

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
SECTIONS = read_sections()


@pytest.mark.parametrize("key", SECTIONS)
def test_a_section_has_what_its_kind_asks_for(key):
    """Its page, declaration, modules, parity test and trials, and no others."""
    assert missing(ROOT, SECTIONS[key]) == []


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("chapters", "*/*.md"),
        ("d2l/interface", "*/*.py"),
        ("d2l/common", "*/*.py"),
        *((f"d2l/{framework}", "*/*.py") for framework in FRAMEWORKS),
        ("parity_tests", "*/test_*.py"),
    ],
)
def test_what_lies_in_a_chapter_belongs_to_a_section(folder, pattern):
    """Other packages of `common` and of the parity tests are no chapters."""
    chapters = {chapter.key for chapter in read_contents()}
    paths = [p.relative_to(ROOT / folder) for p in (ROOT / folder).glob(pattern)]
    if folder not in ("d2l/common", "parity_tests"):
        assert {p.parent.name for p in paths} <= chapters
    keys = {
        f"{p.parent.name}/{p.stem.removeprefix('test_')}"
        for p in paths
        if p.parent.name in chapters and p.stem not in ("__init__", "index")
    }
    assert keys <= SECTIONS.keys()
    assert keys


@pytest.mark.parametrize("chapter", read_contents(), ids=lambda chapter: chapter.key)
def test_a_chapter_has_its_first_page(chapter):
    assert list(missing_of_page(ROOT, f"{chapter.key}/index", chapter.title)) == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_support_modules(framework):
    modules = {p.stem for p in (ROOT / "d2l" / framework).glob("*.py")} - {"__init__"}
    extra = set(EXCEPTIONS["support"].get(framework, {}))
    assert modules == SUPPORT | extra


def test_trials_belong_to_sections():
    assert {trial.section for trial in TRIALS.values()} <= SECTIONS.keys()


def public_definitions(path):
    """Names of public classes and functions in order, and of classes' methods."""
    names = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.append(node.name)
    return [name for name in names if not name.startswith("_")]


SIBLINGS = [
    (tree, section.trees[0], section.key)
    for section in SECTIONS.values()
    for tree in section.trees[1:]
]


@pytest.mark.parametrize(("framework", "other", "section"), SIBLINGS)
def test_siblings_define_the_same_names_in_the_same_order(framework, other, section):
    own = public_definitions(ROOT / "d2l" / framework / f"{section}.py")
    first = public_definitions(ROOT / "d2l" / other / f"{section}.py")
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


#: In one sentence what several arguments are: "X: ...; y: ...", or what is returned.
CHAIN = re.compile(r";\s+(`?\*{0,2}\w+`?(, | and )?)+: |^\w+: [^\n]*; returns ", re.M)


@pytest.mark.parametrize(
    "tree",
    ["book", "cli", "common", "interface", "keys", "parity", "trials", *FRAMEWORKS],
)
def test_docstrings_have_an_argument_a_line(tree):
    for path in (ROOT / "d2l" / tree).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                text = ast.get_docstring(node) or ""
                assert not CHAIN.search(text), f"{path}: {node.name}"
