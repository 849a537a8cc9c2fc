"""The curves of a comparison as SVG: loss, metric, and how far they are apart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.comparison import Comparison
from d2l.parity.run import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Told apart by colour blind eyes, on white and on black.
COLOURS = {
    "torch": "#d9541a",
    "tensorflow": "#c08a00",
    "jax": "#3b8fd0",
    "mxnet": "#00946c",
}
#: Curves that coincide are drawn over each other, wide ones first, so that each
#: of them stays in sight.
STYLES: tuple[dict[str, Any], ...] = (
    {"linewidth": 7.0, "alpha": 0.45, "solid_capstyle": "round"},
    {"linewidth": 3.6},
    {"linewidth": 2.0, "dashes": (4, 3)},
    {"linewidth": 1.3, "dashes": (1.2, 3.2)},
)
MARKERS = "osD^"
#: Stands for text and axes, and for the paper, until the SVG's use is known.
INK, PAPER = "#010203", "#fdfeff"
#: What is drawn for losses that are exactly the same: a logarithm has no zero.
NO_DIFFERENCE = {"float64": 1e-17, "float32": 1e-9}
#: More of them than the plot has pixels would only make the file large.
MOST_POINTS = 800


def draw_curves(comparison: Comparison) -> tuple[bytes, str]:
    """The plot as a file of its own, and for a page, in the colours around it."""
    text = _to_svg(_figure(comparison), comparison)
    alone = text.replace(INK, "#1a1a1a").replace(PAPER, "#ffffff")
    # A page has no use for the prologue of a file.
    inline = text[text.index("<svg") :].replace(INK, "currentColor")
    return alone.encode(), inline.replace(PAPER, "none")


def _to_svg(figure: Figure, comparison: Comparison) -> str:
    import matplotlib

    stream = io.StringIO()
    # The salt makes the same comparison the same file.
    salt = comparison.plan.trial.name
    settings: dict[Any, Any] = {"svg.fonttype": "path", "svg.hashsalt": salt}
    metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context(settings):
        figure.savefig(stream, format="svg", metadata=metadata)
    return stream.getvalue()


def _figure(comparison: Comparison) -> Figure:
    import matplotlib
    from matplotlib.figure import Figure

    plan = comparison.plan
    parts = ("text.", "axes.edge", "axes.label", "axes.title", "xtick.", "ytick.")
    ink = {f"{part}color": INK for part in parts}
    paper = {"figure.facecolor": PAPER, "axes.facecolor": PAPER}
    settings: dict[Any, Any] = {**ink, **paper, "font.size": 10}
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(11, 6.4), layout="constrained")
        grid = figure.add_gridspec(2, 2, width_ratios=(2, 1))
        _draw_losses(figure.add_subplot(grid[0, 0]), comparison)
        has_metrics = any(plan.metric in run.curves for run in comparison.runs)
        beside = _draw_metrics if has_metrics else _draw_other_curves
        beside(figure.add_subplot(grid[:, 1]), comparison)
        _draw_differences(figure.add_subplot(grid[1, 0]), comparison)
        figure.suptitle(f"{plan.subject}, {plan.precision}")
    return figure


def _thinned(values: np.ndarray, reduce: Any) -> tuple[np.ndarray, np.ndarray, int]:
    """The last step of each block of steps, `reduce` of its values, its length."""
    length = -(-len(values) // MOST_POINTS) or 1
    starts = np.arange(0, len(values), length)
    found = [reduce(values[start : start + length]) for start in starts]
    return np.minimum(starts + length, len(values)), np.array(found), length


def _draw_losses(axes: Axes, comparison: Comparison) -> None:
    length = 1
    for i, run in enumerate(comparison.runs):
        steps, losses, length = _thinned(run.curve, np.mean)
        axes.plot(steps, losses, **_style(run, STYLES[i]))
    name = comparison.plan.loss
    title = (
        f"{name} of every step" if length == 1 else f"{name}, means of {length} steps"
    )
    axes.set(title=title, xlabel="step", ylabel=name)
    _finish(axes)
    axes.legend(frameon=False, handlelength=4)


def _draw_other_curves(axes: Axes, comparison: Comparison) -> None:
    """What else has a value for every step, where nothing is validated."""
    others = comparison.plan.trial.step_curves[1:]
    for i, run in enumerate(comparison.runs):
        for label in others:
            values = run.curves.get(label, np.zeros(0))
            steps, means, _ = _thinned(values, np.mean)
            axes.plot(steps, means, **_style(run, STYLES[i]))
    title = " and ".join(k for k in others if k in comparison.runs[0].curves)
    axes.set(title=title or "nothing is validated", xlabel="step")
    _finish(axes)


def _draw_metrics(axes: Axes, comparison: Comparison) -> None:
    from matplotlib.ticker import MaxNLocator

    label = comparison.plan.metric
    for i, run in enumerate(comparison.runs):
        values = run.by_epoch(label)
        epochs = np.arange(1, len(values) + 1)
        # Hollow markers of different sizes, one around the other.
        hollow = {"marker": MARKERS[i], "markersize": 13 - 3 * i, "fillstyle": "none"}
        axes.plot(epochs, values, **_style(run, {**STYLES[i], **hollow}))
    axes.set(title=f"{label} after every epoch", xlabel="epoch")
    axes.locator_params(axis="x", integer=True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _finish(axes)


def _draw_differences(axes: Axes, comparison: Comparison) -> None:
    """Relative to the largest loss, as the tolerance is."""
    reference = next(r for r in comparison.runs if r.framework == comparison.reference)
    name = FRAMEWORKS[reference.framework].title
    title = f"difference to {name}, relative (lowest: none)"
    scale = np.abs(reference.curve[np.isfinite(reference.curve)]).max(initial=0) or 1
    floor = NO_DIFFERENCE[comparison.plan.precision]
    for run in comparison.runs:
        if run is reference or run.curve.shape != reference.curve.shape:
            continue
        errors = np.abs(run.curve - reference.curve) / scale
        steps, largest, _ = _thinned(errors, np.max)
        style = _style(run, {"linewidth": 1.2, "alpha": 0.85})
        axes.plot(steps, np.maximum(largest, floor), **style)
    limit, judged = comparison.tolerances()["curve"], comparison.plan.judged_steps
    _draw_limit(axes, limit, len(reference.curve), judged)
    axes.set(title=title, xlabel="step", yscale="log", ylim=(floor / 3, None))
    _finish(axes)


def _draw_limit(axes: Axes, limit: float, steps: int, judged: int) -> None:
    """A line as far as the tolerance holds."""
    line: Any = {"color": INK, "linewidth": 1, "linestyle": (0, (6, 4))}
    axes.hlines(limit, 1, min(steps, judged), **line)
    text: Any = {"textcoords": "offset points", "fontsize": 9}
    if steps > judged:
        text |= {"xy": (judged, limit), "xytext": (4, -3)}
        axes.annotate(f"tolerance {limit:.0e}, {judged} steps", **text)
    else:
        text |= {"xy": (steps, limit), "xytext": (0, -11), "ha": "right"}
        axes.annotate(f"tolerance {limit:.0e}", **text)


def _style(run: Run, style: dict[str, Any]) -> dict[str, Any]:
    label = FRAMEWORKS[run.framework].title
    return {"color": COLOURS[run.framework], "label": label, **style}


def _finish(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.title.set_fontsize(10)
    axes.grid(color=INK, alpha=0.12)
