"""A case server as its owner holds it: started when needed, lost when it dies."""

from __future__ import annotations

import contextlib
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from d2l.parity.environment import environment
from parity_tests.spread.fingerprint import difference

#: Seconds that a server has to end its children.
GRACE = 5


class ServerLost(Exception):
    """A server has ended in the middle of a group."""


class ServerRefused(Exception):
    """A server cannot start, or would run other tests than its controller means."""


class CaseServer:
    """A process that runs groups, and the pipe to it.

    start: what the controller says of itself and its tests, see `Controller.start`.
    core: the core to run on, or None.
    """

    def __init__(self, start, core=None):
        self.run_key = start["run"]
        # All its temporary files, and its backends', are in here.
        self.folder = Path(tempfile.mkdtemp(prefix="d2l-case-server-"))
        self.log = self.folder / "log.txt"
        temporary = {"TMPDIR": str(self.folder)}
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C reaches the controller alone.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "parity_tests.spread.server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=start["directory"],
                env=environment() | start["environment"] | temporary,
                text=True,
                start_new_session=True,
            )
        own = {"core": core, "temporary": str(self.folder)}
        self._send({**start, **own})
        self.expected = start["fingerprint"]

    def _send(self, content):
        # A server that is gone is missed when its answer is.
        with contextlib.suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(json.dumps(content) + "\n")
            self.process.stdin.flush()

    def _answer(self):
        """The next answer; None when there will be none."""
        try:
            line = self.process.stdout.readline()
        except ValueError:  # closed by another thread
            return None
        return json.loads(line) if line.endswith("\n") else None

    def _wait_until_ready(self):
        """Wait until it has collected; raises ServerRefused unless that is the same."""
        expected, self.expected = self.expected, None
        answer = self._answer()
        if answer is None:
            words = self._last_words()
            self.close()
            raise ServerRefused(f"A case server could not start: {words}")
        other = difference(expected, answer["fingerprint"])
        if other:
            self.close()
            raise ServerRefused(
                f"A case server on {platform.node()} would not run the same: {other}."
            )

    def _last_words(self):
        said = self.log.read_text(errors="replace").strip().splitlines()
        # What pytest marks as an error says more than its summary.
        errors = [line[1:] for line in said if line.startswith("E  ")]
        lines = errors or said
        return " ".join(lines[-1].split()) if lines else "it said nothing."

    @property
    def is_alive(self):
        """Whether the process runs."""
        return self.process.poll() is None

    def run(self, node_ids):
        """Run a group; returns its reports and warnings, packed."""
        if self.expected is not None:
            self._wait_until_ready()
        self._send(node_ids)
        answer = self._answer()
        if answer is None:
            self.close()
            code = self.process.returncode
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise ServerLost(f"its process ended ({how})")
        return answer

    def close(self):
        """End the process and those that it started; delete its files."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Keeper:
    """Keeps a case server for one thread, which asks for one group after another."""

    def __init__(self, core=None):
        self.core = core
        self.server = None
        self.is_closed = False
        self._lock = threading.Lock()

    def run(self, start, node_ids):
        """Run a group in a server of this run: its reports, or why there are none."""
        try:
            return self._server_for(start).run(node_ids)
        except ServerLost as error:
            return {"lost": str(error)}
        except ServerRefused as error:
            return {"refused": str(error)}
        except OSError as error:  # such as no such directory, on another machine
            return {"refused": f"A case server could not start: {error}."}

    def _server_for(self, start):
        with self._lock:
            if self.is_closed:
                raise ServerLost("it was closed")
            server = self.server
            if server is None or not server.is_alive or server.run_key != start["run"]:
                if server is not None:
                    server.close()
                self.server = CaseServer(start, self.core)
            return self.server

    def close(self):
        """End the server for good, also while another thread waits for it."""
        with self._lock:
            self.is_closed = True
            if self.server is not None:
                self.server.close()
