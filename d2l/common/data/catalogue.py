"""The catalogue of all data, and the way to verified files on this machine."""

from __future__ import annotations

import gzip
import hashlib
import os
import tomllib
import warnings
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import pooch

from d2l.common.data.fetching import fetch, folder_lock, is_writable
from d2l.common.errors import DataError, DownloadError

_DEFAULT_ROOT = "../data"
# Smaller files are checked at every start: that takes less than a millisecond.
_REMEMBERED_FROM_BYTES = 2**20


@dataclass(frozen=True)
class DataFile:
    """One published file.

    name: what it is called within its data set, such as "train_images".
    path: where it lies inside the data folder.
    size: of the published file, in bytes.
    sha256: of the published file.
    content_sha256: of what a gzip file unpacks to; None for other files.
    sha1: the checksum that the book gives, if it gives one.
    urls: where it is published, to be tried in turn.
    """

    name: str
    path: str
    size: int = 0
    sha256: str = ""
    content_sha256: str | None = None
    sha1: str | None = None
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataSet:
    """One data set: what it is, its terms, the modules that read it, its files.

    is_embedded: whether it comes with the installation and needs no download.
    """

    name: str
    title: str
    licence: str
    read_by: tuple[str, ...]
    files: tuple[DataFile, ...]
    is_embedded: bool


@cache
def catalogue() -> Mapping[str, DataSet]:
    """All data sets, by name."""
    text = Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)
    return MappingProxyType({name: _data_set(name, e) for name, e in entries.items()})


def _data_set(name: str, entry: dict[str, Any]) -> DataSet:
    mirrors = entry.get("mirrors", [])
    files = [_data_file(file, mirrors) for file in entry.get("files", [])]
    return DataSet(
        name=name,
        title=entry["title"],
        licence=entry["licence"],
        read_by=tuple(entry["read_by"]),
        files=tuple(files),
        is_embedded=entry.get("embedded", False),
    )


def _data_file(entry: dict[str, Any], mirrors: list[str]) -> DataFile:
    facts = dict(entry)
    published_as = facts.pop("published_as", Path(entry["path"]).name)
    return DataFile(**facts, urls=tuple(m + published_as for m in mirrors))


def find_data_set(name: str) -> DataSet:
    """The data set called `name`; raises DataError where there is none."""
    if name not in catalogue():
        known = ", ".join(catalogue())
        raise DataError(f"There is no data set {name!r}; the catalogue has {known}.")
    return catalogue()[name]


def data_folder(root: str | os.PathLike[str] = _DEFAULT_ROOT) -> Path:
    """The folder that data files lie in.

    root: "../data", the book's default, stands for `$D2L_DATA` or, where that is
        not set, the user's cache folder; any other folder is used as given.
    """
    if os.fspath(root) != _DEFAULT_ROOT:
        return Path(root).expanduser()
    chosen = os.environ.get("D2L_DATA")
    return Path(chosen).expanduser() if chosen else Path(pooch.os_cache("d2l"))


def is_present(name: str, root: str | os.PathLike[str] = _DEFAULT_ROOT) -> bool:
    """Whether all files of a data set are there; they are not checked."""
    data_set = find_data_set(name)
    folder = _folder_of(data_set, root)
    return all((folder / file.path).is_file() for file in data_set.files)


def locate(name: str, root: str | os.PathLike[str] = _DEFAULT_ROOT) -> dict[str, Path]:
    """The verified files of a data set, downloaded where they are absent.

    returns: the path of each file, by its name in the catalogue; empty for what
        another package holds, such as scikit-learn's digits.

    raises DataError, saying which file to put where, when one is absent or
        damaged and cannot be downloaded.
    """
    data_set = find_data_set(name)
    folder = _folder_of(data_set, root)
    if data_set.is_embedded:
        return {file.name: folder / file.path for file in data_set.files}
    return {file.name: locate_file(file, folder) for file in data_set.files}


def _folder_of(data_set: DataSet, root: str | os.PathLike[str]) -> Path:
    return Path(__file__).parent if data_set.is_embedded else data_folder(root)


def locate_file(file: DataFile, folder: Path) -> Path:
    """The verified `file` inside `folder`, downloaded where it is absent.

    A damaged file is replaced, with a warning, if the folder can be written to.

    raises DataError where the file cannot be had.
    """
    path = folder / file.path
    problem = find_problem(path, file)
    if problem is None:
        return path
    if not is_writable(path.parent):
        raise DataError(
            f"{path} {problem} and its folder cannot be written to: put "
            f"{' or '.join(file.urls)} there, or set D2L_DATA to another folder."
        )
    with folder_lock(path.parent):
        # Another process may have fetched it while this one waited.
        problem = find_problem(path, file)
        if problem is not None:
            _replace(path, file, problem)
    return path


def _replace(path: Path, file: DataFile, problem: str) -> None:
    if os.path.lexists(path):
        warnings.warn(f"{path} {problem}; downloading it again.", stacklevel=4)
    try:
        fetch(file.urls, path, f"sha256:{file.sha256}")
    except DownloadError as error:
        raise DataError(
            f"{path} {problem} and could not be downloaded ({error}): "
            f"get {' or '.join(file.urls)} and save it as {path}."
        ) from error


def find_problem(path: Path, file: DataFile) -> str | None:
    """What is wrong with the file at `path`, as the end of a sentence, or None.

    Large files that were found right are remembered, by size and time of their
    last change, in the user's cache folder.
    """
    if not os.path.lexists(path):
        return "is absent"
    if not os.path.isfile(path):
        return "is not a file"
    try:
        note = _note_of_verified(path, file)
        if os.path.exists(note):
            return None
        problem = _compare(path, file)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if problem is None and path.stat().st_size >= _REMEMBERED_FROM_BYTES:
        with suppress(OSError):  # A cache that cannot be written costs time only.
            note.parent.mkdir(parents=True, exist_ok=True)
            note.touch()
    return problem


def _note_of_verified(path: Path, file: DataFile) -> Path:
    """The file whose mere existence says that `path` has been verified as it is."""
    status = path.stat()
    state = (str(path.resolve()), status.st_size, status.st_mtime_ns, file.sha256)
    fingerprint = hashlib.sha256(repr(state).encode()).hexdigest()
    return Path(pooch.os_cache("d2l")) / "verified" / fingerprint


def _compare(path: Path, file: DataFile) -> str | None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size == file.size and _sha256(stream) == file.sha256:
            return None
    if file.content_sha256 is not None:
        return _compare_content(path, file.content_sha256)
    if size < file.size:
        return f"is truncated ({size:,} of {file.size:,} bytes)"
    return "is not the published file (its checksum is another)"


def _compare_content(path: Path, expected: str) -> str | None:
    try:
        with gzip.open(path) as stream:
            content = _sha256(stream)
    except EOFError:
        return "is truncated (its gzip stream breaks off)"
    except (gzip.BadGzipFile, zlib.error) as error:
        return f"is corrupt ({error})"
    is_right = content == expected
    return None if is_right else "holds something else than the published data"


def _sha256(stream: IO[bytes] | gzip.GzipFile) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
