"""Small tools of the book's examples: a stopwatch, running sums, live curves."""

import time
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from d2l.common.arrays import to_number
from d2l.common.environment import in_notebook
from d2l.common.plots.figures import set_axes
from d2l.common.plots.notebook_screen import NotebookScreen


class Timer:
    """A stopwatch that keeps every interval; it runs as soon as it is made.

    times: the measured intervals, in seconds.
    """

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        """Begin an interval now."""
        self._started_at = time.perf_counter()

    def stop(self) -> float:
        """End the interval, keep it and return it, in seconds."""
        self.times.append(time.perf_counter() - self._started_at)
        return self.times[-1]

    def avg(self) -> float:
        """Return the mean interval, in seconds; ZeroDivisionError if none ended."""
        return sum(self.times) / len(self.times)

    def sum(self) -> float:
        """Return how long all intervals took together, in seconds."""
        return sum(self.times)

    def cumsum(self) -> list[float]:
        """Return, for each interval, the seconds spent up to its end."""
        return list(accumulate(self.times))


class Accumulator:
    """Running sums of `n` quantities.

    data: the sums.
    """

    def __init__(self, n: int):
        self.data = [0.0] * n

    def add(self, *args: Any) -> None:
        """Add one number, or zero-dimensional array, to each of the sums.

        raises: ValueError when there are not exactly as many as sums.
        """
        pairs = zip(self.data, args, strict=True)
        self.data = [total + to_number(value) for total, value in pairs]

    def reset(self) -> None:
        """Set all sums back to zero."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, idx: int) -> float:
        return self.data[idx]


class Animator:
    """Curves that are drawn again, in a notebook, whenever points are added.

    X, Y: the coordinates of each curve's points.
    fig, axes: the matplotlib figure and a list of its axes; the curves are in the
        first. Outside of notebooks `render()` draws them.
    """

    def __init__(
        self,
        xlabel: str | None = None,
        ylabel: str | None = None,
        legend: Sequence[str] | None = None,
        xlim: Sequence[float] | None = None,
        ylim: Sequence[float] | None = None,
        xscale: str = "linear",
        yscale: str = "linear",
        fmts: Sequence[str] = ("-", "m--", "g-.", "r:"),
        nrows: int = 1,
        ncols: int = 1,
        figsize: tuple[float, float] = (3.5, 2.5),
    ):
        # Not pyplot's, which would show it a second time when the cell ends.
        from matplotlib.figure import Figure

        self.fig = Figure(figsize=figsize, layout="constrained")
        self.axes = list(self.fig.subplots(nrows, ncols, squeeze=False).flat)
        self.look = (xlabel, ylabel, xlim, ylim, xscale, yscale, legend)
        self.fmts = fmts
        self.X: list[list[float]] = []
        self.Y: list[list[float]] = []
        self._screen = NotebookScreen()

    def add(self, x: Any, y: Any) -> None:
        """Add one point to each curve.

        y: a number, or a list of as many as there are curves; a curve whose value is
            None gets no point this time.
        x: a number for all of them, or a list as long.
        """
        ys = list(y) if _has_length(y) else [y]
        xs = list(x) if _has_length(x) else [x] * len(ys)
        while len(self.X) < len(ys):
            self.X.append([])
            self.Y.append([])
        for i, (a, b) in enumerate(zip(xs, ys, strict=True)):
            if a is not None and b is not None:
                self.X[i].append(to_number(a))
                self.Y[i].append(to_number(b))
        self._screen.is_stale = True
        if in_notebook():
            self._screen.show_soon(self.render)

    def render(self) -> Any:
        """Draw the curves as they are now and return the matplotlib figure."""
        axes = self.axes[0]
        axes.clear()
        for i, (xs, ys) in enumerate(zip(self.X, self.Y, strict=True)):
            axes.plot(xs, ys, self.fmts[i % len(self.fmts)])
        set_axes(axes, *self.look)
        return self.fig


def get_dataloader_workers() -> int:
    """Return how many processes the book's code asks to read data with."""
    return 4


def get_fashion_mnist_labels(labels: Any) -> list[str]:
    """Return the names of the garments that Fashion-MNIST's numbers stand for.

    labels: (examples,), numbers from 0 to 9, an array of any framework.
    """
    from d2l.common.data.images import text_labels

    return text_labels("fashion_mnist", labels)


def _has_length(value: Any) -> bool:
    # Zero-dimensional tensors have the method, but no length.
    return hasattr(value, "__len__") and getattr(value, "ndim", 1) > 0
