"""Plots of series, images and matrices, for arrays of any framework."""

from typing import Any


def set_axes(
    axes: Any,
    xlabel: str | None,
    ylabel: str | None,
    xlim: Any,
    ylim: Any,
    xscale: str,
    yscale: str,
    legend: Any,
) -> None:
    """Set labels, limits, scales, grid and legend of a matplotlib axes.

    xlim, ylim: (lowest, highest), or None to fit the data.
    legend: the names of the lines, or None or [] for no legend.
    """
    # Scales first: a scale resets the limits.
    axes.set_xscale(xscale)
    axes.set_yscale(yscale)
    axes.set_xlabel(xlabel or "")
    axes.set_ylabel(ylabel or "")
    if xlim is not None:
        axes.set_xlim(xlim)
    if ylim is not None:
        axes.set_ylim(ylim)
    if legend is not None and len(legend) > 0:
        axes.legend(legend)
    axes.grid(visible=True)
