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
