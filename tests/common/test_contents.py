"""The list of chapters and the pages on disk say the same."""

import re

import pytest

from d2l.book.pages import CHAPTERS
from d2l.common import contents
from d2l.common.contents import SHARED, read_contents
from d2l.common.errors import D2LError


def titles_by_page():
    titles = {}
    for chapter in read_contents():
        titles[f"{chapter.key}/index"] = chapter.title
        titles |= {section.key: section.title for section in chapter.sections}
    return titles


def test_reading_order_of_linear_regression():
    (chapter,) = (c for c in read_contents() if c.key == "linear_regression")
    assert [section.key.split("/")[1] for section in chapter.sections] == [
        "linear_regression",
        "oo_design",
        "synthetic_regression_data",
        "linear_regression_scratch",
        "linear_regression_concise",
        "generalization",
        "weight_decay",
    ]


def test_keys_are_unique_and_in_snake_case():
    chapters = read_contents()
    keys = [section.key for chapter in chapters for section in chapter.sections]
    assert len(keys) == len(set(keys))
    assert "convolutional_neural_networks/lenet" in keys
    assert all(re.fullmatch(r"[a-z_]+/[a-z0-9_]+", key) for key in keys)


def test_every_page_is_listed_and_every_entry_has_a_page():
    pages = {
        page.relative_to(CHAPTERS).with_suffix("").as_posix()
        for page in CHAPTERS.glob("*/*.md")
    }
    assert pages == set(titles_by_page())


@pytest.mark.parametrize(("page", "title"), titles_by_page().items())
def test_page_begins_with_its_title_and_says_something(page, title):
    text = (CHAPTERS / f"{page}.md").read_text(encoding="utf-8")
    heading, blank, paragraph = text.split("\n", maxsplit=2)
    assert heading == f"# {title}"
    assert blank == ""
    assert len(paragraph.split()) > 20


def test_kinds_of_sections(monkeypatch, tmp_path):
    kinds = {s.key: s.kind for chapter in read_contents() for s in chapter.sections}
    assert kinds["reinforcement_learning/value_iter"] == SHARED
    assert kinds["convolutional_neural_networks/lenet"] is None
    file = tmp_path / "contents.toml"
    page = '{ key = "b", title = "B", kind = "odd" }'
    file.write_text(f'[[chapters]]\nkey = "a"\ntitle = "A"\nsections = [{page}]\n')
    monkeypatch.setattr(contents, "CONTENTS_FILE", file)
    with pytest.raises(D2LError, match="a/b: there is no kind 'odd'"):
        read_contents()
