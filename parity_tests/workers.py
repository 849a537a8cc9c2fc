"""Running the tests' own task files in backend processes."""

from __future__ import annotations

import inspect
from pathlib import Path

TASKS = Path(__file__).with_name("tasks")


def run_task(pool, run, file, function, arrays=None, **arguments):
    """Run a function of `tasks/<file>.py` there; returns its result and arrays.

    run: framework and precision.
    """
    path = str(TASKS / f"{file}.py")
    return pool.run(
        *run, "run_file", arrays, path=path, function=function, arguments=arguments
    )


def file_and_name(function):
    """Where a function of a test's own is, as a framework's process is told.

    That process imports the file, and may have no pytest: what is for a test that
    needs it lies beside it, in `<section>_tasks.py`.
    """
    return [inspect.getsourcefile(function), function.__name__]
