"""Fixtures: figures without a screen, and a notebook without a kernel."""

import IPython
import IPython.display
import matplotlib
import pytest
from hypothesis import settings
from IPython.core.events import EventManager, available_events

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
