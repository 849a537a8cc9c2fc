"""A figure in a notebook's output that is replaced while it changes."""

import io
import time
from collections.abc import Callable
from typing import Any

#: No eye needs more than ten figures a second.
SECONDS_BETWEEN_REDRAWS = 0.1
#: A redraw is followed by a pause this many times as long, so that drawing
#: takes at most a fifth of the training time.
PAUSE_PER_REDRAW = 4


class NotebookScreen:
    """The place in a notebook's output where a figure is shown and replaced.

    is_stale: whether there is something that the shown figure lacks.
    """

    def __init__(self) -> None:
        self.is_stale = False
        self._handle: Any = None
        self._next_redraw = 0.0
        self._is_waiting = False

    def show_soon(self, render: Callable[[], Any]) -> None:
        """Show the figure that `render` returns, now or when the cell is done."""
        if not self._is_waiting:
            self._finish_with_cell(render)
        if time.perf_counter() >= self._next_redraw:
            self._show(render)

    def finish(self, render: Callable[[], Any]) -> None:
        """Show what is missing and start afresh with the next figure."""
        if self.is_stale:
            self._show(render)
        self._handle = None
        self._next_redraw = 0.0

    def _show(self, render: Callable[[], Any]) -> None:
        from IPython.display import SVG, display

        start = time.perf_counter()
        picture = SVG(_to_svg(render()))
        if self._handle is None:
            self._handle = display(picture, display_id=True)
        else:
            self._handle.update(picture)
        end = time.perf_counter()
        self._next_redraw = end + max(
            SECONDS_BETWEEN_REDRAWS, PAUSE_PER_REDRAW * (end - start)
        )
        self.is_stale = False

    def _finish_with_cell(self, render: Callable[[], Any]) -> None:
        """Have the last points shown of a loop that ends without `finish`."""
        from IPython import get_ipython

        events = get_ipython().events

        def finish(*_: Any) -> None:
            events.unregister("post_run_cell", finish)
            self._is_waiting = False
            self.finish(render)

        events.register("post_run_cell", finish)
        self._is_waiting = True


def _to_svg(figure: Any) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight")
    return buffer.getvalue()
