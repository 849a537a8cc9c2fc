"""Plots of series, images and matrices, for arrays of any framework."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from d2l.common.arrays import to_numpy
from d2l.common.environment import in_notebook

if TYPE_CHECKING:
    import matplotlib.pyplot as plt
    from PIL import Image

__all__ = [
    "Image",
    "plot",
    "plt",
    "set_axes",
    "set_figsize",
    "show_heatmaps",
    "show_images",
    "use_svg_display",
]

#: Modules that published code reaches through this one (`d2l.plt.scatter`),
#: imported at first use: they take longer than everything else here.
LAZY_MODULES = {"plt": "matplotlib.pyplot", "Image": "PIL.Image"}


#: Grey, colour, and colour with transparency.
COUNTS_OF_CHANNELS = (1, 3, 4)


def __getattr__(name: str) -> Any:
    if name not in LAZY_MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, importlib.import_module(LAZY_MODULES[name]))


def use_svg_display() -> None:
    """Make notebooks show figures as vector graphics, sharp at every zoom."""
    if in_notebook():
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg")


def set_figsize(figsize: tuple[float, float] = (3.5, 2.5)) -> None:
    """Set the width and height, in inches, of the figures made from now on."""
    use_svg_display()
    _pyplot().rcParams["figure.figsize"] = figsize


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
    legend: the names of the lines; None or [] for no legend.
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


def plot(
    X: Any,
    Y: Any = None,
    xlabel: str | None = None,
    ylabel: str | None = None,
    legend: Sequence[str] | None = None,
    xlim: Any = None,
    ylim: Any = None,
    xscale: str = "linear",
    yscale: str = "linear",
    fmts: Sequence[str] = ("-", "m--", "g-.", "r:"),
    figsize: tuple[float, float] = (3.5, 2.5),
    axes: Any = None,
) -> None:
    """Draw one or more series as lines.

    X: one series for all of Y, or one for each; without Y, what is drawn.
    Y: one series, or a list of them: lists of numbers, or arrays of any framework (one
        dimension, or the series as rows of two).
    fmts: matplotlib's format of each line, taken in turn.
    axes: cleared and drawn on; by default the current axes.
    """
    lines = _pair_series(X, Y)
    set_figsize(figsize)
    if axes is None:
        axes = _pyplot().gca()
    axes.cla()
    for i, (x, y) in enumerate(lines):
        axes.plot(x, y, fmts[i % len(fmts)])
    set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend)


def show_images(
    imgs: Any,
    num_rows: int,
    num_cols: int,
    titles: Sequence[str] | None = None,
    scale: float = 1.5,
) -> np.ndarray:
    """Show images in a grid, row by row.

    imgs: PIL images or arrays of any framework, each of shape (height, width), (height,
        width, channels) or, where no doubt is possible, (channels, height, width), with
        1, 3 or 4 channels.
    titles: a text above each image.
    scale: the width and height of an image's place, in inches.
    returns: the matplotlib axes, of shape (num_rows * num_cols,).
    """
    figsize = (num_cols * scale, num_rows * scale)
    _, grid = _pyplot().subplots(num_rows, num_cols, figsize=figsize, squeeze=False)
    places = grid.flatten()
    for place in places:
        # Not axis("off"): the frame shows where a white image ends.
        place.set_xticks([])
        place.set_yticks([])
    for i, (place, img) in enumerate(zip(places, imgs, strict=False)):
        place.imshow(_displayable(img))
        if titles is not None and i < len(titles):
            place.set_title(titles[i])
    for place in places[len(imgs) :]:
        place.set_visible(False)
    return places


def show_heatmaps(
    matrices: Any,
    xlabel: str,
    ylabel: str,
    titles: Sequence[str] | None = None,
    figsize: tuple[float, float] = (2.5, 2.5),
    cmap: str = "Reds",
) -> None:
    """Show matrices as coloured grids with one common scale of colours.

    matrices: (rows of the figure, columns of the figure, height, width), an array of
        any framework or nested lists of matrices.
    xlabel, ylabel: written once for each column and row of the figure.
    titles: a text above each column.
    """
    use_svg_display()
    matrices = to_numpy(matrices)
    num_rows, num_cols = matrices.shape[:2]
    fig, grid = _pyplot().subplots(
        num_rows, num_cols, figsize=figsize, sharex=True, sharey=True, squeeze=False
    )
    limits = {"vmin": np.nanmin(matrices), "vmax": np.nanmax(matrices)}
    for (row, col), axes in np.ndenumerate(grid):
        picture = axes.imshow(matrices[row, col], cmap=cmap, **limits)
        if row == num_rows - 1:
            axes.set_xlabel(xlabel)
        if col == 0:
            axes.set_ylabel(ylabel)
        if titles is not None:
            axes.set_title(titles[col])
    fig.colorbar(picture, ax=grid, shrink=0.6)


def _pyplot() -> Any:
    return importlib.import_module(LAZY_MODULES["plt"])


def _pair_series(X: Any, Y: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the (x, y) of each line; see `plot`."""
    if Y is None:
        return [(np.arange(len(y)), y) for y in _as_series(X)]
    xs, ys = _as_series(X), _as_series(Y)
    if len(xs) == 1:
        xs *= len(ys)
    if len(xs) != len(ys):
        raise ValueError(f"{len(xs)} series of x do not go with {len(ys)} series of y.")
    return list(zip(xs, ys, strict=True))


def _as_series(values: Any) -> list[np.ndarray]:
    """Return one or more series as a list of one-dimensional arrays."""
    if isinstance(values, list | tuple):
        items = [to_numpy(item) for item in values]
        is_one_series = all(item.ndim == 0 for item in items)
        return [np.asarray(items)] if is_one_series else items
    array = to_numpy(values)
    return [array] if array.ndim == 1 else list(array)


def _displayable(img: Any) -> np.ndarray:
    """Return an image as an array that matplotlib can show."""
    array = to_numpy(img)
    if array.ndim == 2:
        return array
    if array.shape[-1] not in COUNTS_OF_CHANNELS:
        array = np.moveaxis(array, 0, -1)
    return array[..., 0] if array.shape[-1] == 1 else array
