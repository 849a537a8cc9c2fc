"""`d2l book` from the command line."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from d2l.book import keys, renew, store
from d2l.book.pages import read_page
from d2l.book.run import CellFailed
from d2l.cli.app import app
from d2l.common.frameworks import FRAMEWORKS

LENET = "convolutional_neural_networks/lenet"


def book(*arguments):
    """Run a command; its exit code and what it says."""
    result = CliRunner().invoke(app, ["book", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture(name="current")
def _current(tmp_path, monkeypatch):
    """A store with one page's outputs, as if they had just been made."""
    shutil.copytree(store.STORE / LENET, tmp_path / LENET)
    monkeypatch.setattr(store, "STORE", tmp_path)
    for framework in FRAMEWORKS:
        store.renew(LENET, framework, keys.current_keys(read_page(LENET), framework))
    return tmp_path


def test_check(current):
    """A page without outputs is stale, which is said of each framework."""
    assert book("check", LENET) == (0, "")
    shutil.rmtree(current / LENET)
    (current / LENET).with_name("keys.json").unlink()
    code, said = book("check", LENET)
    assert code == 1
    assert said.count("are stale") == 4


def test_sample(current, monkeypatch):
    """What only common parts made stale is counted; a sample is run where asked."""
    said = "4 are fresh, 0 were run as a sample, 0 are left stale by common parts"
    assert said in book("check", LENET, "--sample", 6)[1]
    others = keys.PageKeys()
    monkeypatch.setattr(keys, "versions", lambda frameworks, packages: ["torch 99"])
    monkeypatch.setattr(keys, "_of_this_process", lambda: others)
    monkeypatch.setattr(renew, "run", _fails)
    code, said = book("check", LENET)
    assert code == 0
    assert "0 are fresh, 0 were run as a sample, 4 are left stale" in said
    code, said = book("check", LENET, "--sample", 1)
    assert code == 1
    assert "no kernel today" in said
    assert "0 are fresh, 1 were run as a sample, 3 are left stale" in said


def _fails(job):
    raise CellFailed("no kernel today")


def test_build_is_checked(tmp_path, monkeypatch):
    """A site of outputs that are no longer true is built, and fails."""
    monkeypatch.setattr("sphinx.cmd.build.build_main", lambda arguments: 0)
    assert book("build", "--out", tmp_path)[0] == 0
    monkeypatch.setattr(store, "STORE", tmp_path)
    code, said = book("build", "--out", tmp_path)
    assert code == 1
    assert "The book is in" in said
    assert "are stale" in said


@pytest.mark.usefixtures("current")
def test_nothing_to_run():
    """What is current is not run again."""
    assert book("run", LENET) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "lenett"), "There is no page 'lenett'"),
        (("notebooks", "--framework", "fortran"), "fortran"),
        (("serve", "--out", "nowhere"), "There is no site in nowhere"),
    ],
)
def test_mistakes(arguments, sentence):
    """One sentence, and exit code 2."""
    code, said = book(*arguments)
    assert code == 2
    assert sentence in said
    assert "Traceback" not in said


def test_notebooks(tmp_path):
    """One notebook for each page, that names its framework."""
    code, said = book("notebooks", "--framework", "jax", "--out", tmp_path)
    assert code == 0
    count = len(list(tmp_path.rglob("*.ipynb")))
    assert f"{count} notebooks" in said
    content = json.loads((tmp_path / f"{LENET}.ipynb").read_text("utf-8"))
    assert "pip install" in "".join(content["cells"][0]["source"])
    assert "nnx" in json.dumps(content)
