"""Draws the diagrams of this chapter beside itself: `python diagrams.py`."""

from itertools import pairwise
from math import hypot
from pathlib import Path

from matplotlib.patches import Circle, FancyBboxPatch

from d2l.book.diagrams import DARK, canvas, draw_arrow, draw_text, save

FOLDER = Path(__file__).parent
LIGHT = "#999999"


def two_layers(name="mlp.svg"):
    """A network with four inputs, five hidden units and three outputs."""
    figure, axes = canvas(5.6, 2.9)
    rows = {
        "inputs": [(0.9 + i, 0.4, f"$x_{i + 1}$") for i in range(4)],
        "hidden layer": [(0.4 + i, 1.45, f"$h_{i + 1}$") for i in range(5)],
        "outputs": [(1.4 + i, 2.5, f"$o_{i + 1}$") for i in range(3)],
    }
    layers = list(rows.values())
    for lower, upper in pairwise(layers):
        for x0, y0, _ in lower:
            for x1, y1, _ in upper:
                # From rim to rim: circles without a filling suit any background.
                share = 0.25 / hypot(x1 - x0, y1 - y0)
                dx, dy = share * (x1 - x0), share * (y1 - y0)
                ends = [x0 + dx, x1 - dx], [y0 + dy, y1 - dy]
                axes.plot(*ends, color=LIGHT, lw=0.7)
    for title, units in rows.items():
        for x, y, text in units:
            axes.add_patch(Circle((x, y), 0.25, fill=False, ec=DARK, lw=1.2))
            draw_text(axes, x, y, text)
        axes.text(4.75, units[0][1], title, va="center", color=DARK, size=9)
    save(figure, FOLDER / name)


def graph(name="backprop.svg"):
    """The computation of the objective, with what goes forwards and backwards."""
    figure, axes = canvas(7.4, 2.3)
    y, low = 1.35, 0.35
    variables = {"$X$": 0.35, "$Z$": 1.95, "$H$": 3.35, "$O$": 4.95, "$L$": 6.1}
    operations = {"product": 1.15, r"$\phi$": 2.65, "product ": 4.15}
    for text, x in variables.items():
        _box(axes, x, y, text)
    for text, x in operations.items():
        axes.add_patch(Circle((x, y), 0.3, fill=False, ec=DARK, lw=1.2))
        draw_text(axes, x, y, text.strip(), size=7.5)
    ends = [0.57, 0.85, 1.45, 1.73, 2.17, 2.35, 2.95, 3.13, 3.57, 3.85, 4.45, 4.73]
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        draw_arrow(axes, (start, y), (end, y))
    draw_arrow(axes, (5.17, y), (5.88, y))
    axes.text(5.52, y + 0.1, "loss", ha="center", color=DARK, size=8)
    _box(axes, 7.1, y, "$J$")
    draw_arrow(axes, (6.32, y), (6.88, y))
    for text, x in {"$W_1$": 1.15, "$W_2$": 4.15}.items():
        _box(axes, x, low, text)
        draw_arrow(axes, (x, low + 0.2), (x, y - 0.3))
    _box(axes, 6.1, low, "$s$")
    draw_arrow(axes, (4.37, low), (5.88, low))
    axes.plot([1.15, 1.15, 6.1], [low - 0.2, 0.05, 0.05], color=DARK, lw=1)
    draw_arrow(axes, (6.1, 0.05), (6.1, low - 0.2))
    draw_arrow(axes, (6.32, low + 0.1), (7.0, y - 0.2))
    draw_arrow(axes, (0.35, 2.05), (7.1, 2.05))
    axes.text(0.35, 2.12, "forwards: values, kept", color=DARK, size=8.5)
    draw_arrow(axes, (7.1, 1.82), (0.35, 1.82), ls="--")
    axes.text(7.1, 1.89, "backwards: gradients", ha="right", color=DARK, size=8.5)
    save(figure, FOLDER / name)


def _box(axes, x, y, text):
    style = "round,pad=0,rounding_size=0.06"
    axes.add_patch(
        FancyBboxPatch(
            (x - 0.22, y - 0.2), 0.44, 0.4, boxstyle=style, fill=False, ec=DARK, lw=1.2
        )
    )
    draw_text(axes, x, y, text)


if __name__ == "__main__":
    two_layers()
    graph()
