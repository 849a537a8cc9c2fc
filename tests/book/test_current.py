"""The outputs in the repository are those of today's code."""

import pytest

from d2l.book.check import problems
from d2l.book.pages import page_keys, read_page
from d2l.book.renew import run_sample

#: So many pages, each in a framework, of those that only code which many pages reach
#: made stale are run in these tests.
SAMPLE = 6


@pytest.fixture(name="pages", scope="module")
def _pages():
    return [read_page(key) for key in page_keys()]


def test_no_page_has_to_be_run(pages):
    """None has changed itself since, no output is left over, and frameworks agree."""
    assert problems(pages, complete=True) == []


def test_a_sample_is_run(pages, capsys):
    """Pages of which only common parts changed; true ones have new keys, to be kept."""
    sample = run_sample(pages, SAMPLE, workers=2)
    with capsys.disabled():
        print(f"\n{sample}")
    assert sample.problems == []
