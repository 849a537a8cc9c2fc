"""Tables made from the code: what is covered, and where frameworks differ."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import d2l
from d2l.book.pages import read_page
from d2l.book.site.parity import EVIDENCE
from d2l.common.contents import Chapter, read_contents
from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.sources import public_names, section_file
from d2l.trials import TRIALS

_PACKAGE = Path(d2l.__file__).parent
INTERFACE = _PACKAGE / "interface"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


class Coverage(SphinxDirective):
    """For every section: its kind, code, names, trials, evidence and page."""

    def run(self) -> list[nodes.Node]:
        """A table for each chapter."""
        text = "\n\n".join(
            f"**{chapter.title}**\n\n{_coverage(chapter)}"
            for chapter in read_contents()
            if chapter.sections
        )
        return self.parse_text_to_nodes(text)


def _coverage(chapter: Chapter) -> str:
    titles = [f.title for f in FRAMEWORKS.values()]
    after = ["public names", "trials", "evidence", "page runs in"]
    head = ["section", "kind", *titles, *after]
    rows = []
    for section in chapter.sections:
        files = [section_file(section.key, name) for name in FRAMEWORKS]
        names = [n for n, path in public_names("torch").items() if path == files[0]]
        trials = [r.name for r in TRIALS.values() if r.section == section.key]
        runs = read_page(section.key).frameworks
        rows.append(
            [
                f"[{section.title}](/{section.key}.md)",
                section.kind,
                *("code" if path.is_file() else "" for path in files),
                str(len(names) or ""),
                ", ".join(f"`{name}`" for name in trials),
                "yes" if (EVIDENCE / f"{section.key}.json").is_file() else "",
                "all four" if len(runs) == 4 else ", ".join(runs),
            ]
        )
    return table(head, rows)


class Differences(SphinxDirective):
    """Where frameworks differ: `{differences} defaults` or `signatures`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A table."""
        make = {"defaults": _defaults, "signatures": _signatures}
        return self.parse_text_to_nodes(make[self.arguments[0]]())


def _defaults() -> str:
    head = ["what", *(f.title for f in FRAMEWORKS.values()), "here", "why"]
    columns = ["what", *FRAMEWORKS, "here", "why"]
    entries = _read("defaults.toml")["default"]
    return table(head, ([entry[name] for name in columns] for entry in entries))


def _signatures() -> str:
    entries = _read("differences.toml")["difference"]
    rows = (
        [f"`{entry['name']}`", FRAMEWORKS[entry["framework"]].title, entry["reason"]]
        for entry in entries
    )
    return table(("name", "framework", "reason"), rows)


def _read(name: str) -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((INTERFACE / name).read_text("utf-8"))


def setup(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("coverage", Coverage)
    app.add_directive("differences", Differences)
