"""A page's keys follow what its cells reach, and nothing else."""

import os
from pathlib import Path

import pytest

from d2l.book import keys
from d2l.book.keys import PageKeys, as_python
from d2l.book.pages import parse_page, read_page
from d2l.book.run import Job, run
from d2l.keys.sources import ROOT, Sources
from d2l.parity.sources import Source

#: A library with a trainer, a network that it trains, and something by itself.
FILES = {
    "d2l/__init__.py": "",
    "d2l/common/__init__.py": "",
    "d2l/common/plots.py": (
        'def plot():\n    """Draw a curve."""\n    return 1\n\n\n'
        "def unused():\n    return 2\n"
    ),
    "d2l/torch/__init__.py": "",
    "d2l/torch/__init__.pyi": (
        "from .ch.alone import Alone as Alone\n"
        "from .ch.net import Net as Net\n"
        "from .ch.oo import Trainer as Trainer\n"
    ),
    "d2l/torch/ch/__init__.py": "",
    "d2l/torch/ch/alone.py": "class Alone:\n    size = 3\n",
    "d2l/torch/ch/net.py": (
        "class Net:\n    def forward(self, X):\n        return _twice(X)\n\n\n"
        "def _twice(X):\n    return 2 * X\n"
    ),
    "d2l/torch/ch/oo.py": (
        "from d2l.common.plots import plot\n\n\n"
        'class Trainer:\n    """Train a model."""\n\n    def fit(self, model):\n'
        "        return plot()\n\n\n"
        "def neighbour():\n    return 4\n"
    ),
}
IMPORT = "from d2l import torch as d2l"
#: A page of the real book, on which the trainer trains.
TRAINS = "linear_regression/linear_regression_concise"
#: What the pages of a book about it do, by their keys.
PAGES = {
    "ch/alone": "d2l.Alone()",
    "ch/net": "d2l.Trainer().fit(d2l.Net())",
    "ch/oo": "trainer = d2l.Trainer()",
    "ch/uses": "net = d2l.Net()",
}


def page(key, *sources, tags="torch"):
    """A page with cells in PyTorch."""
    cells = (f"```{{code-cell}}\n:tags: [{tags}]\n{s}\n```\n" for s in sources)
    return parse_page(key, "".join(cells))


@pytest.fixture(name="library")
def _library(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def keys_in(library, *pages):
    """The keys of some pages, or of all."""
    known = PageKeys(Sources(library, packages=["d2l"]))
    pages = pages or [page(key, IMPORT, code) for key, code in PAGES.items()]
    return [known.keys(p, "torch") for p in pages]


def changes(before, after):
    """For each page, which of its keys are others."""
    return [
        " ".join(name for name in a._fields if getattr(a, name) != getattr(b, name))
        for a, b in zip(before, after, strict=True)
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("torch/ch/alone.py", "size = 3", "size = 5", ["own", "", "", ""]),
        # What a definition of the section uses is its own too.
        ("torch/ch/net.py", "2 * X", "3 * X", ["", "own", "", "common"]),
        ("torch/ch/oo.py", "plot()", "plot() + 1", ["", "common", "own", ""]),
        ("common/plots.py", "return 1", "return 0", ["", "common", "common", ""]),
        # A comment, a docstring, a neighbour.
        ("torch/ch/oo.py", "plot()", "plot()  # a curve", [""] * 4),
        ("torch/ch/oo.py", "Train a model.", "Fit.", [""] * 4),
        ("torch/ch/oo.py", "return 4", "return 5", [""] * 4),
        ("common/plots.py", "Draw a curve.", "Draw.", [""] * 4),
        ("common/plots.py", "return 2", "return 3", [""] * 4),
    ],
)
def test_changes_of_the_library(file, old, new, changed, library):
    """Each reaches the pages that it concerns, as a thing of theirs or of many."""
    before = keys_in(library)
    path = library / "d2l" / file
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    assert changes(before, keys_in(library)) == changed


def test_section_of_all_frameworks(library):
    """A module in `common` may be a section too."""
    path = library / "d2l/common/ch/oo.py"
    path.parent.mkdir()
    path.write_text("def plan():\n    return 1\n")
    shared = page("ch/oo", "from d2l.common.ch.oo import plan", "plan()")
    before = keys_in(library, shared)
    path.write_text("def plan():\n    return 2\n")
    assert changes(before, keys_in(library, shared)) == ["own"]


def test_modules_that_are_imported_by_a_text(library):
    """With the framework filled in, and a name that is mentioned elsewhere."""
    trainer = library / "d2l/torch/ch/oo.py"
    trainer.write_text(
        "import importlib\n\n\nclass Trainer:\n"
        "    def module(self, framework, name):\n"
        '        return importlib.import_module(f"d2l.{framework}.{name}")\n\n'
        '    def save(self):\n        self.module("torch", "states").walk(self)\n'
    )
    states = library / "d2l/torch/states.py"
    states.write_text("def walk(model):\n    return 1\n\n\ndef other(): ...\n")
    before = keys_in(library)
    states.write_text("def walk(model):\n    return 2\n\n\ndef other(): ...\n")
    assert changes(before, keys_in(library)) == ["", "common", "common", ""]
    before = keys_in(library)
    states.write_text("def walk(model):\n    return 2\n\n\ndef other(): pass\n")
    assert changes(before, keys_in(library)) == [""] * 4


