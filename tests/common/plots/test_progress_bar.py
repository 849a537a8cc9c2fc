"""The bar appears in terminals only."""

import io
import sys
import types

import IPython
import pytest

from d2l.common.environment import in_notebook
from d2l.common.plots.progress_bar import SilentBar, TerminalBar, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def use_terminal(monkeypatch):
    # Not a fixture: pytest replaces stderr once more when the test begins.
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    return stream


def test_terminal_shows_progress(monkeypatch):
    terminal = use_terminal(monkeypatch)
    with progress("training [1]", 3) as bar:
        assert isinstance(bar, TerminalBar)
        bar.advance()
        bar.advance("loss 0.5")
    shown = terminal.getvalue()
    assert "training [1]" in shown
    assert "2/3" in shown
    assert "loss 0.5" in shown


def test_pipe_stays_silent(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with progress("training", 2) as bar:
        assert isinstance(bar, SilentBar)
        bar.advance()
        bar.advance("text")
    assert capsys.readouterr() == ("", "")


def test_notebook_stays_silent(monkeypatch, notebook):
    terminal = use_terminal(monkeypatch)
    with progress("training", 2) as bar:
        bar.advance()
    assert terminal.getvalue() == ""


def test_error_within_the_work_passes_through(monkeypatch):
    use_terminal(monkeypatch)
    with pytest.raises(ZeroDivisionError), progress("training", 2):
        raise ZeroDivisionError


def test_in_notebook_only_with_a_kernel(notebook, monkeypatch):
    assert in_notebook()
    monkeypatch.setattr(IPython, "get_ipython", lambda: types.SimpleNamespace())
    assert not in_notebook()
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    assert not in_notebook()
    monkeypatch.delitem(sys.modules, "IPython")
    assert not in_notebook()
