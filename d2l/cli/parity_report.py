"""What the checks found: on a terminal, as JSON, as JUnit XML, as a page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from d2l.cli.parity_run import Result
from d2l.common.frameworks import FRAMEWORKS

if TYPE_CHECKING:
    from rich.console import Console

_TEMPLATE = Path(__file__).with_name("parity.html")

Run = tuple[str, str, str]


def to_record(results: list[Result]) -> dict[str, Any]:
    """One object for JSON."""
    return {
        "passed": all(r.passed for r in results),
        "checks": [r.as_record() for r in results],
    }


def by_run(results: list[Result]) -> dict[Run, list[Result]]:
    """Results by subject, framework and precision."""
    found: dict[Run, list[Result]] = {}
    for result in results:
        key = (result.subject, result.framework, result.precision)
        found.setdefault(key, []).append(result)
    return found


def by_error(results: list[Result]) -> dict[str, list[str]]:
    """The checks that could not be done, by the reason, which many may share."""
    found: dict[str, list[str]] = {}
    for result in results:
        if result.error:
            found.setdefault(result.error, []).append(result.title)
    return found


def print_results(screen: Console, results: list[Result]) -> None:
    """A line for each run, and one for each tensor that fails."""
    for run, checks in by_run(results).items():
        title = " ".join(run)
        passed = all(c.passed for c in checks)
        mark = "[green]ok[/green]    " if passed else "[red]FAILED[/red]"
        counted = sum(len(c.measurements) for c in checks)
        facts = f"{len(checks)} checks, {counted} tensors"
        screen.print(f"{mark} {title}: {facts}{_worst(checks)}", soft_wrap=True)
        for check in checks:
            for problem in check.problems:
                screen.print(f"       {problem}", markup=False, soft_wrap=True)
    failed = sum(not r.passed for r in results)
    verdict = f"{failed} failed" if failed else "all passed"
    screen.print(f"{len(results)} checks, {verdict}")


def _worst(checks: Iterable[Result]) -> str:
    errors = [c.worst.error for c in checks if c.worst is not None]
    return f", largest error {max(errors):.1e}" if errors else ""


def to_junit(results: list[Result]) -> bytes:
    """A test case for each check, for CI."""
    broken = sum(bool(r.problems) for r in results)
    errors = sum(bool(r.error) for r in results)
    counts = {"tests": len(results), "failures": broken, "errors": errors}
    attributes = {"name": "d2l parity", **{k: str(v) for k, v in counts.items()}}
    suite = ElementTree.Element("testsuite", attributes)
    for result in results:
        name = f"{result.framework} {result.precision} {result.check}"
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": result.subject, "name": name}
        )
        if result.error:
            ElementTree.SubElement(case, "error", {"message": result.error})
        elif not result.passed:
            lines = result.problems or ["nothing was compared"]
            failure = ElementTree.SubElement(case, "failure", {"message": lines[0]})
            failure.text = "\n".join(lines)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    return ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)


def to_page(results: list[Result]) -> bytes:
    """A table of the largest errors: checks down, frameworks across."""
    failed = [r for r in results if not r.passed]
    verdict = f"{len(failed)} of {len(results)} checks failed."
    lines = [line for r in failed for line in r.problems]
    lines += [f"{', '.join(t)}: {error}" for error, t in by_error(failed).items()]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    page = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        look="bad" if failed else "good",
        verdict=verdict if failed else f"All {len(results)} checks passed.",
        problems=f'<ul class="bad">{items}</ul>' if items else "",
        table=_page_table(results),
    )
    return page.encode()


def _page_table(results: list[Result]) -> str:
    runs = list(dict.fromkeys((r.framework, r.precision) for r in results))
    rows = list(dict.fromkeys((r.subject, r.check) for r in results))
    cells = {(r.subject, r.check, r.framework, r.precision): r for r in results}
    head = "".join(
        f'<th scope="col">{FRAMEWORKS[f].title}<br><span>{p}</span></th>'
        for f, p in runs
    )
    body = ""
    for row in rows:
        names = "".join(f'<th scope="row">{escape(name)}</th>' for name in row)
        found = "".join(_page_cell(cells.get((*row, *run))) for run in runs)
        body += f"<tr>{names}{found}</tr>"
    return f"<table><thead><tr><td></td><td></td>{head}</tr></thead>{body}</table>"


def _page_cell(result: Result | None) -> str:
    if result is None:
        return "<td></td>"
    worst = result.worst
    text = f"{worst.error:.1e}" if worst is not None else "error"
    mark = "ok" if result.passed else "FAILED"
    hint = escape(f"{worst.tensor}, at most {worst.tolerance:.0e}" if worst else "")
    look = "good" if result.passed else "bad"
    return f'<td class="{look}" title="{hint}">{text} {mark}</td>'
