"""The bars on a terminal."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from d2l.cli import live


@pytest.fixture
def terminal(monkeypatch):
    screen = io.StringIO()
    screen.isatty = lambda: True
    # Not sys.stderr itself, which pytest replaces.
    monkeypatch.setattr(live, "sys", SimpleNamespace(stderr=screen))
    monkeypatch.setattr(
        live,
        "Console",
        lambda stderr: Console(file=screen, force_terminal=True, width=100),
    )
    return screen


def test_bars_show_step_and_loss(terminal):
    with live.watching(["torch", "jax"]) as watcher:
        watcher.stage("torch", "training")
        watcher.step("torch", {"step": 3, "steps": 7, "loss": 0.123456})
        watcher.display.refresh()
        watcher.stage("torch", "trained")
        watcher.stage("jax", "failed")
    text = terminal.getvalue()
    for word in ("PyTorch", "JAX", "3/7", "loss 0.1235", "failed"):
        assert word in text


def test_silence_without_a_terminal(capsys):
    with live.watching(["torch"]) as watcher:
        watcher.stage("torch", "training")
        watcher.step("torch", {"step": 1, "steps": 2, "loss": 1.0})
    assert capsys.readouterr() == ("", "")
