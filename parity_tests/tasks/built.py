"""What the engine does with public names, for what a test's own file builds."""

from __future__ import annotations

from d2l.common.python_files import load_file
from d2l.parity.function_tasks import run_block, run_function


def call(session, arrays, build, **arguments):
    """As the engine's task `call`; build: the file and name of what returns it."""
    return run_function(session, arrays, _built(session, *build), **arguments)


def block(session, arrays, build, shapes, axes):
    """As the engine's task `block`; build: the file and name of what returns it."""
    return run_block(session, arrays, _built(session, *build), shapes, axes)


def _built(session, path, name):
    return getattr(load_file(path), name)(session)
