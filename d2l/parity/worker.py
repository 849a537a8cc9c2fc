"""The process of one framework in one precision.

Started as `python -m d2l.parity.worker FRAMEWORK PRECISION FOLDER`. It reads
requests, one JSON object a line, from standard input and answers on standard
output. Arrays lie beside, as safetensors files in FOLDER. It ends when its
standard input is closed, that is, with its parent, whatever it is doing.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, TextIO

from d2l.common.errors import D2LError
from d2l.common.training.checkpoints import load_arrays, save_arrays


def _read_requests(requests: queue.Queue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        requests.put(json.loads(line))
    # The parent is gone; so is the reason to go on.
    os._exit(0)


def take_over_stdout() -> TextIO:
    """Keep standard output for answers; what else is printed goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return answers


class Server:
    """Runs the tasks of a session and answers."""

    def __init__(self, session: Any, folder: Path, answers: TextIO):
        self.session, self.folder, self.answers = session, folder, answers

    def answer(self, **content: Any) -> None:
        """Write one line."""
        print(json.dumps(content), file=self.answers, flush=True)

    def serve(self, request: dict[str, Any]) -> None:
        """Run one task; an exception becomes an answer."""
        try:
            result = self._run(request)
        except D2LError as error:
            self.answer(id=request["id"], error=str(error), user=True)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            trace = traceback.format_exc()
            self.answer(id=request["id"], error=text, traceback=trace)
        else:
            self.answer(id=request["id"], result=result)

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        # Importing a module of tasks is what lists them.
        from d2l.parity import (  # noqa: F401
            function_tasks,
            model_tasks,
            training_tasks,
            weight_tasks,
        )
        from d2l.parity.tasks import TASKS

        arrays = load_arrays(request["arrays"])[0] if request.get("arrays") else {}
        arguments = dict(request["arguments"])
        if request["task"] == "train":
            arguments["report"] = lambda state: self.answer(
                id=request["id"], progress=state
            )
        result, found = TASKS[request["task"]](self.session, arrays, **arguments)
        if found:
            path = self.folder / f"answer-{os.getpid()}-{request['id']}.safetensors"
            save_arrays(path, found)
            result = result | {"arrays": str(path)}
        return result


def main() -> None:
    """Serve until the parent closes the pipe."""
    framework, precision, folder = sys.argv[1:4]
    answers = take_over_stdout()
    # Before the framework is imported, or some would start threads of their own.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    requests: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_read_requests, args=(requests,), daemon=True).start()
    from d2l.parity.session import Session

    try:
        session = Session(framework, precision)
    except D2LError as error:
        print(json.dumps({"ready": False, "error": str(error)}), file=answers)
        sys.exit(2)
    server = Server(session, Path(folder), answers)
    server.answer(ready=True, version=session.backend.version())
    while True:
        server.serve(requests.get())


if __name__ == "__main__":
    main()
