"""Curves that grow while a model is trained, drawn or only recorded."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from d2l.common.arrays import to_number
from d2l.common.environment import in_notebook
from d2l.common.plots.figures import set_axes
from d2l.common.plots.notebook_screen import NotebookScreen
from d2l.common.training.hyperparameters import HyperParameters

LINE_STYLES = ["-", "--", "-.", ":"]
COLORS = ["C0", "C1", "C2", "C3"]

#: A number, a zero-dimensional array, or a function that waits for one.
Value = float | Any | Callable[[], Any]


class Point(NamedTuple):
    """A point of a curve."""

    x: float
    y: float


class ProgressBoard(HyperParameters):
    """A figure of curves that are still growing, redrawn live in a notebook.

    Outside of notebooks nothing is drawn, but the points are kept all the same.

    data: the points of each curve, by its label.
    """

    fig: Any
    axes: Any

    def __init__(
        self,
        xlabel: str | None = None,
        ylabel: str | None = None,
        xlim: Sequence[float] | None = None,
        ylim: Sequence[float] | None = None,
        xscale: str = "linear",
        yscale: str = "linear",
        ls: Sequence[str] = LINE_STYLES,
        colors: Sequence[str] = COLORS,
        fig: Any = None,
        axes: Any = None,
        figsize: tuple[float, float] = (3.5, 2.5),
        display: bool = True,
    ):
        # Copies, so that changing one board's styles leaves the others alone.
        ls, colors = list(ls), list(colors)
        self.save_hyperparameters()
        self.data: dict[str, list[Point]] = {}
        self._pending: defaultdict[str, list[tuple[Any, Value]]] = defaultdict(list)
        self._screen = NotebookScreen()

    def draw(self, x: Any, y: Value, label: str, every_n: int = 1) -> None:
        """Add a value to the curve `label`.

        Values are kept as they are until there are `every_n` of them; then all
        are converted to numbers and their mean becomes one point. So a training
        loop waits for its device only as often as a point is drawn.

        x: a number, or a zero-dimensional array.
        y: the same, or a function without arguments that returns one.
        every_n: how many values make a point; less than 1 counts as 1.
        """
        if _recorder is not None:
            _recorder.draw(x, y, label)
        self._pending[label].append((x, y))
        if len(self._pending[label]) >= max(every_n, 1):
            self._add_mean(label)
            if self._is_live():
                self._screen.show_soon(self.render)

    def flush(self) -> None:
        """Finish the curves: values left over make a last point; show the figure.

        A later `draw` in a notebook opens a new figure.
        """
        for label in list(self._pending):
            self._add_mean(label)
        if self._is_live():
            self._screen.finish(self.render)

    def render(self) -> Any:
        """Draw the curves as they are now and return the matplotlib figure.

        In a script: `board.render().savefig("loss.png")`.
        """
        axes = self._empty_axes()
        for i, (label, points) in enumerate(self.data.items()):
            style, color = self.ls[i % len(self.ls)], self.colors[i % len(self.colors)]
            # A line of one point would be invisible.
            marker = "." if len(points) == 1 else ""
            xs, ys = zip(*points, strict=True)
            axes.plot(xs, ys, ls=style, marker=marker, color=color, label=label)
        limits = (self.xlim, self.ylim, self.xscale, self.yscale)
        set_axes(axes, self.xlabel, self.ylabel, *limits, None)
        if self.data:
            axes.legend()
        return self.fig

    def _add_mean(self, label: str) -> None:
        """Turn the values that `label` has waiting into one point."""
        points = [Point(float(x), _to_number(y)) for x, y in self._pending.pop(label)]
        x, y = (sum(numbers) / len(points) for numbers in zip(*points, strict=True))
        self.data.setdefault(label, []).append(Point(x, y))
        self._screen.is_stale = True

    def _is_live(self) -> bool:
        return self.display and in_notebook()

    def _empty_axes(self) -> Any:
        if self.axes is None:
            if self.fig is None:
                # Not pyplot's: it would show the figure a second time when the
                # cell ends, and never let go of it.
                from matplotlib.figure import Figure

                self.fig = Figure(figsize=self.figsize, layout="constrained")
            self.axes = self.fig.subplots()
        if self.fig is None:
            self.fig = self.axes.figure
        self.axes.clear()
        return self.axes


class CurveRecorder(ProgressBoard):
    """A board that draws nothing and keeps every single value.

    curves: the values of each curve, by its label, complete after `flush()`.
    seconds: when `synchronise` is set, the time at which each value was there, by
        `time.perf_counter()`.
    data: the same points with their x.
    """

    def __init__(self, synchronise: bool = False):
        """Make an empty recorder.

        synchronise: wait for each value when it is drawn, which makes steps
            comparable in time, instead of at the end, which disturbs least.
        """
        super().__init__(display=False)
        self.save_hyperparameters()
        self.curves: dict[str, list[float]] = {}
        self.seconds: dict[str, list[float]] = {}

    def draw(self, x: Any, y: Value, label: str, every_n: int = 1) -> None:
        """Record a value of the curve `label`; `every_n` is disregarded."""
        self._pending[label].append((x, y))
        if self.synchronise:
            self._record(label)
            self.seconds.setdefault(label, []).append(time.perf_counter())

    def flush(self) -> None:
        """Convert what has been recorded into numbers."""
        for label in list(self._pending):
            self._record(label)

    def _record(self, label: str) -> None:
        for x, y in self._pending.pop(label):
            point = Point(float(x), _to_number(y))
            self.data.setdefault(label, []).append(point)
            self.curves.setdefault(label, []).append(point.y)


#: Is told every value that any board is given; None outside of `recorded_by`.
_recorder: CurveRecorder | None = None


@contextmanager
def recorded_by(recorder: CurveRecorder) -> Iterator[None]:
    """Let `recorder` have every value that any board draws within the block.

    So a training loop can be watched that makes a board of its own.
    """
    global _recorder
    before, _recorder = _recorder, recorder
    try:
        yield
    finally:
        _recorder = before


def _to_number(value: Value) -> float:
    return to_number(value() if callable(value) else value)
