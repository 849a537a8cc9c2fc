"""The `d2l` command."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; the exit code says how it went.

    0: done.
    1: a tolerance is broken.
    2: it could not be done, and standard error says why.
    130: interrupted.
    """
    try:
        # As with Ctrl-C, what was begun is ended in order.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError):
                # A terminal without the right letters shows others, and no error.
                stream.reconfigure(errors="replace")  # type: ignore[union-attr]
        from d2l.cli.app import app

        app()
    except KeyboardInterrupt:
        print("d2l: interrupted.", file=sys.stderr)
    sys.exit(130)
