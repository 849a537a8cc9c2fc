"""Draws the diagram of this chapter beside itself: `python diagrams.py`."""

from pathlib import Path

from matplotlib.patches import FancyBboxPatch

from d2l.book.diagrams import DARK, canvas, draw_arrow, draw_text, save

FOLDER = Path(__file__).parent


def game(name="gan.svg"):
    """Noise becomes a point, and the discriminator sees that or a real one."""
    figure, axes = canvas(6.6, 2.5)
    high, middle, low = 2.0, 1.35, 0.7
    _box(axes, 0.65, high, 1.1, "real data")
    _box(axes, 0.65, low, 1.1, "noise")
    _box(axes, 2.15, low, 1.2, "generator\n$G$")
    _box(axes, 4.3, middle, 1.4, "discriminator\n$D$")
    _box(axes, 6.05, middle, 1.04, "real or\ngenerated?")
    draw_arrow(axes, (1.2, low), (1.55, low))
    draw_text(axes, 1.37, low + 0.16, "$z$", size=9)
    draw_arrow(axes, (2.75, low), (3.6, middle - 0.15))
    draw_text(axes, 3.08, middle - 0.25, "$G(z)$", size=9)
    draw_arrow(axes, (1.2, high), (3.6, middle + 0.15))
    draw_text(axes, 2.45, high - 0.15, "$x$", size=9)
    draw_arrow(axes, (5.0, middle), (5.53, middle))
    _way_back(axes, middle, low)
    save(figure, FOLDER / name)


def _way_back(axes, middle, low):
    """What each of the two learns from the answer."""
    bottom = 0.15
    axes.plot([6.05, 6.05], [middle - 0.28, bottom], color=DARK, lw=1, ls="--")
    axes.plot([6.05, 2.15], [bottom, bottom], color=DARK, lw=1, ls="--")
    draw_arrow(axes, (4.3, bottom), (4.3, middle - 0.28), ls="--")
    draw_arrow(axes, (2.15, bottom), (2.15, low - 0.28), ls="--")
    draw_text(axes, 5.15, bottom + 0.13, "to be right", size=8.5)
    draw_text(axes, 3.2, bottom + 0.13, "to be taken for real", size=8.5)


def _box(axes, x, y, width, text):
    style = "round,pad=0,rounding_size=0.06"
    corner = (x - width / 2, y - 0.28)
    axes.add_patch(
        FancyBboxPatch(corner, width, 0.56, boxstyle=style, fill=False, ec=DARK, lw=1.2)
    )
    draw_text(axes, x, y, text, size=9)


if __name__ == "__main__":
    game()
