"""The parity tests in two processes at once: `python -m parity_tests [OPTIONS]`.

One test runs one framework, in a process of its own, while the others wait; so
two halves of the frameworks side by side take little more than half the time.
Options are pytest's; exits with 1 if either half fails.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from d2l.common.frameworks import installed

FOLDER = str(Path(__file__).parent)
#: JAX, which compiles the most, takes as long as the other three.
HALVES = (["jax"], ["torch", "tensorflow", "mxnet"])


def command(frameworks, options):
    """What runs the tests of some frameworks."""
    chosen = [option for f in frameworks for option in ("--framework", f)]
    # Both would write to pytest's cache at the same time.
    pytest = [sys.executable, "-m", "pytest", FOLDER, "-p", "no:cacheprovider"]
    return [*pytest, *chosen, *options]


def main():
    """Run both halves; show the first as it goes, the second when it is done."""
    options = sys.argv[1:]
    if "--evidence" in " ".join(options):
        sys.exit("Evidence is of all frameworks at once: use pytest parity_tests.")
    halves = [[f for f in half if f in installed()] for half in HALVES]
    first, *others = [command(half, options) for half in halves if half]
    with tempfile.TemporaryFile() as output:
        running = [
            subprocess.Popen(other, stdout=output, stderr=subprocess.STDOUT)
            for other in others
        ]
        codes = [subprocess.run(first, check=False).returncode]
        codes += [process.wait() for process in running]
        output.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(output.read())
    sys.exit(int(any(codes)))


if __name__ == "__main__":
    main()
