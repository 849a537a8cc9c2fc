"""Points are averaged late, drawn in notebooks only, and never lost."""

import inspect
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.plots import notebook_screen
from d2l.common.plots.progress_board import CurveRecorder, Point, ProgressBoard

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(notebook_screen.time, "perf_counter", lambda: Clock.now)
    return Clock


@given(VALUES, st.integers(-2, 7))
def test_points_are_means_of_every_n_values(values, every_n):
    board = ProgressBoard()
    for i, value in enumerate(values):
        board.draw(i, value, "loss", every_n)
    n = max(every_n, 1)
    whole = len(values) // n
    assert len(board.data.get("loss", [])) == whole
    board.flush()
    groups = [values[i : i + n] for i in range(0, len(values), n)]
    assert len(board.data["loss"]) == len(groups)
    for i, (point, group) in enumerate(zip(board.data["loss"], groups, strict=True)):
        assert point.x == pytest.approx(i * n + (len(group) - 1) / 2)
        assert point.y == pytest.approx(np.mean(group), abs=1e-6)


def test_values_are_not_computed_before_a_point_is_due():
    calls = []

    def value(number):
        return lambda: calls.append(number) or number

    board = ProgressBoard()
    board.draw(0, value(1.0), "loss", every_n=3)
    board.draw(1, value(2.0), "loss", every_n=3)
    assert calls == []
    board.draw(2, value(6.0), "loss", every_n=3)
    assert calls == [1.0, 2.0, 6.0]
    assert board.data == {"loss": [Point(1.0, 3.0)]}


def test_labels_do_not_mix():
    board = ProgressBoard()
    board.draw(0, 1, "a", every_n=2)
    board.draw(0, np.float32(5), "b", every_n=2)
    board.draw(1, np.array(3), "a", every_n=2)
    assert board.data == {"a": [Point(0.5, 2.0)]}


def test_nan_and_infinity_are_points_too():
    board = ProgressBoard()
    board.draw(0, math.inf, "a", every_n=2)
    board.draw(1, -math.inf, "a", every_n=2)
    assert math.isnan(board.data["a"][0].y)


def test_tensor_with_gradient_does_not_warn(recwarn):
    torch = pytest.importorskip("torch")
    board = ProgressBoard()
    board.draw(0, torch.ones((), requires_grad=True), "a")
    assert board.data["a"] == [Point(0.0, 1.0)]
    assert not recwarn.list


def test_defaults_equal_the_published_ones_and_are_not_shared():
    signature = inspect.signature(ProgressBoard.__init__)
    assert signature.parameters["ls"].default == ["-", "--", "-.", ":"]
    assert signature.parameters["colors"].default == ["C0", "C1", "C2", "C3"]
    ProgressBoard().ls.append("changed")
    assert ProgressBoard().ls == ["-", "--", "-.", ":"]


def test_rendered_figure_shows_all_curves():
    board = ProgressBoard("epoch", "loss", xlim=[0, 9], ylim=[0, 40], yscale="linear")
    for label in "abcdef":
        board.draw(1, 2, label)
        board.draw(2, 4, label)
    board.draw(1, 1, "single")
    figure = board.render()
    (axes,) = figure.axes
    assert [line.get_label() for line in axes.lines] == [*"abcdef", "single"]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[1, 2], [2, 4]])
    assert axes.lines[-1].get_marker() == "."
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert axes.get_xlim() == (0, 9)
    assert board.render() is figure
    assert len(axes.lines) == 7


def test_board_without_points_renders_empty():
    assert ProgressBoard().render().axes[0].get_legend() is None


def test_given_figure_or_axes_are_used():
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots()
    board = ProgressBoard(axes=axes)
    board.draw(1, 2, "a")
    assert board.render() is fig
    assert len(axes.lines) == 1
    empty = plt.figure()
    assert ProgressBoard(fig=empty).render() is empty


def test_nothing_is_drawn_outside_notebooks():
    script = (
        "import sys\n"
        "from d2l.common.plots.progress_board import ProgressBoard\n"
        "board = ProgressBoard()\n"
        "board.draw(0, 1.0, 'a')\n"
        "board.flush()\n"
        "assert not {'IPython', 'matplotlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_notebook_shows_one_figure_and_updates_it(notebook, clock):
    board = ProgressBoard()
    for i in range(3):
        board.draw(i, i, "loss")
        clock.now += 1
    (output,) = notebook.outputs
    assert len(output.shown) == 3
    assert all("<svg" in picture for picture in output.shown)


def test_notebook_redraws_at_most_ten_times_a_second(notebook, clock):
    board = ProgressBoard()
    for i in range(100):
        board.draw(i, i, "loss")
        clock.now += 0.01
    (output,) = notebook.outputs
    assert 9 <= len(output.shown) <= 11


def test_slow_drawing_leaves_most_of_the_time_to_training(notebook, clock):
    class SlowBoard(ProgressBoard):
        def render(self):
            clock.now += 1
            return super().render()

    board, start = SlowBoard(), clock.now
    for i in range(100):
        board.draw(i, i, "loss")
        clock.now += 0.1
    drawing = len(notebook.outputs[0].shown)
    assert drawing / (clock.now - start) <= 0.25


def test_end_of_cell_shows_the_last_points(notebook, clock):
    board = ProgressBoard()
    board.draw(0, 1, "early")
    board.draw(1, 1, "late")
    (output,) = notebook.outputs
    assert len(output.shown) == 1
    notebook.end_cell()
    assert len(output.shown) == 2
    notebook.end_cell()
    assert len(output.shown) == 2


def test_next_cell_gets_its_own_figure(notebook, clock):
    board = ProgressBoard()
    board.draw(0, 1, "loss")
    notebook.end_cell()
    board.draw(1, 1, "loss")
    assert len(notebook.outputs) == 2


def test_flush_shows_what_is_left_over(notebook, clock):
    board = ProgressBoard()
    board.draw(0, 1, "a", every_n=2)
    assert notebook.outputs == []
    board.flush()
    assert board.data == {"a": [Point(0.0, 1.0)]}
    assert len(notebook.outputs) == 1
    board.flush()
    assert len(notebook.outputs) == 1


def test_display_false_is_silent_in_notebooks(notebook):
    board = ProgressBoard(display=False)
    board.draw(0, 1, "a")
    board.flush()
    assert notebook.outputs == []


@given(VALUES)
def test_recorder_keeps_every_value_until_flush(values):
    recorder = CurveRecorder()
    for i, value in enumerate(values):
        recorder.draw(i, lambda value=value: value, "loss", every_n=5)
    assert recorder.curves == {}
    recorder.flush()
    assert recorder.curves == {"loss": values}
    assert [point.x for point in recorder.data["loss"]] == list(range(len(values)))
    assert recorder.seconds == {}


def test_synchronised_recorder_stamps_every_value():
    recorder = CurveRecorder(synchronise=True)
    for i in range(4):
        recorder.draw(i, lambda: 1.0, "loss")
    assert recorder.curves == {"loss": [1.0] * 4}
    assert recorder.seconds["loss"] == sorted(recorder.seconds["loss"])
    assert len(recorder.seconds["loss"]) == 4


def test_recorder_never_draws(notebook):
    recorder = CurveRecorder()
    recorder.draw(0, 1, "a")
    recorder.flush()
    assert notebook.outputs == []
