"""Two runs of a cell show the same, or something else."""

import pytest

from d2l.book.compare import shows_the_same
from d2l.book.pages import Cell

PLAIN = Cell("x", ("torch",), (), 1)
TIMED = Cell("x", ("torch",), ("varies",), 1)


def stream(text):
    """What is printed."""
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def figure(*, y="104.054166", label="0.25", name="m7ebc537007", color="#b0b0b0"):
    """A drawing with a curve and a label."""
    svg = (
        f'<svg><defs><path id="{name}" d="M 51.7 {y} L 247 {y}"/></defs>\n'
        f'<use xlink:href="#{name}" style="stroke: {color}"/>\n'
        f"<text>{label}</text></svg>"
    )
    data = {"image/svg+xml": svg}
    return [{"output_type": "display_data", "data": data, "metadata": {}}]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (
            "[ 2.1669285 , -0.2714045,  0.587668]",
            "[2.1669288, -0.27140453, 0.5876677 ]",
        ),
        ("loss 0.1234", "loss 0.1235"),
        ("0.0014443028", "0.0014443090"),
        ("nan inf", "nan inf"),
    ],
)
def test_rounding(before, now):
    """The last digit of a float32, and the spaces around it."""
    assert shows_the_same(PLAIN, stream(before), stream(now))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("loss 0.1234", "loss 0.1237"),
        ("loss 0.1234", "cost 0.1234"),
        ("30 images", "31 images"),
        ("1 2", "1\n2"),
        ("1 2", "12"),
        ("1 2", "1 2 3"),
        ("1.0", "nan"),
        ("1.0", "-1.0"),
        ("(2, 3)", "(3, 2)"),
    ],
)
def test_another_text(before, now):
    """Whatever a reader would see."""
    assert not shows_the_same(PLAIN, stream(before), stream(now))


def test_figures():
    """Points may lie off where nobody sees it; what they are called doesn't count."""
    same = figure(y="104.054222", name="m3afbbde3fb")
    assert shows_the_same(PLAIN, figure(), same)
    others = [
        figure(y="104.1"),
        figure(label="0.35"),
        figure(color="#b0b0c0"),
        stream("a figure"),
        [*figure(), *figure()],
        [],
    ]
    assert [o for o in others if shows_the_same(PLAIN, figure(), o)] == []


def test_what_varies():
    """Of a cell that measures time numbers and figures may be others."""
    assert shows_the_same(TIMED, stream("loop: 0.02 s"), stream("loop: 1.3 s"))
    assert not shows_the_same(TIMED, stream("loop: 0.02 s"), stream("loop: 0.02 ms"))
    assert shows_the_same(TIMED, figure(), figure(y="1", label="7"))
    assert not shows_the_same(TIMED, figure(), stream("7"))
