"""Whether the kept outputs of the pages are those of today's code, and agree."""

from __future__ import annotations

from d2l.book.agree import disagreements
from d2l.book.pages import Page
from d2l.book.store import is_stale, left_over
from d2l.common.frameworks import FRAMEWORKS


def problems(pages: list[Page], complete: bool) -> list[str]:
    """A sentence for each problem of these pages.

    complete: the pages are all there are, so that nothing else may be kept.
    """
    found: list[str] = []
    for page in pages:
        stale = [name for name in page.frameworks if is_stale(page, name)]
        found += [
            f"{page.key}: the outputs of {FRAMEWORKS[name].title} are stale; "
            f"`d2l book run {page.key}` makes them anew."
            for name in stale
        ]
        if not stale:
            found += disagreements(page)
    if complete:
        found += [f"{path}: no page has this output." for path in left_over(pages)]
    return found
