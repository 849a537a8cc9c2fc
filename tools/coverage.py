"""The README's table of what is covered: for each chapter its sections by kind."""

from __future__ import annotations

from d2l import interface
from d2l.common.contents import KINDS, Chapter, read_contents
from d2l.common.errors import D2LError
from d2l.trials import TRIALS

#: Between these two lines, which stay, a file's table is written.
BEGIN = "<!-- coverage: written by `make generated` -->"
END = "<!-- end of coverage -->"


def with_table(text: str) -> str:
    """A text with the table as it should be now between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise D2LError(f"README.md lacks one of the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def table() -> str:
    """The table in Markdown: what no chapter has stays empty."""
    chapters = [chapter for chapter in read_contents() if chapter.sections]
    found = {section.kind for chapter in chapters for section in chapter.sections}
    kinds = [kind for kind in KINDS if kind in found]
    head = ["chapter", *kinds, "public names", "trials"]
    rows = [_row(chapter, kinds) for chapter in chapters]
    sums = [str(sum(int(row[i] or 0) for row in rows)) for i in range(1, len(head))]
    lines = [head, ["---"] * len(head), *rows, ["all", *sums]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(chapter: Chapter, kinds: list[str]) -> list[str]:
    keys = {section.key for section in chapter.sections}
    own = [section.kind for section in chapter.sections]
    names = [d for d in interface.DECLARATIONS.values() if d.section.key in keys]
    trials = [trial for trial in TRIALS.values() if trial.section in keys]
    counts = [*(own.count(kind) for kind in kinds), len(names), len(trials)]
    return [chapter.title, *(str(count or "") for count in counts)]
