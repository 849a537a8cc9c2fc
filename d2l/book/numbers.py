"""Numbers in what pages print, and whether they are the same but for rounding."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np

#: Of each number: what float32 and sums in another order leave of it.
TOLERANCE = 1e-4
#: Of the largest number that a cell prints: what may be left of a zero.
ROUNDING = 1e-6
#: A number as it is printed.
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|inf|nan)")


def numbers_in(text: str) -> list[Decimal]:
    """The numbers in a text, as they are printed."""
    return [Decimal(found) for found in NUMBER.findall(text)]


def same_numbers(a: list[Decimal], b: list[Decimal]) -> bool:
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
