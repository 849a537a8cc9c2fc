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
    """The file and name of a function in a test's own file, as a task takes them.

    A framework's process imports that file, and may have no pytest: a test that needs
    it has such functions beside it, in `<section>_builders.py`.
    """
    return [inspect.getsourcefile(function), function.__name__]
