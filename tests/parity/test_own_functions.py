"""Files that frameworks' processes import, for functions of a test's own."""

import re
import subprocess
import sys
from importlib import import_module

from d2l.common.frameworks import FRAMEWORKS
from d2l.keys.sources import ROOT
from parity_tests.workers import file_and_name

#: What another interpreter need not have, or may take a second for.
ABSENT = ["pytest", "scipy.stats"]
ABSENT += [name for framework in FRAMEWORKS.values() for name in framework.packages]
PROGRAM = """
import sys
absent, paths = eval(sys.argv[1])
sys.modules.update(dict.fromkeys(absent))
from d2l.common.python_files import load_file
for path in paths:
    load_file(path)
"""
SENT = re.compile(r"^    (builder|task) = \w+$", re.MULTILINE)


def files_of_functions():
    """Where the functions are that classes of tests have sent to frameworks."""
    found = set()
    for path in (ROOT / "parity_tests").glob("*/test_*.py"):
        names = {match[1] for match in SENT.finditer(path.read_text("utf-8"))}
        if not names:
            continue
        module = import_module(f"parity_tests.{path.parent.name}.{path.stem}")
        classes = [cls for cls in vars(module).values() if isinstance(cls, type)]
        sent = [getattr(cls, name, None) for cls in classes for name in names]
        found |= {file_and_name(function)[0] for function in filter(None, sent)}
    return sorted(found)


def test_they_import_little():
    """No pytest, no framework; what is for a test that does lies beside it."""
    paths = files_of_functions()
    assert {path.rpartition("_")[2] for path in paths} >= {"tasks.py", "norm.py"}
    command = [sys.executable, "-c", PROGRAM, repr((ABSENT, paths))]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
