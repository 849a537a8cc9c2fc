"""Whether a cell shows what it showed before.

Not bit for bit: the same code, run again, rounds otherwise where memory is aligned
otherwise, and on another processor (a float32's last digit, 5e-5 points in a curve).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from d2l.book.numbers import NUMBER, numbers_in, same_numbers
from d2l.book.pages import VARIES, Cell, Output

#: How far a point of a figure may lie off, in points, of which an inch has 72.
POINTS = 0.02

#: Names in a figure that hash what they name.
_HASHED = re.compile(r'(?<=["#])[a-z]*[0-9a-f]{10}\b')
_SPACES = re.compile(" +")
_ALIGNED = re.compile(f" *{NUMBER.pattern} *")
_TAG = re.compile(r"(<[^>]*>)")


def shows_the_same(cell: Cell, before: list[Output], now: list[Output]) -> bool:
    """Whether all outputs of a cell are the same; of one that varies, their kinds."""
    return before == now or (
        len(before) == len(now)
        and all(_same_output(cell, a, b) for a, b in zip(before, now, strict=True))
    )


def _same_output(cell: Cell, a: Output, b: Output) -> bool:
    if a.keys() != b.keys():
        return False
    texts, other_texts = dict(_texts(a)), dict(_texts(b))
    rest, other_rest = ({**o, "text": "", "data": {}} for o in (a, b))
    return (
        rest == other_rest
        and texts.keys() == other_texts.keys()
        and all(_same(cell, kind, texts[kind], other_texts[kind]) for kind in texts)
    )


def _texts(output: Output) -> Iterator[tuple[str, str]]:
    """What an output says, by kind; of a stream there is one kind."""
    yield "text/plain", output.get("text", "")
    yield from output.get("data", {}).items()


def _same(cell: Cell, kind: str, a: str, b: str) -> bool:
    """Two texts of one kind."""
    is_figure = kind == "image/svg+xml"
    if VARIES in cell.tags:
        return is_figure or _without_numbers(a) == _without_numbers(b)
    return _same_figure(a, b) if is_figure else _same_text(a, b)


def _same_text(a: str, b: str) -> bool:
    return _without_numbers(a) == _without_numbers(b) and same_numbers(
        numbers_in(a), numbers_in(b)
    )


def _without_numbers(text: str) -> str:
    """A text without its numbers, and the spaces by which they are aligned."""
    return _SPACES.sub(" ", _ALIGNED.sub("0", text))


def _same_figure(a: str, b: str) -> bool:
    """Whether two figures show no difference; what is written in them is a text."""
    parts, others = (_TAG.split(_HASHED.sub("", figure)) for figure in (a, b))
    return all(
        _same_element(x, y) if x.startswith("<") else _same_text(x, y)
        for x, y in zip_longest(parts, others, fillvalue="")
    )


def _same_element(a: str, b: str) -> bool:
    if _without_numbers(a) != _without_numbers(b):
        return False
    pairs = zip(numbers_in(a), numbers_in(b), strict=True)
    return all(x == y or abs(float(x) - float(y)) <= POINTS for x, y in pairs)
