"""A comparison as files: a record, a plot and a page that needs nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from math import inf
from pathlib import Path
from string import Template
from typing import Any

from d2l.common.frameworks import FRAMEWORKS
from d2l.common.training.checkpoints import write_atomically
from d2l.parity.comparison import ROWS, Comparison, Difference
from d2l.parity.curves_plot import draw_curves
from d2l.parity.sources import Source, own_lines, section_sources

_TEMPLATE = Path(__file__).with_name("report.html")
OWN = ' class="own"'
#: Pygments' styles for light and dark.
CODE_STYLES = ("friendly", "github-dark")


def write_report(comparison: Comparison, folder: Path) -> None:
    """Write compare.json, curves.svg and index.html, when all of them are made."""
    plot, inline_plot = draw_curves(comparison)
    files = {
        "compare.json": to_json(comparison.as_record()),
        "curves.svg": plot,
        "index.html": make_page(comparison, inline_plot).encode(),
    }
    for name, content in files.items():
        write_atomically(folder / name, content)


#: A list of numbers, as `json` indents it.
_NUMBERS = re.compile(r"\[[\s\d.,e+\-]+\]")


def to_json(content: Any) -> bytes:
    """A JSON file's content, for people to read as well."""
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, indent=2)
    # Thousands of losses have no line each.
    text = _NUMBERS.sub(lambda found: " ".join(found[0].split()), text)
    return f"{text}\n".encode()


def make_page(comparison: Comparison, plot: str) -> str:
    """The page; `plot` is SVG."""
    plan = comparison.plan
    sources = section_sources(plan.trial.section, plan.frameworks)
    text = _TEMPLATE.read_text(encoding="utf-8")
    return Template(text).substitute(
        title=escape(f"{plan.subject}, {plan.precision}"),
        heading=escape(plan.trial.title),
        subtitle=escape(
            f"{plan.data or 'no data'}, {plan.precision}, epochs: {plan.epochs}, "
            f"seed {plan.seed}; "
            "all frameworks from the same weights, on the same batches"
        ),
        verdict=_verdict(comparison),
        problems=_problems(comparison),
        plot=plot.replace("<svg", '<svg role="img" aria-label="Curves"', 1),
        table=_table(comparison),
        code_styles=_code_styles(),
        columns="\n".join(_columns(sources)),
    )


def _verdict(comparison: Comparison) -> str:
    if not comparison.differences:
        return "Nothing to compare with."
    if comparison.passed:
        return '<span class="good">All differences are within the tolerances.</span>'
    return '<span class="bad">A tolerance is broken.</span>'


def _problems(comparison: Comparison) -> str:
    lines = [f.message for f in comparison.failures]
    lines += [p for d in comparison.differences for p in d.problems]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="bad">{items}</ul>' if items else ""


def _table(comparison: Comparison) -> str:
    metric = comparison.plan.metric
    records = [run.as_record(metric) for run in comparison.runs]
    titles = (FRAMEWORKS[r["framework"]].title for r in records)
    head = "".join(f'<th scope="col">{escape(t)}</th>' for t in titles)
    facts = [
        _row(title.format(metric=metric), (_cell(r[key], form) for r in records))
        for title, key, form in ROWS
    ]
    body = f"<tbody>{''.join(facts)}</tbody>"
    if comparison.differences:
        body += f"<tbody>{''.join(_difference_rows(comparison))}</tbody>"
    return f"<table><thead><tr><td></td>{head}</tr></thead>{body}</table>"


def _difference_rows(comparison: Comparison) -> Iterable[str]:
    by_name = {d.framework: d for d in comparison.differences}
    reference = FRAMEWORKS[comparison.reference].title
    for kind, limit in comparison.tolerances().items():
        cells = (
            _error(by_name[run.framework], kind, limit)
            if run.framework in by_name
            else '<td class="faint">reference</td>'
            for run in comparison.runs
        )
        judged = f"at most {limit:.0e}" if limit < inf else "not judged"
        yield _row(f"{kind}, off {reference} ({judged})", cells)


def _row(title: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{escape(title)}</th>{"".join(cells)}</tr>'


def _cell(value: Any, form: str) -> str:
    return f"<td>{escape(format(value, form)) if value is not None else '-'}</td>"


def _error(difference: Difference, kind: str, limit: float) -> str:
    error = difference.error(kind)
    if error is None:
        return '<td class="faint">failed</td>'
    passed = difference.passed(kind)
    if passed and limit == inf:
        return f"<td>{error:.1e}</td>"
    look, mark = ("good", "ok") if passed else ("bad", "BROKEN")
    return f'<td class="{look}">{error:.1e} {mark}</td>'


def _columns(sources: list[Source]) -> Iterable[str]:
    for source, own in zip(sources, own_lines(sources), strict=True):
        lines = "".join(
            f"<i{OWN if i in own else ''}>{line}</i>"
            for i, line in enumerate(_highlighted(source.text))
        )
        title = f"{FRAMEWORKS[source.framework].title} <span>{source.path}</span>"
        code = f'<pre tabindex="0"><code class="code">{lines}</code></pre>'
        yield f'<section class="column"><h3>{title}</h3>{code}</section>'


def _highlighted(text: str) -> list[str]:
    """Lines of HTML; plain ones where Pygments is absent."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        return escape(text).splitlines()
    found = highlight(text, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return found.rstrip("\n").split("\n")


def _code_styles() -> str:
    """The colours of code, in light and dark; the page sets the background."""
    try:
        from pygments.formatters import HtmlFormatter
    except ImportError:
        return ""
    light, dark = (
        "\n".join(
            rule
            for rule in HtmlFormatter(style=name).get_style_defs(".code").splitlines()
            if rule.startswith(".code .")
        )
        for name in CODE_STYLES
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}"
