"""Downloads: whole, verified, resumed, or an error that says what to do."""

import hashlib
import stat
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import PIPE, Popen

import pytest

from d2l.common.data.catalogue import DataFile, locate_file
from d2l.common.errors import DataError

CONTENT = bytes(range(256)) * 2048  # 512 KiB: fewer bytes than are remembered.
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NOWHERE = "http://127.0.0.1:9/"  # A port that nothing listens on.


def published_at(*urls):
    return DataFile("numbers", "some/numbers.bin", len(CONTENT), SHA256, urls=urls)


@dataclass
class FileServer:
    """Files by path, and a record of what was asked for: paths and byte ranges.

    breaks_after: how many bytes to send before the connection breaks, for one
        answer after the other.
    honours_ranges: whether a part of a file can be asked for.
    redirects: addresses by the path that sends the client there.
    may_answer: requests wait until it is set, as it is from the start.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    breaks_after: list[int] = field(default_factory=list)
    honours_ranges: bool = True
    redirects: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, content: bytes) -> str:
        """Serve a file; returns its address."""
        self.files["/" + name] = content
        return self.address + name

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        wanted = handler.headers.get("Range")
        self.requests.append((handler.path, wanted))
        self.may_answer.wait()
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
    files.may_answer.set()

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


def test_an_absent_file_is_downloaded(server, tmp_path):
    file = published_at(server.add("numbers.bin", CONTENT))
    path = locate_file(file, tmp_path)
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    locate_file(file, tmp_path)
    assert len(server.requests) == 1


def test_mirrors_are_tried_in_turn(server, tmp_path):
    urls = [NOWHERE, server.address + "gone.bin", server.add("bad.bin", b"wrong")]
    file = published_at(*urls, server.add("numbers.bin", CONTENT))
    assert locate_file(file, tmp_path).read_bytes() == CONTENT


def test_without_network_the_file_and_its_place_are_named(tmp_path):
    with pytest.raises(DataError) as caught:
        locate_file(published_at(NOWHERE + "numbers.bin"), tmp_path)
    message = str(caught.value)
    assert str(tmp_path / "some" / "numbers.bin") + " is absent" in message
    assert NOWHERE + "numbers.bin" in message
    assert "cannot be reached" in message


def test_what_each_address_answered_is_said(server, tmp_path):
    urls = (server.address + "gone.bin", server.add("bad.bin", b"wrong"))
    with pytest.raises(DataError, match=r"answered 404; .* another checksum"):
        locate_file(published_at(*urls), tmp_path)
    assert visible_files(tmp_path) == []


def visible_files(folder):
    return [path for path in folder.rglob("[!.]*") if path.is_file()]


def test_a_download_goes_on_where_it_broke_off(server, tmp_path):
    server.breaks_after = [300_000, 70_000]
    file = published_at(server.add("numbers.bin", CONTENT))
    assert locate_file(file, tmp_path).read_bytes() == CONTENT
    ranges = [wanted for _, wanted in server.requests]
    assert [wanted is not None for wanted in ranges] == [False, True, True]


def test_a_server_without_ranges_starts_again(server, tmp_path):
    server.breaks_after = [300_000]
    server.honours_ranges = False
    file = published_at(server.add("numbers.bin", CONTENT))
    assert locate_file(file, tmp_path).read_bytes() == CONTENT


def test_a_redirected_download_is_resumed_too(server, tmp_path):
    server.breaks_after = [300_000]
    server.redirects["/moved.bin"] = server.add("numbers.bin", CONTENT)
    file = published_at(server.address + "moved.bin")
    assert locate_file(file, tmp_path).read_bytes() == CONTENT


def test_an_interrupted_download_leaves_no_half_file(server, tmp_path):
    server.breaks_after = [300_000] * 3
    server.honours_ranges = False
    file = published_at(server.add("numbers.bin", CONTENT))
    with pytest.raises(DataError):
        locate_file(file, tmp_path)
    assert visible_files(tmp_path) == []


def test_the_user_may_break_off_a_download(server, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("d2l.common.data.fetching._Sink.write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        locate_file(published_at(server.add("numbers.bin", CONTENT)), tmp_path)
    assert visible_files(tmp_path) == []


def test_a_full_disk_is_not_taken_for_a_missing_network(server, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("d2l.common.data.fetching._Sink.write", fail)
    with pytest.raises(DataError, match=r"cannot be written: .*No space left"):
        locate_file(published_at(server.add("numbers.bin", CONTENT)), tmp_path)
    assert len(server.requests) == 1


def test_a_damaged_file_is_named_and_downloaded_again(server, tmp_path):
    file = published_at(server.add("numbers.bin", CONTENT))
    path = tmp_path / file.path
    path.parent.mkdir()
    path.write_bytes(CONTENT[:10])
    with pytest.warns(UserWarning, match=r"numbers\.bin is truncated"):
        locate_file(file, tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_damaged_file_without_network_is_named(tmp_path):
    file = published_at(NOWHERE)
    path = tmp_path / file.path
    path.parent.mkdir()
    path.write_bytes(CONTENT[:10])
    with (
        pytest.warns(UserWarning, match="truncated"),
        pytest.raises(DataError, match=r"numbers\.bin is truncated .* save it as"),
    ):
        locate_file(file, tmp_path)
    assert path.read_bytes() == CONTENT[:10]


def test_progress_is_shown_in_mebibytes(server, tmp_path, monkeypatch, capsys):
    shown = []

    class Bar:
        def advance(self):
            shown.append("advance")

    @contextmanager
    def progress(description, total):
        shown.append((description, total))
        yield Bar()

    monkeypatch.setattr("d2l.common.data.fetching.progress", progress)
    locate_file(published_at(server.add("numbers.bin", CONTENT)), tmp_path)
    assert shown == [("numbers.bin (MiB)", 1), "advance"]
    assert "Downloading numbers.bin from 127.0.0.1" in capsys.readouterr().err


# Several processes


LOCATE = """
import pathlib, sys
from d2l.common.data.catalogue import DataFile, locate_file
url, sha256, size, folder = sys.argv[1:]
file = DataFile("numbers", "numbers.bin", int(size), sha256, urls=(url,))
print("ready", flush=True)
print(locate_file(file, pathlib.Path(folder)))
"""


def test_two_processes_at_once_download_once(server, tmp_path):
    server.may_answer.clear()
    url = server.add("numbers.bin", CONTENT)
    arguments = [url, SHA256, str(len(CONTENT)), str(tmp_path)]
    command = [sys.executable, "-Werror::UserWarning", "-c", LOCATE, *arguments]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(Popen(command, stdout=PIPE, text=True))
            for _ in range(2)
        ]
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
        server.may_answer.set()
        answers = [process.communicate(timeout=60)[0] for process in processes]
    assert answers == [f"{tmp_path / 'numbers.bin'}\n"] * 2
    assert (tmp_path / "numbers.bin").read_bytes() == CONTENT
    assert len(server.requests) == 1