def test_versions(library, monkeypatch):
    """They are nothing that a page has by itself."""
    before = keys_in(library)
    monkeypatch.setattr(keys, "versions", lambda frameworks, packages: ["torch 99"])
    assert changes(before, keys_in(library)) == ["common"] * 4


def test_packages_that_are_reached(library, monkeypatch):
    """Whatever a cell imports and uses, beside what all pages depend on."""
    asked = {}

    def versions(frameworks, packages):
        asked.update(frameworks=frameworks, packages=packages)
        return []

    monkeypatch.setattr(keys, "versions", versions)
    keys_in(library, page("ch/oo", "import pandas as pd", "pd.DataFrame()"))
    assert asked["frameworks"] == ["torch"]
    assert asked["packages"] >= {"pandas", "numpy", "matplotlib"}


CELLS = [IMPORT, "x = 1", "x += 1", "x"]


@pytest.mark.parametrize(
    ("sources", "tags", "changed"),
    [
        ([*CELLS[:3], "x  # two"], "torch", ""),
        ([IMPORT, "x += 1", "x = 1", "x"], "torch", "own"),
        ([IMPORT, "x = 1\nx += 1", "x"], "torch", "own"),
        # IPython shows no value before a semicolon.
        ([*CELLS[:3], "x;"], "torch", "own"),
        ([*CELLS[:3], "x  # two;"], "torch", ""),
        (CELLS, "torch, raises-exception", "own"),
        (CELLS, "torch, agree", ""),
    ],
)
def test_changes_of_cells(sources, tags, changed, library):
    """What they do and show counts, and in which order; comments don't."""
    before = page("ch/oo", *CELLS)
    found = keys_in(library, before, page("ch/oo", *sources, tags=tags))
    assert changes(found[:1], found[1:]) == [changed]


@pytest.mark.parametrize("magic", ["%time d2l.Alone()", "%%time\nx = d2l.Alone()"])
def test_magics(magic, library):
    """They are calls, and what they execute is followed by its names."""
    cells = page("ch/magic", IMPORT, magic)
    before = keys_in(library, cells)
    (library / "d2l/torch/ch/alone.py").write_text("class Alone:\n    size = 4\n")
    assert changes(before, keys_in(library, cells)) == ["common"]


def test_shown_source(library, monkeypatch):
    """A cell that shows how something is written depends on its very text."""
    cells = page("ch/show", f"import inspect\n{IMPORT}", "inspect.getsource(d2l.Net)")
    found = []
    for text in ("class Net: ...", "class Net: ...  # why"):
        monkeypatch.setattr(
            keys, "name_sources", lambda name, f, text=text: [Source(f[0], name, text)]
        )
        found += keys_in(library, cells)
    assert changes(found[:1], found[1:]) == ["own"]


def test_how_pages_are_run():
    """It is the same for all pages, and part of what they depend on."""
    reached = PageKeys().reach("1 + 1", "jax").found.parts
    assert {"d2l.book.run:run", "d2l.book.run:FIGURES"} <= reached.keys()
    assert not [title for title in reached if title.startswith(("cells", "d2l.trials"))]


def test_trials_are_found_by_name():
    """Where anything finds trials; elsewhere the same text is no trial's name."""
    known = PageKeys()
    trial = known.reach("from d2l import trials\ntrials.find('lenet')", "jax").found
    assert "value lenet" in trial.parts
    assert "d2l.jax.convolutional_neural_networks.lenet:LeNet" in trial.parts
    text = known.reach(f"{IMPORT}\nd2l.Trainer, 'lenet'", "torch").found
    assert "value lenet" not in text.parts


def test_every_function_that_runs_is_reached(tmp_path, monkeypatch):
    """In the kernel, told by watching it."""
    calls = tmp_path / "calls"
    folders = (ROOT / "tests" / "keys" / "traced", ROOT)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, folders)))
    monkeypatch.setenv("TRACED_ROOT", str(ROOT))
    monkeypatch.setenv("TRACED_FILE", str(calls))
    job = Job(read_page(TRAINS), "torch")
    run(job)
    known = PageKeys()
    rows = [line.split("\t") for line in calls.read_text().splitlines()]
    ran = {known.sources.place_of(Path(path), name) for path, name in rows} - {None}
    assert ("d2l.torch.linear_regression.oo_design", "Trainer") in ran
    code = "\n".join(as_python(cell) for cell in job.page.cells("torch"))
    reached = known.reach(code, "torch").found.parts
    assert {f"{module}:{name}" for module, name in ran} <= reached.keys()
