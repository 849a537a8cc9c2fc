"""Declarations: calculus."""

from types import ModuleType

Image: ModuleType
plt: ModuleType


def use_svg_display():
    """Let notebooks show plots as SVG."""


def set_figsize(figsize=(3.5, 2.5)):
    """Set the size of figures, in inches."""


def set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend):
    """Set labels, limits, scales and the legend of matplotlib axes."""


def plot(
    X,
    Y=None,
    xlabel=None,
    ylabel=None,
    legend=None,
    xlim=None,
    ylim=None,
    xscale="linear",
    yscale="linear",
    fmts=("-", "m--", "g-.", "r:"),
    figsize=(3.5, 2.5),
    axes=None,
):
    """Plot one series or several, against their indices or against X."""
