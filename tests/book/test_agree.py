"""The numbers that the four frameworks print are compared."""

import pytest

from d2l.book import store
from d2l.book.agree import disagreements, groups, numbers
from d2l.book.keys import Keys
from d2l.book.pages import parse_page
from d2l.book.store import save
from d2l.common.frameworks import FRAMEWORKS

SHARED = "```{code-cell}\n:tags: [agree]\nx\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        "tensor([1.5000, -2.0000], dtype=torch.float64, grad_fn=<AddBackward0>)",
        "<tf.Tensor: shape=(2,), dtype=float32, numpy=array([1.5, -2], dtype=float32)>",
        "Array([ 1.5, -2. ], dtype=float32)",
        "array([ 1.5, -2. ])",
    ],
)
def test_numbers_of_arrays(text):
    """How an array describes itself is left out."""
    assert [float(x) for x in numbers(text) if x] == [1.5, -2.0]


def test_numbers_of_text():
    """Numbers within words are no numbers; special ones are."""
    found = [float(x) for x in numbers("x2 is 3e-05, inf and .5")]
    assert found == [3e-05, float("inf"), 0.5]


def _kept(page, texts, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "STORE", tmp_path)
    for framework, text in zip(FRAMEWORKS, texts, strict=True):
        output = {"output_type": "stream", "name": "stdout", "text": text}
        save(page.key, framework, [[output]], Keys("own", "common"))


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("1.00001 2.00000", 0),
        ("1.0 2.00", 0),
        ("1.001 2.000", 3),
        ("1", 3),
        ("nan 2", 3),
    ],
)
def test_disagreement(last, found, monkeypatch, tmp_path):
    """One that differs is found, against each of the three others."""
    page = parse_page("a/b", SHARED)
    _kept(page, ["1.0000 2.0000"] * 3 + [last], monkeypatch, tmp_path)
    assert len(disagreements(page)) == found


def test_nothing_to_compare(monkeypatch, tmp_path):
    """A cell that prints no number cannot agree."""
    page = parse_page("a/b", SHARED)
    _kept(page, ["words"] * 4, monkeypatch, tmp_path)
    [problem] = disagreements(page)
    assert "a/b, cell 1: prints no number" in problem


def test_groups():
    """Neighbours of one framework each are one group; text ends it."""
    cell = "```{{code-cell}}\n:tags: [{}, agree]\nx\n```\n"
    two = cell.format("torch") + cell.format("jax")
    page = parse_page("a/b", f"{two}\nText\n\n{two}")
    assert [sorted(group) for group in groups(page)] == [["jax", "torch"]] * 2
