"""Pages are run where that is needed, and compared with what is kept."""

from dataclasses import dataclass, field

import pytest

from d2l.book import keys, renew, store
from d2l.book.check import problems
from d2l.book.keys import Keys
from d2l.book.pages import parse_page
from d2l.book.renew import run_and_save, run_sample
from d2l.book.run import CellFailed, Job, run
from d2l.book.stale import State, state
from d2l.book.store import kept, load, save

KEYS = Keys("own", "common")


def stream(text):
    """What a cell prints, as an output."""
    return {"output_type": "stream", "name": "stdout", "text": text}


@dataclass
class Book:
    """Pages of two cells in PyTorch, and what today's code gives."""

    now: Keys = KEYS
    shown: dict = field(default_factory=dict)
    ran: list = field(default_factory=list)

    def page(self, name):
        """A page by its name."""
        cell = "```{{code-cell}}\n:tags: [torch{}]\n{}\n```\n"
        return parse_page(f"a/{name}", cell.format("", 1) + cell.format(", varies", 2))

    def keys(self, page, framework):
        """Today's keys of a page."""
        return self.now

    def run(self, job):
        """What a page shows today; an error where that is one."""
        self.ran.append(job.page.key)
        shown = self.shown.get(job.page.key, ["1", "2 s"])
        if isinstance(shown, Exception):
            raise shown
        return [[stream(text)] for text in shown]

    def keep(self, name, own="own", common="common", shown=("1", "2 s")):
        """Keep outputs of a page, as of other keys; returns the page."""
        outputs = [[stream(text)] for text in shown]
        save(f"a/{name}", "torch", outputs, Keys(own, common))
        return self.page(name)


@pytest.fixture(name="book")
def _book(tmp_path, monkeypatch):
    book = Book()
    monkeypatch.setattr(store, "STORE", tmp_path)
    monkeypatch.setattr(keys, "_of_this_process", lambda: book)
    monkeypatch.setattr(renew, "run", book.run)
    return book


def _edit(name):
    path = store.store_file(f"a/{name}", "torch")
    path.write_text(path.read_text().replace('"1"', '"7"'))


def test_states(book):
    """New, changed by itself or by what many reach, changed by hand, or none of it."""
    book.keep("edited")
    _edit("edited")
    pages = {
        State.OWN: [book.page("new"), book.keep("own", own="other")],
        State.COMMON: [book.keep("common", common="other")],
        State.CHANGED: [book.page("edited")],
        State.FRESH: [book.keep("fresh")],
    }
    for expected, found in pages.items():
        assert [state(Job(page, "torch")) for page in found] == [expected] * len(found)


def test_problems(book):
    """What has to be run is named, with the command; what a sample may judge is not."""
    book.keep("edited")
    _edit("edited")
    pages = [
        book.keep("own", own="other"),
        book.keep("common", common="other"),
        book.page("edited"),
        book.keep("fresh"),
    ]
    own, edited = problems(pages, complete=True)
    assert own == (
        "a/own: the outputs of PyTorch are stale; `d2l book run a/own` makes them anew."
    )
    assert edited.startswith("a/edited: the outputs of PyTorch are not as its cells")
    book.keep("gone")
    assert any("a/gone" in problem for problem in problems(pages, complete=True))
    assert not any("gone" in problem for problem in problems(pages, complete=False))


def test_run_and_save(book):
    """Equal outputs leave the file alone, so do others in what varies."""
    job = Job(book.keep("page", common="other"), "torch")
    file = store.store_file("a/page", "torch")
    before = file.stat()
    book.shown["a/page"] = ["1", "3.5 s"]
    run_and_save(job)
    assert state(job) is State.FRESH
    assert file.stat() == before
    book.now = Keys("own", "third")
    book.shown["a/page"] = ["8", "3.5 s"]
    run_and_save(job)
    assert state(job) is State.FRESH
    assert load("a/page", "torch") == [[stream("8")], [stream("3.5 s")]]


@pytest.mark.parametrize("is_edited", [False, True])
def test_what_varies_is_new_where_the_page_is(book, is_edited):
    """A page that changed, or whose outputs were, keeps nothing of what it showed."""
    job = Job(book.keep("page", own="own" if is_edited else "other"), "torch")
    if is_edited:
        file = store.store_file("a/page", "torch")
        file.write_text(file.read_text().replace("2 s", "0 s"))
    book.shown["a/page"] = ["1", "3.5 s"]
    run_and_save(job)
    assert load("a/page", "torch") == [[stream("1")], [stream("3.5 s")]]


def test_sample(book):
    """So many are run as are asked for; those that show the same have a new key."""
    pages = [book.keep(f"page{n}", common="other") for n in range(5)]
    pages += [book.keep("fresh"), book.keep("own", own="other")]
    sample = run_sample(pages, 3)
    assert sample.problems == []
    assert len(sample.renewed) == 3
    assert {job.page.key for job in sample.renewed} == set(book.ran)
    assert all(state(job) is State.FRESH for job in sample.renewed)
    assert str(sample) == (
        "Of the pages in each framework 1 are fresh, 3 were run as a sample, 2 are "
        "left stale by common parts alone."
    )
    sample = run_sample(pages, 3)
    assert (sample.fresh, len(sample.renewed), sample.left) == (4, 2, 0)
    assert len(book.ran) == len(set(book.ran)) == 5


def test_another_sample_with_every_commit(book, monkeypatch):
    """The same one for the same commit."""
    pages = [book.keep(f"page{n}", common="other") for n in range(20)]
    book.shown = {page.key: ["9", "9 s"] for page in pages}  # so that none is renewed
    drawn = []
    for commit in ("one", "one", "two"):
        monkeypatch.setattr(renew, "seed", lambda keys, commit=commit: commit)
        book.ran.clear()
        run_sample(pages, 3, workers=1)
        drawn.append(list(book.ran))
    assert drawn[0] == drawn[1] != drawn[2]


def test_sample_that_shows_something_else(book):
    """Page, framework and cell are named; the page stays stale."""
    job = Job(book.keep("page", common="other"), "torch")
    before = kept("a/page", "torch")
    book.shown["a/page"] = ["8", "3.5 s"]
    [problem] = run_sample([job.page], 6).problems
    assert problem.startswith("a/page, PyTorch, cell 1: today's code shows something")
    assert "`d2l book run a/page`" in problem
    book.shown["a/page"] = ["8", "3.5 hours"]
    [problem] = run_sample([job.page], 6).problems
    assert problem.startswith("a/page, PyTorch, cells 1, 2: ")
    assert kept("a/page", "torch") == before


def test_sample_that_fails(book):
    """An error of a cell is a problem of the sample."""
    book.shown["a/page"] = CellFailed("a/page, PyTorch, cell 1: ValueError: no")
    sample = run_sample([book.keep("page", common="other")], 6)
    assert sample.problems == ["a/page, PyTorch, cell 1: ValueError: no"]


def test_real_kernel(book, monkeypatch):
    """Run, kept, run again as a sample, and found to be true."""
    monkeypatch.setattr(renew, "run", run)
    job = Job(
        parse_page("a/real", "```{code-cell}\n:tags: [torch]\n1 + 1\n```\n"), "torch"
    )
    run_and_save(job)
    assert load("a/real", "torch")[0][0]["data"] == {"text/plain": "2"}
    book.now = Keys("own", "another")
    assert run_sample([job.page], 1).renewed == [job]
    assert state(job) is State.FRESH
