"""Files of tests that frameworks' processes import: for what builds there."""

import subprocess
import sys
from importlib import import_module

from d2l.common.frameworks import FRAMEWORKS
from d2l.keys.sources import ROOT
from parity_tests.workers import file_and_name

#: What another interpreter need not have, or may take a second for.
ABSENT = [
    "pytest",
    "scipy.stats",
    *(p for f in FRAMEWORKS.values() for p in f.packages),
]
PROGRAM = """
import sys
absent, paths = eval(sys.argv[1])
sys.modules.update(dict.fromkeys(absent))
from d2l.common.python_files import load_file
for path in paths:
    load_file(path)
"""


def files_of_builders():
    """The files of the functions that classes of tests have as `builder`."""
    found = set()
    for path in (ROOT / "parity_tests").glob("*/test_*.py"):
        if "builder = " in path.read_text("utf-8"):
            module = import_module(f"parity_tests.{path.parent.name}.{path.stem}")
            builders = [
                getattr(value, "builder", None) for value in vars(module).values()
            ]
            found |= {file_and_name(builder)[0] for builder in filter(None, builders)}
    return sorted(found)


def test_they_import_little():
    """No pytest, no framework; what builds for a test that does lies beside it."""
    paths = files_of_builders()
    assert len(paths) > 5
    command = [sys.executable, "-c", PROGRAM, repr((ABSENT, paths))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
