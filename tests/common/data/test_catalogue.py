"""The catalogue: verified files, downloads, and what is said when there are none."""

import gzip
import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from d2l.common.data import catalogue as catalogue_module
from d2l.common.data.catalogue import (
    DataFile,
    catalogue,
    data_folder,
    find_data_set,
    find_problem,
    is_present,
    locate,
    locate_file,
)
from d2l.common.errors import DataError

pytestmark = pytest.mark.usefixtures("user_cache")

CONTENT = bytes(range(256)) * 8192  # 2 MiB: large enough to be remembered.
PACKED = gzip.compress(CONTENT, mtime=1)
NOWHERE = "http://127.0.0.1:9/"  # A port that nothing listens on.


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def plain_file(*urls):
    size, path = len(CONTENT), "some/numbers.bin"
    return DataFile("numbers", path, size, sha256(CONTENT), urls=urls)


def packed_file():
    hashes = (sha256(PACKED), sha256(CONTENT))
    return DataFile("numbers", "numbers.gz", len(PACKED), *hashes)


def put(folder, file, content):
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture(autouse=True)
def fetched(monkeypatch):
    """Instead of downloads: what was to be fetched, and to where."""
    calls = []

    def fetch(urls, path, known_hash):
        calls.append((urls, path, known_hash))
        path.write_bytes(CONTENT)

    monkeypatch.setattr(catalogue_module, "fetch", fetch)
    return calls


# The entries


def test_every_entry_is_complete():
    for data_set in catalogue().values():
        assert data_set.title
        assert data_set.licence
        assert data_set.read_by
        for file in data_set.files:
            assert file.size > 0
            assert len(file.sha256) == 64
            assert file.path.endswith(".gz") == (file.content_sha256 is not None)
            assert data_set.is_embedded or len(file.urls) >= 2
            assert len({Path(url).name for url in file.urls}) <= 1
            assert not any(url.endswith("/") for url in file.urls)


def test_a_file_may_be_published_under_another_name():
    (file,) = find_data_set("tiny_shakespeare").files
    assert file.path == "tinyshakespeare.txt"
    assert all(url.endswith("/tinyshakespeare/input.txt") for url in file.urls)


def test_the_modules_that_read_an_entry_exist():
    package = Path(catalogue_module.__file__).parents[3]
    for data_set in catalogue().values():
        for module in data_set.read_by:
            assert (package / (module.replace(".", "/") + ".py")).is_file()


def test_embedded_files_are_what_the_catalogue_says():
    embedded = [name for name, entry in catalogue().items() if entry.is_embedded]
    assert {"digits", "house_prices_small", "story_small"} <= set(embedded)
    for name in embedded:
        data_set = find_data_set(name)
        assert is_present(name)
        paths = locate(name)
        for file in data_set.files:
            content = paths[file.name].read_bytes()
            assert (len(content), sha256(content)) == (file.size, file.sha256)


def test_an_unknown_name_is_refused():
    with pytest.raises(DataError, match=r"'mnits'.*mnist"):
        locate("mnits")


# The folder


def test_the_default_root_stands_for_the_users_cache(user_cache):
    assert data_folder() == data_folder("../data") == user_cache


def test_the_environment_names_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("D2L_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    assert data_folder("elsewhere") == Path("elsewhere")
    assert data_folder(tmp_path / "own") == tmp_path / "own"


def test_an_empty_variable_counts_as_unset(monkeypatch, user_cache):
    monkeypatch.setenv("D2L_DATA", "")
    assert data_folder() == user_cache


# Files that are there


def test_a_right_file_is_taken_as_it_is(tmp_path):
    path = put(tmp_path, plain_file(), CONTENT)
    assert locate_file(plain_file(), tmp_path) == path


def test_a_gzip_file_is_judged_by_what_it_holds(tmp_path):
    path = put(tmp_path, packed_file(), gzip.compress(CONTENT, 1, mtime=2))
    assert sha256(path.read_bytes()) != packed_file().sha256
    assert find_problem(path, packed_file()) is None


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        (plain_file(), CONTENT[:1000], "truncated (1,000 of 2,097,152 bytes)"),
        (plain_file(), CONTENT[:-1] + b"x", "checksum"),
        (packed_file(), PACKED[:-100], "truncated"),
        (packed_file(), b"not gzip", "corrupt"),
        (packed_file(), PACKED[:-6] + b"abcdef", "corrupt"),
        (packed_file(), PACKED[:99] + bytes(50) + PACKED[149:], "corrupt"),
        (packed_file(), gzip.compress(b"other"), "something else"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, file, content, problem):
    assert problem in find_problem(put(tmp_path, file, content), file)
    assert find_problem(tmp_path / "none", file) == "is absent"
    assert find_problem(tmp_path, file) == "is not a file"


def test_a_file_that_cannot_be_read_is_said(tmp_path, monkeypatch):
    path = put(tmp_path, plain_file(), CONTENT)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(catalogue_module, "_compare", refuse)
    assert find_problem(path, plain_file()) == "cannot be read (Permission denied)"


def test_large_files_are_verified_once(tmp_path, monkeypatch):
    path = put(tmp_path, plain_file(), CONTENT)
    assert find_problem(path, plain_file()) is None
    monkeypatch.setattr(catalogue_module, "_compare", lambda *_: "is checked again")
    assert find_problem(path, plain_file()) is None
    os.utime(path, (1, 1))
    assert find_problem(path, plain_file()) == "is checked again"


def test_a_wrong_file_is_never_remembered(tmp_path, user_cache):
    path = put(tmp_path, plain_file(), CONTENT[:-1] + b"x")
    find_problem(path, plain_file())
    assert not user_cache.exists()


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path, monkeypatch):
    (tmp_path / "a_file").touch()
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path / "a_file")
    path = put(tmp_path, plain_file(), CONTENT)
    assert locate_file(plain_file(), tmp_path) == path


# Folders that must not be written to


@pytest.fixture
def read_only(tmp_path):
    folder = tmp_path / "read_only"
    folder.mkdir()
    yield folder
    folder.chmod(0o755)


def test_files_in_a_read_only_folder_are_used(read_only):
    file = replace(plain_file(), path="numbers.bin")
    path = put(read_only, file, CONTENT)
    read_only.chmod(0o555)
    assert locate_file(file, read_only) == path
    assert os.listdir(read_only) == ["numbers.bin"]


@pytest.mark.parametrize(("content", "problem"), [(None, "absent"), (b"x", "trunc")])
def test_a_read_only_folder_is_left_alone(fetched, read_only, content, problem):
    file = replace(plain_file(NOWHERE), path="numbers.bin")
    if content is not None:
        put(read_only, file, content)
    before = os.listdir(read_only)
    read_only.chmod(0o555)
    with pytest.raises(DataError, match=rf"numbers\.bin is {problem}.*D2L_DATA"):
        locate_file(file, read_only)
    with pytest.raises(DataError, match=r"cannot be written to"):
        locate_file(replace(file, path="new/numbers.bin"), read_only)
    assert os.listdir(read_only) == before
    assert fetched == []


def test_a_data_set_is_fetched_file_by_file(tmp_path, fetched):
    files = find_data_set("kaggle_house").files
    assert not is_present("kaggle_house", tmp_path)
    assert locate("kaggle_house", tmp_path) == {
        file.name: tmp_path / file.path for file in files
    }
    assert fetched == [
        (file.urls, tmp_path / file.path, f"sha256:{file.sha256}") for file in files
    ]
    assert is_present("kaggle_house", tmp_path)
