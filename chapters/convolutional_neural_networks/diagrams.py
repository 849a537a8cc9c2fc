"""Draw the diagrams of this chapter: `python diagrams.py` writes them beside it."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.patches import Rectangle

from d2l.book.diagrams import DARK, draw_text, save, scaled_canvas

FOLDER = Path(__file__).parent
WINDOW, OUTSIDE = "#9ecae1", "#eeeeee"

mpl.rcParams.update(
    {
        "font.family": "sans-serif",
        "font.size": 11,
        "text.color": DARK,
    }
)


def draw_grid(axes, corner, rows, fills):
    """Draw numbers in squares.

    corner: the place (x, y) of the upper left corner; rows: lists of texts.
    fills: the colour of a square (row, column), where it has one.
    """
    x, y = corner
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            colour = fills.get((i, j), "none")
            place = (x + j, y - i - 1)
            axes.add_patch(Rectangle(place, 1, 1, facecolor=colour, edgecolor=DARK))
            axes.text(x + j + 0.5, y - i - 0.5, text, ha="center", va="center")


def draw_outline(axes, corner, size):
    """Frame a rectangle of (height, width) squares below and right of a corner."""
    (x, y), (h, w) = corner, size
    axes.add_patch(Rectangle((x, y - h), w, h, fill=False, edgecolor=DARK, linewidth=3))


def squares(top, left, height, width, colour):
    """Colours for a rectangle of squares."""
    rows, columns = range(top, top + height), range(left, left + width)
    return {(i, j): colour for i in rows for j in columns}


def cross_correlation():
    """One window of an input of 3 x 4, the kernel, and the output."""
    X = np.arange(12).reshape(3, 4)
    K = np.arange(4).reshape(2, 2)
    Y = (np.lib.stride_tricks.sliding_window_view(X, K.shape) * K).sum((2, 3))
    figure, axes = scaled_canvas(14, 4.2, 0.42, margin=0.1)
    draw_grid(axes, (0, 3), X, squares(0, 1, 2, 2, WINDOW))
    draw_text(axes, 2, 3.7, "input")
    draw_text(axes, 5.25, 1.5, "$\\star$")
    draw_grid(axes, (6.5, 2.5), K, squares(0, 0, 2, 2, WINDOW))
    draw_text(axes, 7.5, 3.7, "kernel")
    draw_text(axes, 9.75, 1.5, "=")
    draw_grid(axes, (11, 2.5), Y, {(0, 1): WINDOW})
    draw_text(axes, 12.5, 3.7, "output")
    save(figure, FOLDER / "cross_correlation.svg", bbox_inches="tight")


def padding_and_stride():
    """All windows that start a row of the output, with padding 1 and stride 2."""
    n, k, p, s = 5, 3, 1, 2
    side = n + 2 * p
    inside = squares(p, p, n, n, "none")
    fills = {**squares(0, 0, side, side, OUTSIDE), **inside}
    fills |= squares(0, s, k, k, WINDOW)
    X = [["" if (i, j) in inside else "0" for j in range(side)] for i in range(side)]
    figure, axes = scaled_canvas(14, side + 1, 0.42, margin=0.1)
    draw_grid(axes, (0, side), X, fills)
    draw_outline(axes, (p, side - p), (n, n))
    draw_text(axes, side / 2, side + 0.6, "input and padding")
    arrow = {"arrowstyle": "->", "color": DARK}
    axes.annotate("", (10, side / 2), (7.7, side / 2), arrowprops=arrow)
    rows = (n + 2 * p - k) // s + 1
    Y = [[""] * rows for _ in range(rows)]
    draw_grid(axes, (10.7, side / 2 + rows / 2), Y, {(0, 1): WINDOW})
    draw_text(axes, 10.7 + rows / 2, side + 0.6, "output")
    save(figure, FOLDER / "padding_and_stride.svg", bbox_inches="tight")


if __name__ == "__main__":
    cross_correlation()
    padding_and_stride()
