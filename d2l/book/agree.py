"""Whether the frameworks' tabs of a cell print the same numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations

from d2l.book.numbers import numbers_in, same_numbers
from d2l.book.pages import AGREE, Cell, Output, Page
from d2l.book.store import load
from d2l.common.frameworks import FRAMEWORKS

#: What a framework's arrays print about themselves, besides their numbers.
_DECORATION = re.compile(
    r"shape=\([^)]*\)|dtype=[\w.<>']+|device='[^']*'|<NDArray [^>]*>|\b(?:float|int)\d+"
)


def printed(outputs: list[Output]) -> str:
    """The text that a cell prints or returns."""
    texts = []
    for output in outputs:
        if output["output_type"] == "stream":
            texts.append(output["text"])
        elif "data" in output and "image/svg+xml" not in output["data"]:
            texts.append(output["data"].get("text/plain", ""))
    return "\n".join(texts)


def numbers(text: str) -> list[Decimal]:
    """The numbers in a text, as they are printed, without an array's description."""
    return numbers_in(_DECORATION.sub(" ", text))


def disagreements(page: Page) -> list[str]:
    """A sentence for each two frameworks whose outputs of a cell are not the same."""
    outputs: dict[int, dict[str, list[Output]]] = {}
    for framework in page.frameworks:
        stored = load(page.key, framework)
        if stored is not None:
            cells = page.cells(framework)
            for cell, shown in zip(cells, stored, strict=False):
                outputs.setdefault(cell.number, {})[framework] = shown
    return [
        f"{page.key}, {problem}"
        for group in groups(page)
        for problem in _compare(group, outputs)
    ]


def groups(page: Page) -> list[dict[str, Cell]]:
    """Cells that must agree: one for all frameworks, or neighbours of one each."""
    found: list[dict[str, Cell]] = []
    is_open = False
    for part in page.parts:
        if not isinstance(part, Cell) or AGREE not in part.tags:
            is_open = False
            continue
        if not is_open or set(part.frameworks) & set(found[-1]):
            found.append({})
        found[-1] |= dict.fromkeys(part.frameworks, part)
        is_open = True
    return found


def _compare(
    group: dict[str, Cell], outputs: dict[int, dict[str, list[Output]]]
) -> list[str]:
    shown = {
        name: numbers(printed(outputs.get(cell.number, {}).get(name, [])))
        for name, cell in group.items()
    }
    where = f"cell {min(cell.number for cell in group.values())}"
    if not any(shown.values()):
        return [f"{where}: prints no number that could be compared"]
    return [
        f"{where}: {FRAMEWORKS[a].title} prints {_brief(shown[a])} "
        f"and {FRAMEWORKS[b].title} {_brief(shown[b])}"
        for a, b in combinations(shown, 2)
        if not same_numbers(shown[a], shown[b])
    ]


def _brief(values: list[Decimal], most: int = 4) -> str:
    text = ", ".join(f"{float(value):g}" for value in values[:most])
    return f"{text}, ..." if len(values) > most else text or "nothing"
