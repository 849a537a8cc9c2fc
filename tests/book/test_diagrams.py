"""The diagrams on the pages are what their scripts draw."""

import shutil
import subprocess
import sys

import pytest

from d2l.book.pages import CHAPTERS

SCRIPTS = sorted(CHAPTERS.glob("*/diagrams.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.parent.name)
def test_they_are_current(script, tmp_path):
    """A script, run elsewhere, writes the files that lie beside it."""
    copy = shutil.copy(script, tmp_path)
    subprocess.run([sys.executable, copy], check=True)
    drawn = {path.name: path.read_bytes() for path in tmp_path.glob("*.svg")}
    kept = {path.name: path.read_bytes() for path in script.parent.glob("*.svg")}
    assert drawn == kept
    assert drawn
