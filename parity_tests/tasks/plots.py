"""Plots of a framework's tensors."""

from __future__ import annotations

import numpy as np


def plot(session, arrays, legend):
    """The book's first plot, read back from matplotlib."""
    import matplotlib

    matplotlib.use("agg")
    d2l = session.namespace
    x = session.backend.to_tensor(arrays["x"])
    d2l.plot(x, [3 * x**2 - 4 * x, 2 * x - 3], "x", "f(x)", legend=legend)
    axes = d2l.plt.gca()
    lines = {
        f"{i}.{axis}": np.array(getattr(line, f"get_{axis}data")())
        for i, line in enumerate(axes.lines)
        for axis in "xy"
    }
    result = {
        "legend": [text.get_text() for text in axes.get_legend().get_texts()],
        "labels": [axes.get_xlabel(), axes.get_ylabel()],
        "size": list(axes.figure.get_size_inches()),
    }
    d2l.plt.close("all")
    return result, lines


def heatmaps(session, arrays, titles):
    """Attention weights of the framework's own, read back from matplotlib."""
    import matplotlib

    matplotlib.use("agg")
    d2l = session.namespace
    shape = arrays["scores"].shape
    flat = session.backend.to_tensor(arrays["scores"].reshape(-1, *shape[2:]))
    weights = d2l.reshape(d2l.masked_softmax(flat, None), shape)
    d2l.show_heatmaps(weights, "Keys", "Queries", titles=titles)
    *grid, _ = d2l.plt.gcf().axes  # the last is the bar of colours
    pictures = [axes.images[0] for axes in grid]
    places = [f"{row}.{col}" for row, col in np.ndindex(shape[:2])]
    drawn = {
        place: np.array(picture.get_array())
        for place, picture in zip(places, pictures, strict=True)
    }
    corner = grid[-len(titles)]
    result = {
        "limits": [[float(x) for x in picture.get_clim()] for picture in pictures],
        "titles": [axes.get_title() for axes in grid],
        "labels": [corner.get_xlabel(), corner.get_ylabel()],
    }
    d2l.plt.close("all")
    return result, drawn
