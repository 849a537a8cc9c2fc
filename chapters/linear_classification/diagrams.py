"""Draw the diagrams of this chapter: run this file."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np

from d2l.book.diagrams import DARK, save

FOLDER = Path(__file__).parent
MIDDLE, LIGHT = "#777777", "#cccccc"


def softmax_and_gradient():
    """Scores, their probabilities, and the gradient when the second class is right."""
    scores = np.array([2.0, 1.0, -1.0])
    probabilities = np.exp(scores) / np.exp(scores).sum()
    gradient = probabilities - np.array([0.0, 1.0, 0.0])
    panels = [
        ("scores", scores, (-1.7, 2.6)),
        ("softmax of the scores", probabilities, (0, 1.15)),
        ("softmax minus one-hot label", gradient, (-1.1, 1.1)),
    ]
    figure, grid = plt.subplots(1, 3, figsize=(7.2, 2.1), layout="constrained")
    for axes, (title, heights, limits) in zip(grid, panels, strict=True):
        colors = [LIGHT, MIDDLE, LIGHT]
        bars = axes.bar(range(3), heights, 0.6, color=colors, edgecolor=DARK)
        axes.bar_label(bars, [f"{h:.2f}" for h in heights], padding=2, color=DARK)
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.set_xticks(range(3), ["cat", "dog", "hen"])
        axes.set_yticks([])
        axes.set_ylim(limits)
        axes.set_title(title, fontsize=10)
        axes.spines[:].set_visible(False)
        axes.tick_params(bottom=False)
    save(figure, FOLDER / "softmax.svg")


def three_shifts():
    """Two classes in one dimension, before and after each kind of shift."""
    x = np.linspace(-4, 4, 201)
    old_one, old_two = bump(x, -1.2, 0.9), bump(x, 1.2, 0.9)
    posterior = old_two / (old_one + old_two)
    new_inputs = 2 * bump(x, 0.9, 1.0)
    moved = 1 / (1 + np.exp(-3 * (x + 1.5)))
    both = old_one + old_two
    panels = [
        ("before", old_one, old_two),
        (
            "covariate shift",
            new_inputs * (1 - posterior),
            new_inputs * posterior,
        ),
        ("label shift", 0.3 * old_one, 1.7 * old_two),
        ("concept shift", both * (1 - moved), both * moved),
    ]
    figure, grid = plt.subplots(
        1, 4, figsize=(7.6, 1.9), layout="constrained", sharey=True
    )
    for axes, (title, one, two) in zip(grid, panels, strict=True):
        axes.fill_between(x, one, color=LIGHT, alpha=0.7, linewidth=0)
        axes.plot(x, one, color=DARK, linewidth=1.2)
        axes.plot(x, two, color=DARK, linewidth=1.2, linestyle="--")
        axes.axvline(0, color=MIDDLE, linewidth=0.8, linestyle=":")
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_ylim(0, 0.85)
        axes.set_xlabel("input", fontsize=9)
        axes.set_title(title, fontsize=10)
        axes.spines[["top", "right", "left"]].set_visible(False)
    save(figure, FOLDER / "shifts.svg")


def bump(x, mean, width):
    """A normal density."""
    return np.exp(-((x - mean) ** 2) / 2 / width**2) / width / np.sqrt(2 * np.pi)


if __name__ == "__main__":
    plt.rcParams.update(
        {
            "font.family": "sans-serif",
            "text.color": DARK,
            "axes.edgecolor": DARK,
            "axes.labelcolor": DARK,
            "xtick.color": DARK,
            "axes.titlecolor": DARK,
        }
    )
    softmax_and_gradient()
    three_shifts()
