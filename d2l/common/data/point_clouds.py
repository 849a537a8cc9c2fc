"""Points of the plane, to be compared by eye."""

from __future__ import annotations

from typing import Any

from d2l.common.arrays import to_numpy
from d2l.common.environment import in_notebook
from d2l.common.plots.figures import set_figsize
from d2l.common.plots.progress_board import ProgressBoard


def show_point_clouds(board: ProgressBoard, **clouds: Any) -> None:
    """Show clouds of points in one figure, where `board` shows its curves.

    clouds: by label, arrays of any framework of shape (points, 2), drawn in order.
    """
    if not (board.display and in_notebook()):
        return
    from matplotlib import pyplot as plt

    set_figsize(board.figsize)
    _, axes = plt.subplots()
    for label, points in clouds.items():
        x, y = to_numpy(points).T
        axes.scatter(x, y, s=10, alpha=0.6, label=label)
    axes.set_aspect("equal", adjustable="datalim")
    axes.legend()
