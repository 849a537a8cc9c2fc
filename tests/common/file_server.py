"""A web server on this machine, and a cache folder, for the tests of downloads.

A pytest plugin: a test module that needs its fixtures names it in `pytest_plugins`.
"""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class FileServer:
    """Files by path, and a record of what was asked for: paths and byte ranges.

    breaks_after: how many bytes to send before the connection breaks, for one
        answer after the other.
    honours_ranges: whether a part of a file can be asked for.
    redirects: addresses by the path that sends the client there.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    breaks_after: list[int] = field(default_factory=list)
    honours_ranges: bool = True
    redirects: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)

    def add(self, name: str, content: bytes) -> str:
        """Serve a file; returns its address."""
        self.files["/" + name] = content
        return self.address + name

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        wanted = handler.headers.get("Range")
        self.requests.append((handler.path, wanted))
        if handler.path in self.redirects:
            handler.send_response(302)
            handler.send_header("Location", self.redirects[handler.path])
            handler.end_headers()
        elif handler.path not in self.files:
            handler.send_error(404)
        else:
            start = int(wanted[6:-1]) if wanted and self.honours_ranges else 0
            self.send(handler, self.files[handler.path][start:], 206 if start else 200)

    def send(self, handler: BaseHTTPRequestHandler, body: bytes, status: int) -> None:
        """Send a body, or the part of it before the connection breaks."""
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        length = self.breaks_after.pop(0) if self.breaks_after else len(body)
        handler.wfile.write(body[:length])


@pytest.fixture
def server(monkeypatch):
    """A `FileServer` that is running."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    files = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            files.answer(self)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        files.address = f"http://127.0.0.1:{running.server_port}/"
        threading.Thread(target=running.serve_forever, args=(0.01,)).start()
        yield files
        running.shutdown()


@pytest.fixture
def user_cache(tmp_path, monkeypatch):
    """A cache folder of the user's, empty, for this test alone."""
    folder = tmp_path / "cache" / "d2l"
    monkeypatch.setattr("pooch.os_cache", lambda _: folder)
    # For processes that the test starts.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("D2L_DATA", raising=False)
    return folder
