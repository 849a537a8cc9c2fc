"""An environment with a framework's newest releases: `make parity-newest`.

`python -m parity_tests.elsewhere.newest FRAMEWORK FOLDER [RELEASE ...]` makes it or
brings it up to date, without this project's pins. A release is what pip takes, such as
`jax==0.9.0rc1`. Where none is given and none is newer than constraints.txt, it says so,
installs nothing, and exits with NOTHING_NEWER.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from d2l.common.frameworks import FRAMEWORKS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NOTHING_NEWER = 3


def main():
    """Prepare the environment, or say why there is no reason to."""
    framework, folder, *releases = sys.argv[1:]
    if framework not in FRAMEWORKS:
        sys.exit(f"FRAMEWORK is one of {', '.join(FRAMEWORKS)}, not {framework}.")
    try:
        python = prepare(Path(folder))
        if not releases and not newer_than_pinned(framework, python):
            print(f"{FRAMEWORKS[framework].title} has no release that is newer.")
            sys.exit(NOTHING_NEWER)
        install(framework, python, releases)
    except subprocess.CalledProcessError as error:
        # pip itself has said what it is.
        sys.exit(f"{' '.join(error.cmd[:4])} ... failed: there is nothing to check.")


def prepare(folder):
    """The interpreter of an environment, which is made if there is none."""
    python = folder / "bin" / "python"
    if not python.exists():
        base = shutil.which("python3") or sys.executable
        subprocess.run([base, "-m", "venv", str(folder)], check=True)
    return str(python)


def pip(python, *arguments):
    """Run pip there; returns what it prints."""
    command = [python, "-m", "pip", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def requirements(framework):
    """What the process of a framework needs: its own packages, and the project's."""
    return [*PROJECT["optional-dependencies"][framework], *PROJECT["dependencies"]]


def install(framework, python, releases):
    """Install the newest of all, then the releases that were asked for."""
    newest = ("--upgrade", "--upgrade-strategy", "eager")
    pip(python, "install", "--quiet", *newest, *requirements(framework))
    if releases:
        pip(python, "install", "--quiet", "--pre", "--upgrade", *releases)


def newer_than_pinned(framework, python):
    """Say which of the framework's packages are newer than the pins; whether any is."""
    dry = ("--dry-run", "--ignore-installed", "--quiet", "--report", "-")
    report = json.loads(pip(python, "install", *dry, *requirements(framework)))
    packages = [entry["metadata"] for entry in report["install"]]
    found = {canonicalize_name(p["name"]): p["version"] for p in packages}
    pins = pinned((ROOT / "constraints.txt").read_text("utf-8"))
    newer = 0
    for text in PROJECT["optional-dependencies"][framework]:
        name = canonicalize_name(Requirement(text).name)
        if name in pins and name in found:
            print(f"{name}: {found[name]}, pinned is {pins[name]}")
            newer += Version(found[name]) > Version(pins[name])
    return newer > 0


def pinned(text):
    """The versions in constraints, by name."""
    lines = re.findall(r"^([\w.-]+)==(\S+)$", text, re.M)
    return {canonicalize_name(name): version for name, version in lines}


if __name__ == "__main__":
    main()
