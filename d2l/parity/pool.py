"""Backend processes: one for each framework and precision, kept while needed."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.parity.environment import environment, library_of, with_device

#: What TensorFlow says of itself at every start, which explains no death.
START_UP_NOISE = re.compile(r"[IW]\d{4,} |WARNING: All log messages before")

Progress = Callable[[dict[str, Any]], None]


class BackendDied(D2LError):
    """A backend's process has ended; the message holds its last words."""


class TaskFailed(Exception):
    """A task raised an exception in a backend; `traceback` is where."""

    def __init__(self, framework: str, message: str, traceback: str):
        super().__init__(f"{framework}: {message}")
        self.traceback = traceback

    def __str__(self) -> str:
        return f"{self.args[0]}\n{self.traceback}"


class Worker:
    """One backend process and the pipe to it."""

    def __init__(
        self,
        framework: str,
        precision: str,
        python: str,
        folder: Path,
        device: str | None = None,
    ):
        self.framework, self.precision = framework, precision
        self.folder = folder
        self.numbers = itertools.count()
        self.version: str | None = None
        self.errors = folder / f"{framework}-{precision}.log"
        command = [python, "-m", "d2l.parity.worker", framework, precision, str(folder)]
        with self.errors.open("wb") as log:
            # A session of its own: Ctrl-C reaches the parent alone, which ends
            # its children in order.
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=with_device(environment(library_of(python, folder)), device),
                text=True,
                start_new_session=True,
            )

    def _read(self) -> dict[str, Any]:
        stdout: TextIO = self.process.stdout  # type: ignore[assignment]
        line = stdout.readline()
        if not line:
            raise BackendDied(self._last_words())
        try:
            return json.loads(line)
        except ValueError:
            # Some other program, given as an interpreter.
            title = FRAMEWORKS[self.framework].title
            words = line.strip()[:200]
            message = f"The {title} process is no backend of d2l; it said: {words}"
            raise BackendDied(message) from None

    def _last_words(self) -> str:
        code = self.process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        said = self.errors.read_text(errors="replace").strip().splitlines()
        lines = [line for line in said if not START_UP_NOISE.match(line)]
        words = lines[-1] if lines else "it said nothing"
        title = FRAMEWORKS[self.framework].title
        return f"The {title} process has died ({how}); its last words: {words}"

    def wait_until_ready(self) -> None:
        """Wait for the framework to be imported."""
        if self.version is None:
            answer = self._read()
            if not answer["ready"]:
                raise D2LError(answer["error"])
            self.version = answer["version"]

    def run(
        self,
        task: str,
        arrays: Mapping[str, np.ndarray] | None = None,
        progress: Progress | None = None,
        **arguments: Any,
    ) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Run a task there; returns its result and its arrays."""
        self.wait_until_ready()
        number = next(self.numbers)
        request = {"id": number, "task": task, "arguments": arguments}
        if arrays:
            path = self.folder / f"{self.framework}-{self.precision}-{number}"
            save_arrays(path, dict(arrays))
            request["arrays"] = str(path)
        self._send(request)
        return self._await(progress)

    def _send(self, request: dict[str, Any]) -> None:
        stdin: TextIO = self.process.stdin  # type: ignore[assignment]
        try:
            stdin.write(json.dumps(request) + "\n")
            stdin.flush()
        except BrokenPipeError:
            raise BackendDied(self._last_words()) from None

    def _await(
        self, progress: Progress | None
    ) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        while True:
            answer = self._read()
            if "progress" in answer:
                if progress is not None:
                    progress(answer["progress"])
            elif "error" in answer:
                if answer.get("user"):
                    raise D2LError(answer["error"])
                raise TaskFailed(self.framework, answer["error"], answer["traceback"])
            else:
                return self._collect(answer["result"])

    @staticmethod
    def _collect(
        result: dict[str, Any],
    ) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        path = result.pop("arrays", None)
        if path is None:
            return result, {}
        arrays, _ = load_arrays(path)
        Path(path).unlink()
        return result, arrays

    def close(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


class Pool:
    """The backend processes of a run; a context manager that ends them all.

    pythons: for a framework, the interpreter that has it, if not this one.
    device: to compute on, "cpu" or "gpu", or None for what each framework prefers.
    """

    def __init__(
        self, pythons: Mapping[str, str] | None = None, device: str | None = None
    ):
        self.pythons = dict(pythons or {})
        self.device = device
        self.workers: dict[tuple[str, str], Worker] = {}
        self.folder = Path(tempfile.mkdtemp(prefix="d2l-"))

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def start(self, framework: str, precision: str) -> Worker:
        """Start a backend without waiting for it; one that died is started anew."""
        key = (framework, precision)
        worker = self.workers.get(key)
        if worker is None or worker.process.poll() is not None:
            if worker is not None:
                worker.close()
            python = self.pythons.get(framework, sys.executable)
            where = python, self.folder, self.device
            self.workers[key] = Worker(framework, precision, *where)
        return self.workers[key]

    def run(
        self, framework: str, precision: str, task: str, *args: Any, **kwargs: Any
    ) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Run a task in a backend; see `Worker.run`."""
        return self.start(framework, precision).run(task, *args, **kwargs)

    def close(self) -> None:
        """End all processes and delete the files between them."""
        for worker in self.workers.values():
            worker.close()
        self.workers.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
