"""Getting a file over the network: whole and verified, or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import pooch

from d2l.common.errors import DataError, DownloadError
from d2l.common.plots.progress_bar import Bar, progress

if sys.platform == "win32":
    import msvcrt

    def _wait_for_lock(descriptor: int) -> None:
        while True:  # One call gives up after ten seconds.
            with suppress(OSError):
                return msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _wait_for_lock(descriptor: int) -> None:
        # Without locks on the file system a file may be fetched twice, but is
        # still moved to its place whole.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)


_ATTEMPTS = 3
_SECONDS_TO_CONNECT_AND_TO_READ = (10, 30)
_MEBIBYTE = 2**20
_CHUNK = 2**16  # What a broken connection loses at most.


def is_writable(folder: Path) -> bool:
    """Whether files may be put into `folder`, which need not exist yet."""
    existing = next(f for f in (folder, *folder.parents) if os.path.exists(f))
    # The superuser can write anywhere, but a folder without any write permission
    # is meant to stay as it is.
    has_write_permission = existing.stat().st_mode & 0o222 != 0
    return existing.is_dir() and has_write_permission and os.access(existing, os.W_OK)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Keep other processes and threads that use this lock out of `folder`.

    raises DataError where the folder cannot be made or written to.
    """
    # Opened for reading only: in a shared folder the file may be another user's.
    flags = os.O_RDONLY | os.O_CREAT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / ".d2l-lock", flags, 0o666)
    except OSError as error:
        raise DataError(f"{folder} cannot be written to: {error}.") from error
    try:
        _wait_for_lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def fetch(urls: Sequence[str], path: Path, known_hash: str | None = None) -> None:
    """Download a file to `path` from the first of `urls` that delivers it.

    The file is loaded under another name, and moved to `path` when it is whole
    and verified. A file that is there already is replaced, unless its hash is
    the right one or none is known.

    known_hash: what the file must hash to, as "sha256:..." or "sha1:...".

    raises DownloadError, whose message says what each address answered, or
    DataError where the file cannot be written.
    """
    answers = []
    for url in urls:
        try:
            return _retrieve(url, path, known_hash)
        except (OSError, ValueError) as error:
            if _is_local(error):
                raise DataError(f"{path} cannot be written: {error}.") from error
            answers.append(f"{urlsplit(url).hostname} {_answer(error)}")
    raise DownloadError("; ".join(answers))


def _retrieve(url: str, path: Path, known_hash: str | None) -> None:
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")
    try:
        pooch.retrieve(
            url, known_hash, path.name, path.parent, downloader=_resuming_download
        )
    finally:
        logger.setLevel(level)
    # Pooch's temporary files can be read by their owner alone.
    path.chmod(0o644)


def _is_local(error: Exception) -> bool:
    # Errors of the network are OSErrors too, but without a number.
    return getattr(error, "errno", None) is not None


def _answer(error: Exception) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        return f"answered {response.status_code}"
    if isinstance(error, ValueError):
        return "sent a file with another checksum"
    return "cannot be reached"


def _resuming_download(url: str, output_file: str, _: Any) -> None:
    """Fill `output_file`; go on where the connection broke off. Called by pooch."""
    name = urlsplit(url).path.rpartition("/")[2]
    with open(output_file, "wb") as file, ExitStack() as bars:
        sink = _Sink(file, name, bars)
        for attempts_left in reversed(range(_ATTEMPTS)):
            try:
                return _download_rest(url, sink)
            except OSError as error:
                if attempts_left == 0 or sink.is_empty() or _is_local(error):
                    raise


def _download_rest(url: str, sink: _Sink) -> None:
    # Unpacking on the way would change the bytes that the hash is made for.
    headers = {"Accept-Encoding": "identity"}
    if not sink.is_empty():
        headers["Range"] = f"bytes={sink.size()}-"
    downloader = pooch.HTTPDownloader(
        chunk_size=_CHUNK,
        headers=headers,
        hooks={"response": sink.begin},
        timeout=_SECONDS_TO_CONNECT_AND_TO_READ,
    )
    downloader(url, sink, None)


class _Sink:
    """The file that is being filled; moves a progress bar in mebibytes."""

    def __init__(self, file: IO[bytes], name: str, bars: ExitStack) -> None:
        self.file = file
        self.name = name
        self.bars = bars
        self.bar: Bar | None = None
        self.shown = 0

    def begin(self, response: Any, **_: Any) -> None:
        """Take note of the answer's head, before its body is read."""
        # Not sooner: a server that does not answer is not worth a line.
        if self.is_empty() and not sys.stderr.isatty():
            host = urlsplit(response.url).hostname
            print(f"Downloading {self.name} from {host}", file=sys.stderr)
        if response.status_code == 200:  # The whole file, whatever was asked for.
            self.file.seek(0)
            self.file.truncate()
        length = int(response.headers.get("Content-Length", 0))
        is_body_of_file = response.status_code in (200, 206)
        if self.bar is None and is_body_of_file and length:
            total = -(-length // _MEBIBYTE)
            self.bar = self.bars.enter_context(progress(f"{self.name} (MiB)", total))

    def write(self, data: bytes) -> None:
        """Append to the file."""
        self.file.write(data)
        while self.bar is not None and self.shown < self.size() / _MEBIBYTE:
            self.shown += 1
            self.bar.advance()

    def flush(self) -> None:
        """Do nothing: nobody reads the file before it is whole."""

    def size(self) -> int:
        """The number of bytes so far."""
        return self.file.tell()

    def is_empty(self) -> bool:
        """Whether nothing has come yet."""
        return self.size() == 0
