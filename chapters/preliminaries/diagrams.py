"""Draws the diagrams of this chapter beside itself: `python diagrams.py`."""

from pathlib import Path

from matplotlib.patches import Circle, Rectangle

from d2l.book.diagrams import DARK, canvas, draw_arrow, draw_text, save

FOLDER = Path(__file__).parent


def broadcasting(name="broadcasting.svg"):
    """A column and a row, stretched to one shape and added."""
    figure, axes = canvas(6.4, 2.0)
    _grid(axes, 0.2, 0.35, [[0, None], [1, None], [2, None]])
    _grid(axes, 1.8, 0.35, [[0, 1], [None, None], [None, None]])
    _grid(axes, 3.4, 0.35, [["0 + 0", "0 + 1"], ["1 + 0", "1 + 1"], ["2 + 0", "2 + 1"]])
    _grid(axes, 5.2, 0.35, [[0, 1], [1, 2], [2, 3]])
    for x, sign in ((1.5, "+"), (3.1, "="), (4.9, "=")):
        draw_text(axes, x, 1.1, sign, size=12)
    save(figure, FOLDER / name)


def computational_graph(name="computational_graph.svg"):
    """What is noted down of z = (x y + sin x)^2, and how derivatives flow back."""
    figure, axes = canvas(6.4, 2.5)
    places = {
        "$x$": (0.5, 0.6),
        "$y$": (0.5, 1.9),
        "$a = xy$": (2.35, 1.9),
        r"$b = \sin x$": (2.35, 0.6),
        "$c = a + b$": (4.1, 1.25),
        "$z = c^2$": (5.85, 1.25),
    }
    for text, place in places.items():
        axes.add_patch(Circle(place, 0.42, fill=False, ec=DARK, lw=1.2))
        draw_text(axes, *place, text, size=8.5)
    edges = [
        ("$y$", "$a = xy$", "$x$", (0, 0.2)),
        ("$x$", "$a = xy$", "$y$", (-0.1, 0.2)),
        ("$x$", r"$b = \sin x$", r"$\cos x$", (0, -0.2)),
        ("$a = xy$", "$c = a + b$", "$1$", (0.05, 0.2)),
        (r"$b = \sin x$", "$c = a + b$", "$1$", (0.05, -0.2)),
        ("$c = a + b$", "$z = c^2$", "$2c$", (0, 0.2)),
    ]
    for start, end, label, (dx, dy) in edges:
        (x0, y0), (x1, y1) = places[start], places[end]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        ux, uy = 0.44 * (x1 - x0) / length, 0.44 * (y1 - y0) / length
        draw_arrow(axes, (x0 + ux, y0 + uy), (x1 - ux, y1 - uy))
        draw_text(
            axes,
            (x0 + x1) / 2 + dx,
            (y0 + y1) / 2 + dy,
            label,
            size=9,
        )
    save(figure, FOLDER / name)


def _grid(axes, x, y, rows, size=0.5):
    """A table; None is a place into which a neighbour is repeated, drawn dashed."""
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            left, bottom = x + j * size, y + (len(rows) - 1 - i) * size
            repeated = entry is None
            axes.add_patch(
                Rectangle(
                    (left, bottom),
                    size,
                    size,
                    fill=False,
                    ec=DARK,
                    lw=0.7 if repeated else 1.2,
                    ls=":" if repeated else "-",
                )
            )
            if repeated:
                # The column is repeated to the right, the row downwards.
                entry = row[0] if row[0] is not None else rows[0][j]
            draw_text(
                axes,
                left + size / 2,
                bottom + size / 2,
                str(entry),
                alpha=0.45 if repeated else 1,
                size=8 if isinstance(entry, str) else 11,
            )


if __name__ == "__main__":
    broadcasting()
    computational_graph()
