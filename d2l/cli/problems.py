"""What the command line says, and how it ends, when something goes wrong."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from d2l.common.errors import D2LError

if TYPE_CHECKING:
    from d2l.parity.comparison import Failure

#: Exit codes. A broken tolerance is no error: the comparison was carried out.
BROKEN, IMPOSSIBLE, BUG, INTERRUPTED = 1, 2, 70, 130

#: Usage errors; typer brings them along under another name in each release.
_UsageProblem: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)


class Debugging:
    """Whether tracebacks are shown: `--debug`, anywhere on the command line."""

    on = False


class Commands(TyperGroup):
    """The root of the commands: every problem is one sentence and an exit code."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, **kwargs: Any
    ) -> Any:
        """Run a command and exit with its code."""
        given = list(sys.argv[1:] if args is None else args)
        Debugging.on = "--debug" in given
        given = [a for a in given if a != "--debug"]
        standalone = kwargs.pop("standalone_mode", True)
        run = super().main
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            code = guarded(lambda: run(given, standalone_mode=False, **kwargs))
        return sys.exit(code) if standalone else code


def guarded(work: Callable[[], Any]) -> int:
    """Do the work of a command; returns the exit code."""
    try:
        code = work()
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except typer.Exit as end:
        code = end.exit_code
    except Exception as error:
        return _refuse(error)
    if code == INTERRUPTED:
        say("interrupted.")
    return code if isinstance(code, int) else 0


def _refuse(error: Exception) -> int:
    if Debugging.on:
        traceback.print_exception(error, file=sys.stderr)
    sentence, code = _about(error)
    say(sentence)
    return code


def _about(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code."""
    # Imported late: it takes longer than most commands.
    from d2l.parity.pool import TaskFailed

    if isinstance(error, D2LError):
        return str(error), error.exit_code
    if isinstance(error, TaskFailed):
        return error.args[0], IMPOSSIBLE
    if isinstance(error, _UsageProblem):
        return error.format_message(), IMPOSSIBLE  # type: ignore[attr-defined]
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}.", IMPOSSIBLE
    what = f"{type(error).__name__}: {error}"
    return f"a mistake in d2l itself ({what}); --debug shows where.", BUG


def say(sentence: str) -> None:
    """One line on standard error, if there is anything to say."""
    if sentence:
        print(f"d2l: {' '.join(sentence.split())}", file=sys.stderr)


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    say(str(message))


def report_failures(failures: Iterable[Failure]) -> None:
    """A sentence for each framework that did not finish, and where if asked for."""
    for failure in failures:
        if Debugging.on and failure.traceback:
            print(failure.traceback, end="", file=sys.stderr)
        say(failure.message)
