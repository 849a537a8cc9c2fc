"""What decides which checks are made."""

import subprocess

import pytest

from d2l.keys import chance
from d2l.keys.chance import seed


def _git(folder, *arguments):
    names = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "-C", folder, *names, *arguments], check=True)


def test_commits(tmp_path, monkeypatch):
    """Another commit is another chance, whatever is to be checked."""
    monkeypatch.setattr(chance, "ROOT", tmp_path)
    found = []
    _git(tmp_path, "init", "-q")
    for message in ("one", "two"):
        _git(tmp_path, "commit", "-q", "--allow-empty", "-m", message)
        found.append(seed(["a"]))
        assert seed(["b"]) == found[-1]
    assert len(set(found)) == 2


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_no_repository(path, tmp_path, monkeypatch):
    """What is to be checked decides, in whatever order."""
    monkeypatch.setattr(chance, "ROOT", tmp_path)
    if path:
        monkeypatch.setenv("PATH", path)  # no git
    assert seed(["a", "b"]) == seed(["b", "a"]) != seed(["a", "c"])
