"""The catalogue: verified files, downloads, and what is said when there are none."""

import gzip
import hashlib
import multiprocessing
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from d2l.common import catalogue as catalogue_module
from d2l.common.catalogue import (
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

CONTENT = bytes(range(256)) * 8192  # 2 MiB: large enough to be remembered.
PACKED = gzip.compress(CONTENT, mtime=1)
NOWHERE = "http://127.0.0.1:9/"  # A port that nothing listens on.

pytest_plugins = ["file_server"]
pytestmark = pytest.mark.usefixtures("user_cache")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def plain_file(*urls, content=CONTENT):
    return DataFile(
        name="numbers",
        path="some/numbers.bin",
        size=len(content),
        sha256=sha256(content),
        urls=urls,
    )


def packed_file(*urls):
    return DataFile(
        name="numbers",
        path="numbers.gz",
        size=len(PACKED),
        sha256=sha256(PACKED),
        content_sha256=sha256(CONTENT),
        urls=urls,
    )


def put(folder, file, content):
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


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
            assert all(url.endswith(Path(file.path).name) for url in file.urls)


def test_the_modules_that_read_an_entry_exist():
    package = Path(catalogue_module.__file__).parents[2]
    for data_set in catalogue().values():
        for module in data_set.read_by:
            assert (package / (module.replace(".", "/") + ".py")).is_file()


def test_embedded_files_are_what_the_catalogue_says():
    for name in ("digits", "house_prices_small"):
        data_set = find_data_set(name)
        assert data_set.is_embedded
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


def test_absent_files_and_folders_in_their_place_are_told_apart(tmp_path):
    assert find_problem(tmp_path / "none", plain_file()) == "is absent"
    assert find_problem(tmp_path, plain_file()) == "is not a file"


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


# Downloads


def test_an_absent_file_is_downloaded(server, tmp_path):
    file = plain_file(server.add("numbers.bin", CONTENT))
    path = locate_file(file, tmp_path)
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    locate_file(file, tmp_path)
    assert len(server.requests) == 1


def test_mirrors_are_tried_in_turn(server, tmp_path):
    urls = [NOWHERE, server.address + "gone.bin", server.add("bad.bin", b"wrong")]
    file = plain_file(*urls, server.add("numbers.bin", CONTENT))
    assert locate_file(file, tmp_path).read_bytes() == CONTENT


def test_without_network_the_file_and_its_place_are_named(tmp_path):
    with pytest.raises(DataError) as caught:
        locate_file(plain_file(NOWHERE + "numbers.bin"), tmp_path)
    message = str(caught.value)
    assert str(tmp_path / "some" / "numbers.bin") + " is absent" in message
    assert NOWHERE + "numbers.bin" in message
    assert "cannot be reached" in message


def test_what_each_address_answered_is_said(server, tmp_path):
    urls = (server.address + "gone.bin", server.add("bad.bin", b"wrong"))
    with pytest.raises(DataError, match=r"answered 404; .* another checksum"):
        locate_file(plain_file(*urls), tmp_path)
    assert visible_files(tmp_path) == []


def visible_files(folder):
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    return [name for name in names if name != ".d2l-lock"]


def test_a_download_goes_on_where_it_broke_off(server, tmp_path):
    server.breaks_after = [1_500_000, 100_000]
    file = plain_file(server.add("numbers.bin", CONTENT))
    assert locate_file(file, tmp_path).read_bytes() == CONTENT
    ranges = [wanted for _, wanted in server.requests]
    assert ranges[0] is None
    assert all(wanted.startswith("bytes=") for wanted in ranges[1:])


def test_a_server_without_ranges_starts_again(server, tmp_path):
    server.breaks_after = [1_500_000]
    server.honours_ranges = False
    file = plain_file(server.add("numbers.bin", CONTENT))
    assert locate_file(file, tmp_path).read_bytes() == CONTENT


def test_a_redirected_download_is_resumed_too(server, tmp_path):
    server.breaks_after = [1_500_000]
    server.redirects["/moved.bin"] = server.add("numbers.bin", CONTENT)
    file = plain_file(server.address + "moved.bin")
    assert locate_file(file, tmp_path).read_bytes() == CONTENT


def test_an_interrupted_download_leaves_no_half_file(server, tmp_path):
    server.breaks_after = [1_000_000] * 3
    server.honours_ranges = False
    file = plain_file(server.add("numbers.bin", CONTENT))
    with pytest.raises(DataError):
        locate_file(file, tmp_path)
    assert visible_files(tmp_path) == []


def test_a_download_broken_off_by_the_user_leaves_no_half_file(
    server, tmp_path, monkeypatch
):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("d2l.common.fetching._Sink.write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        locate_file(plain_file(server.add("numbers.bin", CONTENT)), tmp_path)
    assert visible_files(tmp_path) == []


def test_a_full_disk_is_not_taken_for_a_missing_network(server, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("d2l.common.fetching._Sink.write", fail)
    with pytest.raises(DataError, match=r"cannot be written: .*No space left"):
        locate_file(plain_file(server.add("numbers.bin", CONTENT)), tmp_path)
    assert len(server.requests) == 1


def test_a_damaged_file_is_named_and_downloaded_again(server, tmp_path):
    file = plain_file(server.add("numbers.bin", CONTENT))
    put(tmp_path, file, CONTENT[:10])
    with pytest.warns(UserWarning, match=r"numbers\.bin is truncated"):
        path = locate_file(file, tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_damaged_file_without_network_is_named(tmp_path):
    file = plain_file(NOWHERE)
    path = put(tmp_path, file, CONTENT[:10])
    with (
        pytest.warns(UserWarning, match="truncated"),
        pytest.raises(DataError, match=r"numbers\.bin is truncated .* save it as"),
    ):
        locate_file(file, tmp_path)
    assert path.read_bytes() == CONTENT[:10]


def test_progress_is_shown_on_a_terminal_only(server, tmp_path, monkeypatch, capsys):
    steps = []

    class Terminal:
        def isatty(self):
            return True

    class Display:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def add_task(self, description, total, **_):
            steps.append((description, total))

        def update(self, _task, advance, **_):
            steps.append(advance)

    file = plain_file(server.add("numbers.bin", CONTENT))
    locate_file(file, tmp_path / "log")
    assert "Downloading numbers.bin from 127.0.0.1" in capsys.readouterr().err
    monkeypatch.setattr("d2l.common.progress_bar._terminal_display", Display)
    monkeypatch.setattr("sys.stderr", Terminal())
    locate_file(file, tmp_path / "terminal")
    assert steps == [("numbers.bin (MiB)", 2), 1, 1]


# Several processes


def locate_in_process(file, folder, start):
    start.wait()
    locate_file(file, Path(folder))


def test_two_processes_at_once_download_once(server, tmp_path):
    file = plain_file(server.add("numbers.bin", CONTENT))
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    processes = [
        context.Process(target=locate_in_process, args=(file, str(tmp_path), start))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert (tmp_path / file.path).read_bytes() == CONTENT
    assert len(server.requests) == 1


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
def test_a_read_only_folder_is_left_alone(server, read_only, content, problem):
    file = replace(plain_file(server.add("n.bin", CONTENT)), path="numbers.bin")
    if content is not None:
        put(read_only, file, content)
    before = os.listdir(read_only)
    read_only.chmod(0o555)
    with pytest.raises(DataError, match=rf"numbers\.bin is {problem}.*D2L_DATA"):
        locate_file(file, read_only)
    with pytest.raises(DataError, match=r"cannot be written to"):
        locate_file(replace(file, path="new/numbers.bin"), read_only)
    assert os.listdir(read_only) == before
    assert server.requests == []


# Whole data sets


def test_a_data_set_is_located_file_by_file(tmp_path, server, monkeypatch):
    entry = {
        "title": "Numbers",
        "licence": "none",
        "read_by": ["nobody"],
        "mirrors": [server.address],
        "files": [
            {
                "name": "all",
                "path": "some/numbers.bin",
                "size": len(CONTENT),
                "sha256": sha256(CONTENT),
            }
        ],
    }
    server.add("numbers.bin", CONTENT)
    data_set = catalogue_module._data_set("numbers", entry)
    monkeypatch.setattr(catalogue_module, "catalogue", lambda: {"numbers": data_set})
    assert not is_present("numbers", tmp_path)
    assert locate("numbers", tmp_path) == {"all": tmp_path / "some/numbers.bin"}
    assert is_present("numbers", tmp_path)


# Read here, for the fixture `user_cache` hides it from the tests.
REAL_DATA = os.environ.get("D2L_DATA")


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist", "kaggle_house"])
def test_the_published_files_are_the_ones_in_the_catalogue(name):
    if not REAL_DATA or not is_present(name, REAL_DATA):
        pytest.skip("D2L_DATA does not point at a folder with the published files")
    assert set(locate(name, REAL_DATA)) == {f.name for f in find_data_set(name).files}
