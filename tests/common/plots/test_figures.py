"""Lines, images and matrices of any framework end up in the figure."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.arrays import to_number, to_numpy
from d2l.common.plots import figures as plots


class MXNetLike:
    """Has MXNet's way out, and no other; its `detach` is not PyTorch's."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def detach(self):
        return self

    def asnumpy(self):
        return self.values


def drawn_lines():
    return [line.get_xydata() for line in plots.plt.gca().lines]


@given(st.lists(st.lists(st.floats(-9, 9), min_size=1), min_size=1, max_size=6))
def test_series_of_different_lengths(series):
    plots.plot(series)
    for line, values in zip(drawn_lines(), series, strict=True):
        np.testing.assert_array_equal(line[:, 0], np.arange(len(values)))
        np.testing.assert_array_equal(line[:, 1], values)


@pytest.mark.parametrize("container", [list, np.array, MXNetLike])
def test_one_x_serves_several_y(container):
    plots.plot(container([0, 1]), [container([2, 3]), container([4, 5])])
    first, second = drawn_lines()
    np.testing.assert_array_equal(first, [[0, 2], [1, 3]])
    np.testing.assert_array_equal(second, [[0, 4], [1, 5]])


def test_each_y_with_its_own_x():
    plots.plot([[0, 1], [5, 6, 7]], [[2, 3], [4, 5, 6]])
    assert [len(line) for line in drawn_lines()] == [2, 3]


def test_rows_of_a_matrix_are_series():
    plots.plot(np.arange(3), np.ones((2, 3)))
    assert len(drawn_lines()) == 2


def test_single_series_without_x():
    plots.plot(np.array([3.0, 4.0]))
    np.testing.assert_array_equal(drawn_lines()[0], [[0, 3], [1, 4]])


def test_x_and_y_that_do_not_pair_are_refused():
    with pytest.raises(ValueError, match="2 series of x"):
        plots.plot([[1], [2]], [[1], [2], [3]])


def test_labels_limits_scales_and_legend():
    plots.plot(
        [1, 10], [[1, 2]], "x", "f(x)", ["f"], (1, 100), (1, 5), "log", figsize=(5, 4)
    )
    axes = plots.plt.gca()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "f(x)")
    assert (axes.get_xlim(), axes.get_ylim()) == ((1, 100), (1, 5))
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["f"]
    assert tuple(plots.plt.gcf().get_size_inches()) == (5, 4)


@pytest.mark.parametrize("legend", [None, []])
def test_no_legend(legend):
    plots.plot([1, 2], legend=legend)
    assert plots.plt.gca().get_legend() is None


def test_given_axes_are_cleared_and_used():
    _, (left, right) = plots.plt.subplots(1, 2)
    left.plot([1, 2])
    plots.plot([3, 4], axes=left)
    assert (len(left.lines), len(right.lines)) == (1, 0)


def test_formats_are_taken_in_turn():
    plots.plot([[1, 2]] * 3, fmts=("-", "r:"))
    styles = [line.get_linestyle() for line in plots.plt.gca().lines]
    assert styles == ["-", ":", "-"]


def test_series_of_scalar_tensors_with_gradient(recwarn):
    torch = pytest.importorskip("torch")
    plots.plot([torch.ones((), requires_grad=True), torch.zeros(())])
    np.testing.assert_array_equal(drawn_lines()[0], [[0, 1], [1, 0]])
    assert not recwarn.list


IMAGE_SHAPES = [(5, 6), (5, 6, 1), (1, 5, 6), (5, 6, 3), (3, 5, 6), (5, 6, 4)]


@pytest.mark.parametrize("shape", IMAGE_SHAPES)
@pytest.mark.parametrize("container", [np.asarray, MXNetLike])
def test_images_of_all_layouts(shape, container):
    places = plots.show_images([container(np.full(shape, 0.5))], 1, 1)
    assert places.shape == (1,)
    assert places[0].images[0].get_array().shape[:2] == (5, 6)


def test_images_fill_the_grid_row_by_row_with_titles():
    images = [plots.Image.new("RGB", (4, 3), color) for color in ("red", "blue")]
    images.append(np.zeros((3, 4)))
    places = plots.show_images(images, 2, 2, titles=["a", "b"], scale=2)
    assert places.shape == (4,)
    assert [place.get_title() for place in places] == ["a", "b", "", ""]
    assert [place.get_visible() for place in places] == [True, True, True, False]
    np.testing.assert_array_equal(places[1].images[0].get_array()[0, 0], [0, 0, 255])
    assert tuple(places[0].figure.get_size_inches()) == (4, 4)


def test_more_images_than_places():
    places = plots.show_images(np.zeros((5, 2, 2)), 1, 2)
    assert [len(place.images) for place in places] == [1, 1]


def test_heatmaps_share_colours_and_labels():
    matrices = np.arange(24.0).reshape(2, 2, 2, 3)
    plots.show_heatmaps(MXNetLike(matrices), "Keys", "Queries", titles=["l", "r"])
    *grid, colorbar = plots.plt.gcf().axes
    assert len(grid) == 4
    assert {axes.images[0].get_clim() for axes in grid} == {(0.0, 23.0)}
    assert [axes.get_xlabel() for axes in grid] == ["", "", "Keys", "Keys"]
    assert [axes.get_ylabel() for axes in grid] == ["Queries", "", "Queries", ""]
    assert [axes.get_title() for axes in grid] == ["l", "r", "l", "r"]
    assert colorbar.get_label() == "<colorbar>"


def test_svg_is_chosen_in_notebooks_only(notebook, monkeypatch):
    chosen = []
    monkeypatch.setattr(
        "matplotlib_inline.backend_inline.set_matplotlib_formats", chosen.append
    )
    plots.set_figsize((2, 1))
    assert chosen == ["svg"]
    assert plots.plt.rcParams["figure.figsize"] == [2, 1]
    notebook.kernel = None
    plots.use_svg_display()
    assert chosen == ["svg"]


def test_modules_are_reachable_and_late():
    assert plots.plt.__name__ == "matplotlib.pyplot"
    assert plots.Image.__name__ == "PIL.Image"
    with pytest.raises(AttributeError, match="pyplott"):
        _ = plots.pyplott
    script = (
        "import sys, d2l.common.plots.figures\n"
        "assert not {'matplotlib', 'PIL', 'IPython'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_to_numpy_of_nested_lists_of_arrays():
    nested = [[MXNetLike([1, 2]), [3, 4]], (np.array([5, 6]), [7, 8])]
    np.testing.assert_array_equal(
        to_numpy(nested), [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    )


def test_to_number():
    assert to_number(np.array(2, dtype=np.int8)) == 2.0
