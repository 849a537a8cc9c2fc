"""Draws the diagrams of this chapter beside itself: `python diagrams.py`."""

from pathlib import Path

from matplotlib.patches import Circle, FancyBboxPatch

from d2l.book.diagrams import DARK, canvas, draw_arrow, draw_text, save

FOLDER = Path(__file__).parent


def single_neuron(name="single_neuron.svg"):
    """Linear regression as a network: d inputs, one output."""
    figure, axes = canvas(4.6, 2.0)
    inputs = {"$x_1$": 0.55, "$x_2$": 1.4, "$x_d$": 3.25}
    for text, x in inputs.items():
        _circle(axes, x, 0.35, text)
        draw_arrow(axes, (x, 0.63), (1.9, 1.37))
    draw_text(axes, 2.33, 0.35, "...")
    _circle(axes, 1.9, 1.65, r"$\hat{y}$")
    for text, x in {"$w_1$": 1.0, "$w_2$": 1.47, "$w_d$": 2.83}.items():
        draw_text(axes, x, 1.02, text)
    axes.text(2.3, 1.65, "+ $b$", va="center", color=DARK)
    axes.text(3.65, 1.65, "output", va="center", color=DARK)
    axes.text(3.65, 0.35, "inputs", va="center", color=DARK)
    save(figure, FOLDER / name)


def three_classes(name="three_classes.svg"):
    """What a trainer asks of the model and of the data."""
    figure, axes = canvas(6.4, 2.3)
    _box(axes, 0.1, 0.55, "DataModule", ["train_dataloader", "val_dataloader"])
    _box(axes, 2.35, 0.55, "Trainer", ["fit", "fit_epoch"])
    _box(axes, 4.6, 0.55, "Module", ["training_step", "loss", "configure_optimizers"])
    draw_arrow(axes, (1.8, 1.2), (2.35, 1.2))
    draw_arrow(axes, (4.05, 1.35), (4.6, 1.35))
    draw_arrow(axes, (4.6, 1.05), (4.05, 1.05))
    labels = [(2.07, 1.33, "batches"), (4.32, 1.48, "batch"), (4.32, 0.87, "loss")]
    for x, y, text in labels:
        draw_text(axes, x, y, text, size=8)
    axes.text(
        3.2, 0.2, "HyperParameters: base of all three", ha="center", color=DARK, size=9
    )
    save(figure, FOLDER / name)


def _circle(axes, x, y, text):
    axes.add_patch(Circle((x, y), 0.28, fill=False, ec=DARK, lw=1.2))
    draw_text(axes, x, y, text)


def _box(axes, x, y, title, lines):
    style = "round,pad=0,rounding_size=0.08"
    axes.add_patch(
        FancyBboxPatch((x, y), 1.7, 1.4, boxstyle=style, fill=False, ec=DARK, lw=1.2)
    )
    draw_text(axes, x + 0.85, y + 1.15, title, weight="bold")
    axes.plot([x, x + 1.7], [y + 0.95, y + 0.95], color=DARK, lw=0.8)
    for i, line in enumerate(lines):
        draw_text(
            axes,
            x + 0.85,
            y + 0.75 - 0.25 * i,
            line,
            size=8.5,
            family="monospace",
        )


if __name__ == "__main__":
    single_neuron()
    three_classes()
