"""Sets up .venv: `run` brings what the main job needs, `dev` everything.

The Makefile calls it in the repository's root, with Python 3.11 or 3.12. What is there
already is kept, and what an interrupted call has left half, the next one makes good.
"""

from __future__ import annotations

import errno
import fcntl
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
#: What is installed depends on these.
REQUIREMENTS, CONSTRAINTS = Path("pyproject.toml"), Path("constraints.txt")
#: Extras, and what they are, by purpose; each purpose serves those before it too.
PURPOSES = {
    "run": ("all", "d2l and the four frameworks"),
    "dev": (
        "all,dev",
        "d2l, the four frameworks, and what the tests and the book need",
    ),
}
#: The first one that shows how far it is while it installs, not only while it loads.
PIP = "pip>=25.1"
#: Of what pip says in a log: wheels of a megabyte and more.
_LARGE_WHEEL = re.compile(r"\s*((?:Downloading|Using cached) \S+\.whl \(\S+ [MG]B\))")
_COLLECTED = "Installing collected packages: "


def main(purpose: str) -> None:
    """Set up for a purpose, unless that is done; SystemExit says what went wrong."""
    with _alone() as lock:
        if _is_ready(purpose):
            return
        began = time.monotonic()
        extras, what = PURPOSES[purpose]
        _make_environment()
        print(f"Installing {what} into {VENV}. What is there already is kept.")
        served = list(PURPOSES)[: list(PURPOSES).index(purpose) + 1]
        for name in served:
            _stamp(name).unlink(missing_ok=True)
        _remove_unfinished()
        _install(["--quiet", PIP], lock)
        _install(["-e", f".[{extras}]"], lock)
        for name in served:
            _stamp(name).touch()
        print(f"Installed in {time.monotonic() - began:.0f} seconds.")


@contextmanager
def _alone() -> Iterator[int]:
    """Wait for another set-up in this folder to end; the lock, which pip inherits."""
    with REQUIREMENTS.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _stamp(purpose: str) -> Path:
    return VENV / f".ready-{purpose}"


def _is_ready(purpose: str) -> bool:
    stamp = _stamp(purpose)
    newest = max(path.stat().st_mtime_ns for path in (REQUIREMENTS, CONSTRAINTS))
    return stamp.is_file() and stamp.stat().st_mtime_ns >= newest


def _make_environment() -> None:
    """Make .venv where there is none, or anew where its pip does not run."""
    if _output_of("-m", "pip", "--version"):
        version = _output_of("-c", "import sys; print(*sys.version_info[:2], sep='.')")
        if version not in ("3.11", "3.12"):
            sys.exit(
                f"{VENV} has Python {version}, and d2l-suite needs 3.11 or 3.12: "
                "`make clean` removes it."
            )
        return
    print(
        f"Making {VENV} with Python {platform.python_version()}. What goes into it is "
        "some gigabytes, and takes a few minutes."
    )
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"d2l-suite is not set up: {sys.executable} cannot make {VENV}.")


def _output_of(*arguments: str) -> str | None:
    """What .venv's Python prints, or None where it fails or is not there."""
    try:
        done = subprocess.run(
            [PYTHON, *arguments], check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _remove_unfinished() -> None:
    """Make pip install again what it was interrupted at.

    It takes a package whose description is there for installed; the name of the
    installer is written last. What it was removing begins with a tilde.
    """
    for site in VENV.glob("lib/python*/site-packages"):
        unfinished = [d for d in site.glob("*.dist-info") if not _has_installer(d)]
        for path in [*unfinished, *site.glob("~*")]:
            shutil.rmtree(path, ignore_errors=True)


def _has_installer(dist_info: Path) -> bool:
    return (dist_info / "INSTALLER").is_file()


def _install(arguments: list[str], lock: int) -> None:
    """Run pip: on a terminal with its bars, in a log with a line for what is large."""
    bars = sys.stdout.isatty()
    options = ["-c", str(CONSTRAINTS), "--progress-bar", "on" if bars else "off"]
    with subprocess.Popen(
        [PYTHON, "-m", "pip", "install", *options, *arguments],
        stdout=None if bars else subprocess.PIPE,
        stderr=subprocess.PIPE if bars else subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=[lock],
    ) as pip:
        said = []
        for line in (pip.stderr if bars else pip.stdout) or ():
            said.append(line)
            print(line if bars else _shortened(line), end="", flush=True)
    if pip.returncode:
        lines, sentence = _explain(said)
        print("" if bars else "".join(lines), file=sys.stderr)
        sys.exit(f"d2l-suite is not set up: {sentence}")


def _shortened(line: str) -> str:
    """What a log keeps of a line of pip's, or nothing."""
    if line.startswith(_COLLECTED):
        return f"Installing {line.count(',') + 1} packages\n"
    large = _LARGE_WHEEL.match(line)
    return f"{large[1]}\n" if large else ""


def _explain(said: list[str]) -> tuple[list[str], str]:
    """Of what pip said the lines that matter, and why it has failed."""
    full = [line for line in said if f"[Errno {errno.ENOSPC}]" in line]
    if full:
        free = [
            shutil.disk_usage(p).free / 2**30 for p in (VENV, tempfile.gettempdir())
        ]
        return full[-1:], (
            f"a disk is full. {free[0]:.1f} GiB are free for {VENV}, and {free[1]:.1f} "
            "GiB for temporary files ($TMPDIR); make room and try the same again."
        )
    broken = [line for line in said if "connection broken by" in line]
    if broken:
        return broken[-1:], (
            "the package index cannot be reached. Try the same again with a network."
        )
    return said[-12:], "pip says above why. Try the same again: what is there is kept."


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
