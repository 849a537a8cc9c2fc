"""What was measured of a model, and its curves, on its page."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives import unchanged
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from d2l.book.pages import CHAPTERS
from d2l.common.frameworks import FRAMEWORKS

EVIDENCE = CHAPTERS.parent / "docs" / "evidence"
#: Records of `d2l compare`, each with its plot.
RECORDS = CHAPTERS.parent / "docs" / "results"

#: The rows of a badge's table, and the beginnings of the checks that they sum up.
ROWS = {
    "outputs": ("forward", "block", "function", "oracle: forward", "oracle: output"),
    "gradients": ("gradients", "oracle: gradients", "oracle: block"),
    "training curves": ("curve", "oracle: curve", "scratch = concise"),
    "parameters after training": ("parameters", "oracle: parameters"),
}


class Parity(Directive):
    """A badge that opens a model's evidence: `{parity} lenet`.

    Several names are summed up in one badge, and so are the cases of a function
    with different arguments. The section is the page's own, or the option `section`.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"section": unchanged}

    def run(self) -> list[nodes.Node]:
        """The badge, as HTML."""
        names = self.arguments[0].split()
        env = self.state.document.settings.env
        section = self.options.get("section", env.docname)
        path = EVIDENCE / f"{section}.json"
        env.note_dependency(str(path))
        if not path.is_file():
            raise self.error(f"Nothing was measured of {section}.")
        evidence = json.loads(path.read_text("utf-8"))
        measured = [
            {**m, "name": m["subject"].partition(" ")[0]} for m in evidence["measured"]
        ]
        found = [m for m in measured if m["name"] in names]
        known = {m["name"] for m in measured}
        if not known.issuperset(names):
            unknown = ", ".join(n for n in names if n not in known)
            others = ", ".join(sorted(known))
            raise self.error(f"Nothing was measured of {unknown}; there is {others}.")
        return [nodes.raw("", badge(found, evidence), format="html")]


def badge(found: list[dict[str, Any]], evidence: dict[str, Any]) -> str:
    """The badge's HTML: a summary, and a table behind it."""
    worst = max(m["error"] for m in found if m["precision"] == "float64")
    passed = all(m["passed"] for m in found)
    verdict = "agree" if passed else "do not agree"
    names = sorted({m["name"] for m in found})
    head = "".join(f"<th>{escape(f.title)}</th>" for f in FRAMEWORKS.values())
    tables = "".join(
        f"<table><caption>{precision}</caption><thead><tr><th>Worst relative error"
        f"</th>{head}</tr></thead><tbody>{_rows(found, precision)}</tbody></table>"
        for precision in ("float64", "float32")
        if any(m["precision"] == precision for m in found)
    )
    versions = ", ".join(
        f"{FRAMEWORKS[k].title if k in FRAMEWORKS else 'NumPy'} {v}"
        for k, v in evidence["versions"].items()
    )
    references = {m["reference"] for m in found}
    against = (
        "Against NumPy"
        if references == {"NumPy"}
        else "Against PyTorch in float64, and PyTorch against NumPy where there is a "
        "reference for it"
    )
    return (
        f'<details class="parity{"" if passed else " parity-broken"}"><summary>'
        f"<code>{escape(', '.join(names))}</code>: four frameworks {verdict} to "
        f"<strong>{worst:.0e}</strong></summary>{tables}"
        f"<p>{len(found)} measurements; curves over {evidence['steps']} steps. "
        f"{against}. {escape(versions)}.</p></details>"
    )


def _rows(found: list[dict[str, Any]], precision: str) -> str:
    rows = []
    for title, kinds in ROWS.items():
        chosen = [
            m
            for m in found
            if m["precision"] == precision and m["check"].startswith(kinds)
        ]
        if chosen:
            cells = "".join(f"<td>{_worst(chosen, name)}</td>" for name in FRAMEWORKS)
            rows.append(f"<tr><th>{title}</th>{cells}</tr>")
    return "".join(rows)


def _worst(measurements: list[dict[str, Any]], framework: str) -> str:
    errors = [m["error"] for m in measurements if m["framework"] == framework]
    return f"{max(errors):.0e}" if errors else "reference"


class Curves(SphinxDirective):
    """The plot of a kept `d2l compare`: `{curves} lenet`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The plot, with the command that made it below."""
        trial = self.arguments[0]
        folder = RECORDS / trial
        if not (folder / "curves.svg").is_file():
            raise self.error(f"There is no record of {trial} in docs/results.")
        record = json.loads((folder / "compare.json").read_text("utf-8"))
        here = Path(self.env.doc2path(self.env.docname)).parent
        uri = Path(*[".."] * len(here.relative_to(CHAPTERS).parts), "..")
        uri = uri / (folder / "curves.svg").relative_to(CHAPTERS.parent)
        words = f"Training curves of {trial} in all four frameworks"
        command = f"d2l compare {trial} --data {record['data']}"
        text = f"The same {trial} in all four frameworks, from the same weights on "
        caption = nodes.caption("", f"{text}the same batches: ")
        caption += nodes.literal(command, command)
        image = nodes.image(uri=uri.as_posix(), alt=words, classes=["curves"])
        return [nodes.figure("", image, caption)]


def setup(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("parity", Parity)
    app.add_directive("curves", Curves)
