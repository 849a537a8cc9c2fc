"""Whether the frameworks' tabs of a cell print the same numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations

import numpy as np

from d2l.book.pages import AGREE, Cell, Page
from d2l.book.store import Output, load
from d2l.common.frameworks import FRAMEWORKS

#: Of each number: what float32 and sums in another order leave of it.
TOLERANCE = 1e-4
#: Of the largest number that a cell prints: what may be left of a zero.
ROUNDING = 1e-6

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|inf|nan)")
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
    return [Decimal(found) for found in _NUMBER.findall(_DECORATION.sub(" ", text))]


def disagreements(page: Page) -> list[str]:
    """A sentence for each two frameworks whose outputs of a cell are not the same."""
    outputs: dict[int, dict[str, list[Output]]] = {}
    for framework in page.frameworks:
        stored = load(page.key, framework)
        if stored is not None:
            cells = page.cells(framework)
            for cell, shown in zip(cells, stored.outputs, strict=False):
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
        if not _same(shown[a], shown[b])
    ]


def _same(a: list[Decimal], b: list[Decimal]) -> bool:
    """Whether they are but for rounding, by the computer or in print."""
    largest = max((abs(float(x)) for x in (*a, *b) if x.is_finite()), default=0.0)
    return len(a) == len(b) and all(
        _same_number(x, y, ROUNDING * largest) for x, y in zip(a, b, strict=True)
    )


def _same_number(x: Decimal, y: Decimal, rounding: float) -> bool:
    digits = _last_digit(x) + _last_digit(y)
    if digits == 0:
        return x == y or (x.is_nan() and y.is_nan())
    limit = rounding + digits
    return bool(np.isclose(float(x), float(y), rtol=TOLERANCE, atol=limit))


def _last_digit(number: Decimal) -> float:
    """Half of what the last digit after the point stands for; 0 if there is none."""
    exponent = number.as_tuple().exponent
    is_fraction = isinstance(exponent, int) and exponent < 0
    return 0.5 * 10.0 ** int(exponent) if is_fraction else 0.0


def _brief(values: list[Decimal], most: int = 4) -> str:
    text = ", ".join(f"{float(value):g}" for value in values[:most])
    return f"{text}, ..." if len(values) > most else text or "nothing"
