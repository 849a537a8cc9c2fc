"""What the scripts that draw the chapters' diagrams have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

#: Lines and text; the site inverts them in the dark scheme.
DARK = "#222222"

Point = tuple[float, float]


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Axes that fill a figure, in inches and without a frame."""
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    axes.set_axis_off()
    return figure, axes


def scaled_canvas(
    width: float, height: float, unit: float, margin: float = 0.0
) -> tuple[Figure, Axes]:
    """Axes in units of `unit` inches, to be saved with `bbox_inches="tight"`.

    margin: in these units, around the width and the height.
    """
    figure = Figure(figsize=(width * unit, height * unit))
    axes = figure.subplots()
    axes.set_xlim(-margin, width + margin)
    axes.set_ylim(-margin, height + margin)
    axes.set_aspect("equal")
    axes.axis("off")
    return figure, axes


def draw_arrow(axes: Axes, start: Point, end: Point, **style: Any) -> None:
    """An arrow between two points, which it touches.

    style: of its line and head.
    """
    arrow = {"arrowstyle": "-|>", "color": DARK, "lw": 1, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=arrow | style)


def draw_text(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Centred text."""
    style = {"ha": "center", "va": "center", "color": DARK} | style
    axes.text(x, y, text, **style)


def save(figure: Figure, path: Path, **settings: Any) -> None:
    """Write an SVG that is the same every time, with text as text."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "d2l"}):
        figure.savefig(path, transparent=True, metadata={"Date": None}, **settings)
