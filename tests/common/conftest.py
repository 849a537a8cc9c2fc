"""Fixtures: figures without a screen, a notebook without a kernel, files of data."""

import contextlib
import os

import IPython
import IPython.display
import matplotlib
import pytest
from hypothesis import settings
from IPython.core.events import EventManager, available_events

from d2l.common.data.catalogue import is_present
from parity_tests.small_files import small_files

matplotlib.use("Agg")

# How long one example takes says more about the machine than about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


class FakeHandle:
    """A place in the notebook's output.

    shown: every figure that was there, in order.
    """

    def __init__(self):
        self.shown = []

    def update(self, picture):
        self.shown.append(picture.data)


class FakeNotebook:
    """What the code under test touches of a running kernel.

    outputs: one handle for each figure displayed.
    """

    def __init__(self):
        self.kernel = object()
        self.events = EventManager(self, available_events)
        self.outputs = []

    def display(self, picture, display_id):
        assert display_id is True
        handle = FakeHandle()
        handle.update(picture)
        self.outputs.append(handle)
        return handle

    def end_cell(self):
        self.events.trigger("post_run_cell", None)


@pytest.fixture
def notebook(monkeypatch):
    fake = FakeNotebook()
    monkeypatch.setattr(IPython, "get_ipython", lambda: fake)
    monkeypatch.setattr(IPython.display, "display", fake.display)
    return fake


@pytest.fixture(autouse=True)
def _closed_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


# Read here, for some tests hide it.
PUBLISHED = os.environ.get("D2L_DATA")


@pytest.fixture(params=["small", "published"])
def put_files(request, tmp_path, monkeypatch):
    """Call it with a data set's name: its files are there until the test ends.

    First those that are made here, in the format of the published ones; then the
    published ones, without which the test is skipped. Returns "small" or "published".
    """
    with contextlib.ExitStack() as files:

        def put(name):
            if request.param == "small":
                files.enter_context(small_files(name, tmp_path / "data"))
            elif PUBLISHED and is_present(name, PUBLISHED):
                monkeypatch.setenv("D2L_DATA", PUBLISHED)
            else:
                pytest.skip(
                    "D2L_DATA does not point at a folder with the published files"
                )
            return request.param

        yield put
