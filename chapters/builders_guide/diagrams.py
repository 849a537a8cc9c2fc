"""Draw the diagrams of this chapter: `python diagrams.py` writes them beside it."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.patches import FancyBboxPatch

from d2l.book.diagrams import DARK, draw_arrow, draw_text, save, scaled_canvas

FOLDER = Path(__file__).parent

mpl.rcParams.update(
    {
        "font.family": "sans-serif",
        "font.size": 10,
        "text.color": DARK,
    }
)


def draw_box(axes, corner, size, fill="none"):
    """A box with round corners: its lower left corner, its width and height."""
    style = "round,pad=0,rounding_size=0.25"
    settings = {"boxstyle": style, "facecolor": fill, "edgecolor": DARK}
    axes.add_patch(FancyBboxPatch(corner, *size, **settings))


def nested_modules():
    """NestMLP: a box for each module, within the box of the module that owns it."""
    figure, axes = scaled_canvas(22.5, 6, 1 / 3)
    draw_box(axes, (1.9, 0.2), (19, 5.2))
    axes.text(2.2, 4.9, "NestMLP", va="center", weight="bold")
    draw_box(axes, (2.5, 0.7), (13.4, 3.6))
    axes.text(2.8, 3.8, "net", va="center", weight="bold")
    names = ["dense\n64", "ReLU", "dense\n32", "ReLU"]
    for i, name in enumerate(names):
        x = 3.1 + 3.2 * i
        draw_box(axes, (x, 1.1), (2.5, 2.1))
        draw_text(axes, x + 1.25, 1.85, name)
        axes.text(x + 0.15, 3.1, str(i), size=8, va="top", weight="bold")
        if i:
            draw_arrow(axes, (x - 0.7, 2), (x, 2), arrowstyle="->")
    draw_box(axes, (17, 1.1), (3.2, 2.1))
    draw_text(axes, 18.6, 1.85, "dense\n16")
    axes.text(17, 3.7, "linear", va="center", weight="bold")
    draw_arrow(axes, (15.2, 2), (17, 2), arrowstyle="->")
    draw_arrow(axes, (0.9, 2), (3.1, 2), arrowstyle="->")
    draw_arrow(axes, (20.2, 2), (22, 2), arrowstyle="->")
    draw_text(axes, 0.5, 2, "X")
    save(figure, FOLDER / "nested_modules.svg", bbox_inches="tight")


def devices():
    """The processor and a GPU, each with its memory, and what joins them."""
    figure, axes = scaled_canvas(20, 6, 1 / 3)
    sides = (0.2, "processor", "main memory"), (13, "GPU", "its memory")
    for x, unit, memory in sides:
        draw_box(axes, (x, 0.2), (6.8, 5.4))
        draw_box(axes, (x + 0.7, 3.6), (5.4, 1.4))
        draw_text(axes, x + 3.4, 4.3, unit)
        draw_box(axes, (x + 0.7, 0.8), (5.4, 1.4))
        draw_text(axes, x + 3.4, 1.5, memory)
        draw_arrow(axes, (x + 3.4, 2.2), (x + 3.4, 3.6), arrowstyle="<->")
    draw_arrow(axes, (6.3, 1.5), (13.7, 1.5), arrowstyle="<->")
    draw_text(axes, 10, 2.2, "copies, slow")
    draw_arrow(axes, (6.3, 4.3), (13.7, 4.3), arrowstyle="->")
    draw_text(axes, 10, 5.0, "orders")
    save(figure, FOLDER / "devices.svg", bbox_inches="tight")


if __name__ == "__main__":
    nested_modules()
    devices()
