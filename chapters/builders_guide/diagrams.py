"""Draw the diagrams of this chapter: `python diagrams.py` writes them beside it."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

HERE = Path(__file__).parent
INK = "#222222"

plt.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "d2l",
        "font.family": "sans-serif",
        "font.size": 10,
        "text.color": INK,
    }
)


def new_axes(width, height):
    """Axes in units of a third of an inch, without a frame."""
    figure, axes = plt.subplots(figsize=(width / 3, height / 3))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_aspect("equal")
    axes.axis("off")
    return figure, axes


def draw_box(axes, corner, size, fill="none"):
    """A box with round corners: its lower left corner, its width and height."""
    style = "round,pad=0,rounding_size=0.25"
    settings = {"boxstyle": style, "facecolor": fill, "edgecolor": INK}
    axes.add_patch(FancyBboxPatch(corner, *size, **settings))


def draw_arrow(axes, start, end, style="->"):
    """An arrow between two points."""
    settings = {"arrowstyle": style, "color": INK, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=settings)


def label(axes, x, y, text, **settings):
    """Write centred text."""
    axes.text(x, y, text, ha="center", va="center", **settings)


def save(figure, name):
    """Write an SVG that is the same every time."""
    path = HERE / f"{name}.svg"
    settings = {"transparent": True, "bbox_inches": "tight", "metadata": {"Date": None}}
    figure.savefig(path, **settings)
    plt.close(figure)


def nested_modules():
    """NestMLP: a box for each module, within the box of the module that owns it."""
    figure, axes = new_axes(22.5, 6)
    draw_box(axes, (1.9, 0.2), (19, 5.2))
    axes.text(2.2, 4.9, "NestMLP", va="center", weight="bold")
    draw_box(axes, (2.5, 0.7), (13.4, 3.6))
    axes.text(2.8, 3.8, "net", va="center", weight="bold")
    names = ["dense\n64", "ReLU", "dense\n32", "ReLU"]
    for i, name in enumerate(names):
        x = 3.1 + 3.2 * i
        draw_box(axes, (x, 1.1), (2.5, 2.1))
        label(axes, x + 1.25, 1.85, name)
        axes.text(x + 0.15, 3.1, str(i), size=8, va="top", weight="bold")
        if i:
            draw_arrow(axes, (x - 0.7, 2), (x, 2))
    draw_box(axes, (17, 1.1), (3.2, 2.1))
    label(axes, 18.6, 1.85, "dense\n16")
    axes.text(17, 3.7, "linear", va="center", weight="bold")
    draw_arrow(axes, (15.2, 2), (17, 2))
    draw_arrow(axes, (0.9, 2), (3.1, 2))
    draw_arrow(axes, (20.2, 2), (22, 2))
    label(axes, 0.5, 2, "X")
    save(figure, "nested_modules")


def devices():
    """The processor and a GPU, each with its memory, and what joins them."""
    figure, axes = new_axes(20, 6)
    sides = (0.2, "processor", "main memory"), (13, "GPU", "its memory")
    for x, unit, memory in sides:
        draw_box(axes, (x, 0.2), (6.8, 5.4))
        draw_box(axes, (x + 0.7, 3.6), (5.4, 1.4))
        label(axes, x + 3.4, 4.3, unit)
        draw_box(axes, (x + 0.7, 0.8), (5.4, 1.4))
        label(axes, x + 3.4, 1.5, memory)
        draw_arrow(axes, (x + 3.4, 2.2), (x + 3.4, 3.6), "<->")
    draw_arrow(axes, (6.3, 1.5), (13.7, 1.5), "<->")
    label(axes, 10, 2.2, "copies, slow")
    draw_arrow(axes, (6.3, 4.3), (13.7, 4.3))
    label(axes, 10, 5.0, "orders")
    save(figure, "devices")


if __name__ == "__main__":
    nested_modules()
    devices()
