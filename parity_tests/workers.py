"""Running the tests' own task files in backend processes."""

from __future__ import annotations

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
