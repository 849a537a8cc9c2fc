"""Outputs are kept, with keys that tell what they depended on."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from d2l.book import store
from d2l.book.keys import Keys
from d2l.book.pages import parse_page
from d2l.book.store import digest, kept, left_over, load, renew, save
from d2l.common.errors import DataError

OUTPUT = {"output_type": "stream", "name": "stdout", "text": "1\n"}
KEYS = Keys("a" * 10, "b" * 10)


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "STORE", tmp_path)
    return tmp_path


def test_round_trip():
    """What is saved is loaded."""
    assert load("a/b", "torch") is None
    assert kept("a/b", "torch") is None
    save("a/b", "torch", [[OUTPUT], []], KEYS)
    assert load("a/b", "torch") == [[OUTPUT], []]
    assert kept("a/b", "torch") == (KEYS, digest("a/b", "torch"))


def test_renewed(folder):
    """New keys leave the file of outputs alone."""
    save("a/b", "torch", [[OUTPUT]], KEYS)
    path = folder / "a/b/torch.json"
    before = path.stat()
    other = Keys("c" * 10, "d" * 10)
    renew("a/b", "torch", other)
    assert kept("a/b", "torch").keys == other
    assert path.stat() == before


def test_form(folder):
    """A line for each page, in order, whatever the order of saving."""
    for key, framework in (("a/c", "jax"), ("a/b", "torch"), ("a/b", "jax")):
        save(key, framework, [[OUTPUT]], KEYS)
    lines = (folder / "a/keys.json").read_text().splitlines()
    assert [line[:12] for line in lines] == ["{", '"b": {"jax":', '"c": {"jax":', "}"]
    assert list(json.loads("\n".join(lines))["b"]) == ["jax", "torch"]


def test_many_threads():
    """None loses what another keeps."""
    names = [f"page{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as executor:
        list(executor.map(lambda n: save(f"a/{n}", "jax", [[OUTPUT]], KEYS), names))
    assert [name for name in names if kept(f"a/{name}", "jax") is None] == []


def test_change_by_hand(folder):
    """It changes the digest; other ends of lines don't."""
    save("a/b", "torch", [[OUTPUT]], KEYS)
    path, known = folder / "a/b/torch.json", digest("a/b", "torch")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert digest("a/b", "torch") == known
    path.write_text(path.read_text().replace("1", "2"))
    assert digest("a/b", "torch") != known


def test_left_over():
    """Files and entries without a page are named."""
    page = parse_page("a/b", "```{code-cell}\n:tags: [torch]\n1\n```\n")
    save("a/b", "torch", [[OUTPUT]], KEYS)
    assert left_over([page]) == []
    save("a/b", "jax", [[OUTPUT]], KEYS)
    save("z/b", "jax", [[OUTPUT]], KEYS)
    (store.STORE / "a/b/jax.json").unlink()
    found = left_over([page])
    assert [p.rpartition(": ")[2] for p in found] == [
        *["no page has this output."] * 2,
        "no page is b in jax.",
    ]
    assert "z/b/jax.json" in found[0]
    assert "z/keys.json" in found[1]
    assert "a/keys.json" in found[2]


@pytest.mark.parametrize("content", ['{"b": ', "<<<<<<< HEAD", "[]", '{"b": "c"}'])
def test_broken_keys(content, folder):
    """One sentence that names the file."""
    (folder / "a").mkdir()
    (folder / "a/keys.json").write_text(content)
    with pytest.raises(DataError, match=r"a/keys\.json"):
        kept("a/b", "torch")


def test_entry_of_another_form(folder):
    """It says nothing."""
    (folder / "a").mkdir()
    (folder / "a/keys.json").write_text('{"b": {"torch": "0123"}}')
    assert kept("a/b", "torch") is None
