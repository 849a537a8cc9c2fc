"""The book's utilities: download a file, unpack an archive, or both.

The interface follows the book's appendix "Utility Functions and Classes".
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote, urlsplit

import pooch

from d2l.common.data.catalogue import data_folder, find_data_set
from d2l.common.data.fetching import fetch, folder_lock, is_writable
from d2l.common.errors import DataError, DownloadError, InputError

DATA_URL = "http://d2l-data.s3-accelerate.amazonaws.com/"

# Name of a file to its address and SHA-1 checksum; readers add their own.
DATA_HUB: dict[str, tuple[str, str | None]] = {
    f"kaggle_house_{file.name}": (DATA_URL + file.path, file.sha1)
    for file in find_data_set("kaggle_house").files
}

_ARCHIVE_ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tar", ".zip", ".gz")
_UNREADABLE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
)


def download(
    url: str,
    folder: str | os.PathLike[str] = "../data",
    sha1_hash: str | None = None,
) -> str:
    """Download a file unless it is there already.

    url: an address, or a name in `DATA_HUB`, which then gives the hash too.
    folder: where to put the file; the default stands for the data folder.
    sha1_hash: the file's SHA-1 checksum; without it a file of that name that is there
        already is taken for the right one.

    returns: the path of the file.

    raises DataError where the file cannot be had.
    """
    if not url.startswith(("http://", "https://")):
        url, sha1_hash = _look_up(url)
    path = data_folder(folder) / _file_name(url)
    if not _is_right(path, sha1_hash):
        _download_to(path, url, sha1_hash)
    return str(path)


def _look_up(name: str) -> tuple[str, str | None]:
    if name not in DATA_HUB:
        known = ", ".join(DATA_HUB)
        raise DataError(
            f"{name!r} is neither an http address nor in DATA_HUB, which has {known}."
        )
    return DATA_HUB[name]


def _file_name(url: str) -> str:
    name = unquote(urlsplit(url).path).rpartition("/")[2]
    if not name or _leaves_its_folder(name):
        raise InputError(f"The address {url} does not end in a file's name.")
    return name


def _is_right(path: Path, sha1_hash: str | None) -> bool:
    if not path.is_file():
        return False
    if sha1_hash is None:
        return True
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha1").hexdigest() == sha1_hash.lower()


def _download_to(path: Path, url: str, sha1_hash: str | None) -> None:
    problem = "is not the published file" if path.exists() else "is absent"
    if not is_writable(path.parent):
        raise DataError(
            f"{path} {problem} and its folder cannot be written to: put {url} there."
        )
    try:
        with folder_lock(path.parent):
            fetch([url], path, sha1_hash and f"sha1:{sha1_hash}")
    except DownloadError as error:
        raise DataError(
            f"{path} {problem} and could not be downloaded ({error}): "
            f"get {url} and save it as {path}."
        ) from error


def extract(
    filename: str | os.PathLike[str], folder: str | os.PathLike[str] | None = None
) -> None:
    """Unpack a zip or tar archive (also .tar.gz, .tgz ...) or a .gz file.

    folder: where to; by default the folder that the archive lies in.

    raises DataError, before anything is written, where a member would land
        outside of `folder` or is neither a file nor a folder; and where the
        archive is damaged or `folder` cannot be written to.
    """
    archive = Path(filename)
    target = archive.parent if folder is None else Path(folder)
    if not archive.is_file():
        raise DataError(f"There is no archive {archive}.")
    try:
        if zipfile.is_zipfile(archive):
            _extract_zip(archive, target)
        elif tarfile.is_tarfile(archive):
            _extract_tar(archive, target)
        elif archive.suffix == ".gz":
            _extract_gzip(archive, target)
        else:
            raise DataError(f"{archive} is no zip, tar or gz archive, or is damaged.")
    except _UNREADABLE as error:
        raise DataError(f"{archive} is damaged ({error}).") from error
    except OSError as error:
        raise DataError(f"{archive} cannot be unpacked: {error}.") from error


def _extract_zip(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as members:
        for member in members.infolist():
            # The upper half holds Unix permissions and kind, where there are any.
            kind = stat.S_IFMT(member.external_attr >> 16)
            is_plain = kind in (0, stat.S_IFREG, stat.S_IFDIR)
            _refuse_escape(archive, member.filename, is_plain)
        members.extractall(target)


def _extract_tar(archive: Path, target: Path) -> None:
    with tarfile.open(archive) as members:
        for member in members.getmembers():
            is_plain = member.isfile() or member.isdir()
            _refuse_escape(archive, member.name, is_plain)
        # Early releases of Python 3.11 have no filter; then the checks suffice.
        if hasattr(tarfile, "data_filter"):
            members.extractall(target, filter="data")
        else:
            members.extractall(target)


def _extract_gzip(archive: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with gzip.open(archive) as packed, (target / archive.stem).open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)


def _refuse_escape(archive: Path, member: str, is_plain: bool) -> None:
    if not is_plain or _leaves_its_folder(member):
        raise DataError(
            f"{archive} is not unpacked, for its member {member!r} "
            f"{'leads out of the folder' if is_plain else 'is a link or a device'}."
        )


def _leaves_its_folder(member: str) -> bool:
    # Read in both ways: "C:x" and "..\\x" lead elsewhere on Windows alone.
    posix, windows = PurePosixPath(member), PureWindowsPath(member)
    is_anchored = posix.is_absolute() or windows.anchor != ""
    return is_anchored or ".." in posix.parts or ".." in windows.parts


def download_extract(name: str, folder: str | None = None) -> str:
    """Download an archive and unpack it.

    name: an address or a name in `DATA_HUB`.
    folder: the folder that the archive unpacks to, where it is not called like the
        archive itself.

    returns: the path of that folder. It lies beside the archive or, where that
        place cannot be written to, in the user's cache folder.
    """
    archive = Path(download(name))
    is_beside = is_writable(archive.parent)
    base = archive.parent if is_beside else Path(pooch.os_cache("d2l")) / "unpacked"
    with folder_lock(base):
        extract(archive, base)
    return str(base / (folder or _without_ending(archive.name)))


def _without_ending(name: str) -> str:
    endings = (ending for ending in _ARCHIVE_ENDINGS if name.endswith(ending))
    return name.removesuffix(next(endings, ""))
