"""The book's utilities: a file that is verified, an archive that is unpacked."""

import hashlib
import io
import os
import tarfile
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from d2l.common.data import downloads
from d2l.common.data.catalogue import find_data_set
from d2l.common.data.downloads import DATA_HUB, DATA_URL, download, download_extract
from d2l.common.errors import DataError, InputError

pytestmark = pytest.mark.usefixtures("user_cache")

TEXT = b"The Time Traveller\n"
SHA1 = hashlib.sha1(TEXT).hexdigest()


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Put a file on a web server on this machine; gives its address."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "published"
    folder.mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()

        def add(name, content):
            (folder / name).write_bytes(content)
            return f"http://127.0.0.1:{server.server_port}/{name}"

        yield add
        server.shutdown()


def zipped():
    """A zip archive of one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        member = zipfile.ZipInfo("book/story.txt")  # Dated 1980: always the same.
        archive.writestr(member, TEXT)
    return packed.getvalue()


def tarred():
    """A packed tar archive of one file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("book/story.txt")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    return packed.getvalue()


# download


def test_the_hub_knows_the_house_prices():
    for part in ("train", "test"):
        url, sha1 = DATA_HUB[f"kaggle_house_{part}"]
        assert url == f"{DATA_URL}kaggle_house_pred_{part}.csv"
        assert len(sha1) == 40
        assert url in {u for f in find_data_set("kaggle_house").files for u in f.urls}


def test_a_file_is_downloaded_into_the_data_folder(publish, user_cache):
    path = download(publish("story.txt", TEXT), sha1_hash=SHA1)
    assert path == str(user_cache / "story.txt")
    assert (user_cache / "story.txt").read_bytes() == TEXT


def test_a_folder_of_ones_own_is_used_as_given(publish, tmp_path):
    path = download(publish("story.txt", TEXT), tmp_path / "new", SHA1)
    assert path == str(tmp_path / "new" / "story.txt")


def test_a_name_in_the_hub_stands_for_address_and_hash(publish, monkeypatch):
    entry = (publish("story.txt", TEXT), SHA1)
    monkeypatch.setitem(DATA_HUB, "story", entry)
    assert download("story").endswith("story.txt")
    monkeypatch.setitem(DATA_HUB, "story", (entry[0], "0" * 40))
    with pytest.raises(DataError, match=r"story\.txt is not the published file"):
        download("story")


@pytest.mark.parametrize("sha1", [SHA1, SHA1.upper(), None])
def test_a_file_that_is_there_is_used(tmp_path, sha1):
    (tmp_path / "story.txt").write_bytes(TEXT)
    path = download("http://127.0.0.1:9/story.txt?raw=1", str(tmp_path), sha1)
    assert path == str(tmp_path / "story.txt")


def test_a_file_with_another_hash_is_replaced(publish, tmp_path):
    (tmp_path / "story.txt").write_bytes(TEXT[:5])
    download(publish("story.txt", TEXT), tmp_path, SHA1)
    assert (tmp_path / "story.txt").read_bytes() == TEXT


def test_a_wrong_download_never_arrives(publish, tmp_path):
    with pytest.raises(DataError, match="another checksum"):
        download(publish("story.txt", b"other"), tmp_path, SHA1)
    assert not (tmp_path / "story.txt").exists()


def test_without_network_address_and_place_are_named(tmp_path):
    with pytest.raises(DataError) as caught:
        download("http://127.0.0.1:9/story.txt", tmp_path, SHA1)
    assert "get http://127.0.0.1:9/story.txt" in str(caught.value)
    assert f"save it as {tmp_path / 'story.txt'}" in str(caught.value)


def test_a_name_that_nobody_knows_is_refused():
    with pytest.raises(DataError, match=r"'fra-eng'.*kaggle_house_train"):
        download("fra-eng")


@pytest.mark.parametrize("end", ["", "folder/", "%2e%2e", "a/..", "..%5Cx", "x/%2E%2E"])
def test_an_address_without_a_file_name_is_refused(tmp_path, end):
    with pytest.raises(InputError, match="does not end in a file's name"):
        download("http://127.0.0.1:9/" + end, tmp_path)


def test_a_read_only_folder_is_used_but_left_alone(publish, tmp_path):
    folder = tmp_path / "read_only"
    folder.mkdir()
    (folder / "story.txt").write_bytes(TEXT)
    folder.chmod(0o555)
    url = publish("story.txt", TEXT)
    assert download(url, folder, SHA1) == str(folder / "story.txt")
    with pytest.raises(DataError, match=r"other\.txt is absent .*cannot be written"):
        download(publish("other.txt", TEXT), folder)
    assert os.listdir(folder) == ["story.txt"]
    folder.chmod(0o755)


# download_extract


@pytest.mark.parametrize(("name", "pack"), [("book.zip", zipped), ("book.tgz", tarred)])
def test_an_archive_is_downloaded_and_unpacked(publish, name, pack):
    folder = download_extract(publish(name, pack()))
    assert os.path.basename(folder) == "book"
    with open(os.path.join(folder, "story.txt"), "rb") as file:
        assert file.read() == TEXT


def test_the_folder_inside_may_have_another_name(publish, user_cache):
    folder = download_extract(publish("other.zip", zipped()), "book")
    assert folder == str(user_cache / "book")


def test_beside_a_read_only_archive_nothing_is_unpacked(
    tmp_path, monkeypatch, user_cache
):
    folder = tmp_path / "read_only"
    folder.mkdir()
    (folder / "book.zip").write_bytes(zipped())
    sha1 = hashlib.sha1(zipped()).hexdigest()
    folder.chmod(0o555)
    monkeypatch.setenv("D2L_DATA", str(folder))
    monkeypatch.setitem(DATA_HUB, "book", ("http://127.0.0.1:9/book.zip", sha1))
    assert download_extract("book") == str(user_cache / "unpacked" / "book")
    assert os.listdir(folder) == ["book.zip"]
    assert (user_cache / "unpacked" / "book" / "story.txt").read_bytes() == TEXT
    folder.chmod(0o755)


def test_a_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "a_file").touch()
    monkeypatch.setattr(downloads, "is_writable", lambda _: True)
    with pytest.raises(DataError, match=r"a_file.* cannot be written to"):
        download("http://127.0.0.1:9/x.txt", tmp_path / "a_file" / "folder")
