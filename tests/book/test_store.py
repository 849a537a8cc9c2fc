"""Outputs are kept with keys that tell when they are stale."""

import pytest

from d2l.book import reach, store
from d2l.book.check import problems
from d2l.book.pages import parse_page, read_page
from d2l.book.store import Stored, current_keys, is_stale, load, save

CODE = "from d2l import torch as d2l\nmodel = d2l.LeNet()"
PAGE = f"# T\n\n```{{code-cell}}\n:tags: [torch]\n{CODE}\n```\n"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": "1\n"}


@pytest.fixture(name="page")
def _page(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "STORE", tmp_path)
    return parse_page("a/b", PAGE)


def test_round_trip(page):
    """What is saved is loaded, and is not stale."""
    assert load("a/b", "torch") is None
    assert is_stale(page, "torch")
    stored = Stored(current_keys(page, "torch"), [[OUTPUT]])
    save("a/b", "torch", stored)
    assert load("a/b", "torch") == stored
    assert not is_stale(page, "torch")
    assert problems([page], complete=True) == []


def test_stale_by_code(page):
    """Another cell, or another cell before it, is another key; text is not."""
    keys = current_keys(page, "torch")
    assert current_keys(parse_page("a/b", PAGE + "\nText"), "torch") == keys
    changed = PAGE.replace("LeNet()", "LeNet(lr=1)")
    assert current_keys(parse_page("a/b", changed), "torch") != keys
    cell = "```{code-cell}\n:tags: [torch]\n1\n```\n"
    before = current_keys(parse_page("a/b", f"{cell}{PAGE}"), "torch")
    assert before[1] != keys[0]


def test_stale_by_version(page, monkeypatch):
    """Another version of the framework is another key."""
    keys = current_keys(page, "torch")
    monkeypatch.setattr(store, "versions", lambda framework: {"torch": "99"})
    assert current_keys(page, "torch") != keys


def test_reached_files():
    """A name's module is reached, and what that imports, and nothing else."""
    names = {path.stem for path in reach.reached_files(CODE, "torch")}
    assert {"lenet", "classification", "oo_design", "trainer"} <= names
    assert "resnet" not in names


def test_digest(tmp_path, monkeypatch):
    """Comments and docstrings don't count; anything else does."""
    monkeypatch.setattr(reach, "_PACKAGE", tmp_path)
    path = tmp_path / "a.py"

    def digest(text):
        path.write_text(text)
        reach._digest_of.cache_clear()
        return reach.digest({path})

    plain = digest("def f():\n    return 1\n")
    assert digest('def f():\n    """Docs."""\n    # why\n    return 1\n') == plain
    assert digest("def f():\n    return 2\n") != plain


def test_problems_name_the_page(page):
    """A stale page is named, and so is a file that no page has a use for."""
    [problem] = problems([page], complete=True)
    assert "a/b: the outputs of PyTorch are stale" in problem
    save("a/c", "torch", Stored([], []))
    assert any("a/c" in p for p in problems([page], complete=True))
    assert not any("a/c" in p for p in problems([page], complete=False))


def test_the_book_is_current():
    """The outputs in the repository are those of today's code, and agree."""
    from d2l.book.pages import page_keys

    assert problems([read_page(key) for key in page_keys()], complete=True) == []
