"""Clouds of points in one figure, where there is somebody to see it."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from d2l.common.data import point_clouds
from d2l.common.plots.progress_board import ProgressBoard

CLOUDS = {"real": np.arange(6.0).reshape(3, 2), "generated": np.ones((4, 2))}


@pytest.fixture(autouse=True)
def _no_figures():
    plt.close("all")
    yield
    plt.close("all")


def test_labels_and_points_in_a_notebook(monkeypatch):
    monkeypatch.setattr(point_clouds, "in_notebook", lambda: True)
    point_clouds.show_point_clouds(ProgressBoard(), **CLOUDS)
    drawn = {c.get_label(): c.get_offsets() for c in plt.gca().collections}
    assert list(drawn) == list(CLOUDS)
    for label, points in CLOUDS.items():
        np.testing.assert_array_equal(drawn[label], points)
    legend = [text.get_text() for text in plt.gca().get_legend().get_texts()]
    assert legend == list(CLOUDS)


@pytest.mark.parametrize(("is_notebook", "display"), [(False, True), (True, False)])
def test_nothing_where_the_board_shows_nothing(monkeypatch, is_notebook, display):
    monkeypatch.setattr(point_clouds, "in_notebook", lambda: is_notebook)
    point_clouds.show_point_clouds(ProgressBoard(display=display), **CLOUDS)
    assert not plt.get_fignums()
