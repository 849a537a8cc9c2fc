"""The stopwatch, the running sums and the animated curves."""

import time

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.utils import (
    Accumulator,
    Animator,
    Timer,
    get_dataloader_workers,
    get_fashion_mnist_labels,
)

NUMBERS = st.floats(-1e6, 1e6)


def test_timer_runs_from_the_start():
    timer = Timer()
    time.sleep(0.01)
    assert 0.005 < timer.stop() < 5
    timer.start()
    assert timer.stop() == timer.times[-1]
    assert len(timer.times) == 2


@given(st.lists(st.floats(0, 1e3), min_size=1))
def test_timer_statistics(times):
    timer = Timer()
    timer.times = times
    assert timer.sum() == pytest.approx(np.sum(times))
    assert timer.avg() == pytest.approx(np.mean(times))
    np.testing.assert_allclose(timer.cumsum(), np.cumsum(times))
    assert len(timer.cumsum()) == len(times)


@given(st.lists(st.tuples(NUMBERS, NUMBERS)))
def test_accumulator_sums(rows):
    sums = Accumulator(2)
    for row in rows:
        sums.add(*row)
    expected = np.sum(np.reshape(rows, (-1, 2)), axis=0)
    np.testing.assert_allclose(sums.data, expected, atol=1e-6)
    assert sums[1] == sums.data[1]
    sums.reset()
    assert sums.data == [0.0, 0.0]


def test_accumulator_wants_as_many_numbers_as_sums():
    with pytest.raises(ValueError, match="longer"):
        Accumulator(1).add(1, np.float32(2))


def test_animator_collects_points():
    animator = Animator("epoch", legend=["a", "b"], ylim=[0, 5], nrows=2)
    animator.add(1, (2, None))
    animator.add(2, [np.array(3), 4.0])
    assert animator.X == [[1, 2], [2]]
    assert animator.Y == [[2, 3], [4]]
    assert len(animator.axes) == 2
    first, second = animator.axes
    assert animator.render() is animator.fig
    assert len(animator.render().axes) == 2
    assert [len(line.get_xydata()) for line in first.lines] == [2, 1]
    assert first.get_legend() is not None
    assert not second.lines


def test_animator_takes_single_numbers_and_lists_of_x():
    animator = Animator()
    animator.add(np.array(1), np.array(2.0))
    animator.add([2], [3])
    assert (animator.X, animator.Y) == ([[1, 2]], [[2, 3]])


def test_animator_is_live_in_notebooks(notebook):
    animator = Animator()
    for i in range(5):
        animator.add(i, i)
    notebook.end_cell()
    (output,) = notebook.outputs
    assert 1 <= len(output.shown) <= 6


def test_number_of_workers():
    assert get_dataloader_workers() == 4


def test_names_of_garments():
    pytest.importorskip("d2l.common.data.images")
    names = get_fashion_mnist_labels(np.array([0, 9, 9]))
    assert len(names) == 3
    assert names[1] == names[2] == "ankle boot"
