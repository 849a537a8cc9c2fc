"""The site as files: whole, and sufficient to itself."""

import json
import zipfile
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from d2l.book.pages import page_keys, read_page
from d2l.common.frameworks import FRAMEWORKS

LENET = "convolutional_neural_networks/lenet"


class Links(HTMLParser):
    """Collects what a page loads, what it leads to, and its ids."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.leads, self.ids = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        """Sort the addresses of one element."""
        found = dict(attributes)
        self.ids.add(found.get("id"))
        if tag == "a" and "href" in found:
            self.leads.append(found["href"])
        elif tag == "link" and "href" in found:
            self.loads.append(found["href"])
        elif "src" in found:
            self.loads.append(found["src"])


@pytest.fixture(name="pages", scope="module")
def _pages(site):
    return {path: Links(path.read_text("utf-8")) for path in site.rglob("*.html")}


def test_nothing_from_elsewhere(pages):
    """All that a page loads is a file of the site."""
    for path, links in pages.items():
        for address in links.loads:
            parts = urlsplit(address)
            if parts.scheme == "data" or not (parts.netloc or parts.path):
                continue
            assert not parts.netloc, f"{path} loads {address}"
            assert (path.parent / unquote(parts.path)).resolve().is_file(), address


def test_links(pages):
    """Links within the site lead to files, and to places that are in them."""
    for path, links in pages.items():
        for address in links.leads:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve()
            if not parts.path:
                target = path
            assert target.is_file(), f"{path} leads to {address}"
            if parts.fragment and target in pages:
                assert parts.fragment in pages[target].ids, f"{path}: {address}"


def test_code_for_all_frameworks_is_shown_once(site):
    """Outside of any framework's tab, with what was measured of it."""
    text = (site / "reinforcement_learning/value_iter.html").read_text("utf-8")
    link = "code/d2l/common/reinforcement_learning/value_iter.html#line-"
    assert text.count(link) == 3
    badge = text.partition('<details class="parity">')[2].partition("</details>")[0]
    assert "<code>value_iteration</code>" in badge
    assert "Against NumPy." in badge
    assert "float32" not in badge
    coverage = (site / "coverage.html").read_text("utf-8")
    assert coverage.count("<p>shared</p>") == 2


def test_all_pages(site):
    """Every section has its page, with previous and next."""
    for key in page_keys():
        assert (site / f"{key}.html").is_file()
    assert "prev-page" in (site / f"{LENET}.html").read_text("utf-8")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_notebooks(site, framework):
    """Each framework's archive holds a notebook for each page with its cells."""
    with zipfile.ZipFile(site / "notebooks" / f"{framework}.zip") as archive:
        names = set(archive.namelist())
        content = json.loads(archive.read(f"d2l-{framework}/{LENET}.ipynb"))
    keys = [key for key in page_keys() if read_page(key).cells(framework)]
    assert names == {f"d2l-{framework}/{key}.ipynb" for key in keys}
    assert content["metadata"]["d2l"]["framework"] == framework


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_downloads(site, pages, framework):
    """A page leads to its own notebook and to the archive of all."""
    leads = pages[site / f"{LENET}.html"].leads
    assert f"../notebooks/{framework}/{LENET}.ipynb" in leads
    assert f"../notebooks/{framework}.zip" in leads


def test_index(site, pages):
    """The first page leads to the index, which holds terms and names."""
    assert "genindex.html" in pages[site / "index.html"].leads
    text = (site / "genindex.html").read_text("utf-8")
    assert "dropout" in text
    assert "LeNet (d2l)" in text


def test_tabs_without_scripts(site):
    """Every framework's code is in the page itself."""
    text = (site / f"{LENET}.html").read_text("utf-8")
    for framework in FRAMEWORKS:
        assert f'data-framework="{framework}"' in text
    for layer in ("LazyConv2d", "AveragePooling2D", "nnx", "HybridSequential"):
        assert layer in text


def test_evidence(site):
    """The badge says what was measured."""
    text = (site / f"{LENET}.html").read_text("utf-8")
    assert "four frameworks agree to" in text
    assert "measurements; curves over 100 steps" in text
