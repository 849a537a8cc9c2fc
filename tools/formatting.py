"""Code as `make lint` wants it."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from d2l.common.errors import D2LError

ROOT = Path(__file__).parents[1]


@cache
def formatted(text: str, ending: str) -> str:
    """Code with its imports in order, formatted; ending: "py" or "pyi"."""
    name = ["--stdin-filename", f"written.{ending}", "-"]
    for command in (["check", "--select", "I", "--fix", "--quiet"], ["format"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *name],
            input=text,
            capture_output=True,
            check=False,
            cwd=ROOT,
            text=True,
        )
        if done.returncode:
            raise D2LError(f"ruff cannot format what is written: {done.stderr}")
        text = done.stdout
    return text
