"""The book's helpers: downloads that are verified, archives that stay in place."""

import contextlib
import gzip
import hashlib
import io
import os
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2l.common import downloads
from d2l.common.catalogue import find_data_set
from d2l.common.downloads import DATA_HUB, DATA_URL, download, download_extract, extract
from d2l.common.errors import DataError, InputError

pytest_plugins = ["file_server"]
pytestmark = pytest.mark.usefixtures("user_cache")

TEXT = b"The Time Traveller\n"
SHA1 = hashlib.sha1(TEXT).hexdigest()


# download


def test_the_hub_knows_the_house_prices():
    for part in ("train", "test"):
        url, sha1 = DATA_HUB[f"kaggle_house_{part}"]
        assert url == f"{DATA_URL}kaggle_house_pred_{part}.csv"
        assert len(sha1) == 40
        assert url in {u for f in find_data_set("kaggle_house").files for u in f.urls}


def test_a_file_is_downloaded_into_the_data_folder(server, user_cache):
    path = download(server.add("story.txt", TEXT), sha1_hash=SHA1)
    assert path == str(user_cache / "story.txt")
    assert (user_cache / "story.txt").read_bytes() == TEXT


def test_a_folder_of_ones_own_is_used_as_given(server, tmp_path):
    path = download(server.add("story.txt", TEXT), tmp_path / "new", SHA1)
    assert path == str(tmp_path / "new" / "story.txt")


def test_a_name_in_the_hub_stands_for_address_and_hash(server, monkeypatch):
    entry = (server.add("story.txt", TEXT), SHA1)
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


def test_a_file_with_another_hash_is_replaced(server, tmp_path):
    (tmp_path / "story.txt").write_bytes(TEXT[:5])
    download(server.add("story.txt", TEXT), tmp_path, SHA1)
    assert (tmp_path / "story.txt").read_bytes() == TEXT


def test_a_wrong_download_never_arrives(server, tmp_path):
    with pytest.raises(DataError, match="another checksum"):
        download(server.add("story.txt", b"other"), tmp_path, SHA1)
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


def test_a_read_only_folder_is_used_but_left_alone(server, tmp_path):
    folder = tmp_path / "read_only"
    folder.mkdir()
    (folder / "story.txt").write_bytes(TEXT)
    folder.chmod(0o555)
    url = server.add("story.txt", TEXT)
    assert download(url, folder, SHA1) == str(folder / "story.txt")
    with pytest.raises(DataError, match=r"other\.txt is absent .*cannot be written"):
        download(server.add("other.txt", TEXT), folder)
    assert os.listdir(folder) == ["story.txt"]
    folder.chmod(0o755)


# extract


def make_zip(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def make_tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


MEMBERS = {"book/story.txt": TEXT, "book/part/end.txt": b"The End"}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("book.zip", make_zip),
        ("book.tar", make_tar),
        ("book.tar.gz", lambda path, members: make_tar(path, members, "w:gz")),
        ("book.tgz", lambda path, members: make_tar(path, members, "w:gz")),
        ("book.tar.xz", lambda path, members: make_tar(path, members, "w:xz")),
    ],
)
def test_archives_are_unpacked(tmp_path, name, make):
    archive = make(tmp_path / name, MEMBERS)
    extract(str(archive))
    extract(archive, tmp_path / "elsewhere")
    for folder in (tmp_path, tmp_path / "elsewhere"):
        for member, content in MEMBERS.items():
            assert (folder / member).read_bytes() == content


def test_a_single_packed_file_is_unpacked(tmp_path):
    (tmp_path / "story.txt.gz").write_bytes(gzip.compress(TEXT))
    extract(tmp_path / "story.txt.gz", tmp_path / "new")
    assert (tmp_path / "new" / "story.txt").read_bytes() == TEXT


ESCAPES = ["../x", "a/../../x", "/tmp/x", "..\\x", "C:\\x", "C:x", "\\x", ".."]


@pytest.mark.parametrize("make", [make_zip, make_tar])
@pytest.mark.parametrize("member", ESCAPES)
def test_members_cannot_leave_the_folder(tmp_path, make, member):
    archive = make(tmp_path / "bad", {"good.txt": TEXT, member: TEXT})
    with pytest.raises(DataError, match="leads out of the folder"):
        extract(archive, tmp_path / "target")
    assert not (tmp_path / "target").exists()  # Not even the good member.


@settings(max_examples=60)
@given(
    parts=st.lists(
        st.sampled_from(["..", ".", "a", "b.txt", "C:", " ", ""]), min_size=2
    ),
    make=st.sampled_from([make_zip, make_tar]),
)
def test_whatever_the_names_nothing_lands_outside(tmp_path_factory, parts, make):
    home = tmp_path_factory.mktemp("home")
    target = home / "in" / "target"
    target.mkdir(parents=True)
    make(home / "bad", {"/".join(parts): TEXT})
    with contextlib.suppress(DataError):
        extract(home / "bad", target)
    outside = [path for path in home.rglob("*") if target not in path.parents]
    assert sorted(outside) == [home / "bad", home / "in", target]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path, kind):
    with tarfile.open(tmp_path / "bad.tar", "w") as archive:
        member = tarfile.TarInfo("passwords")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    with pytest.raises(DataError, match="'passwords' is a link or a device"):
        extract(tmp_path / "bad.tar")


def test_links_in_a_zip_are_refused(tmp_path):
    link = zipfile.ZipInfo("passwords")
    link.external_attr = 0o120777 << 16
    make_zip(tmp_path / "bad.zip", {link: b"/etc/passwd"})
    with pytest.raises(DataError, match="'passwords' is a link"):
        extract(tmp_path / "bad.zip")


def test_without_tar_filters_the_checks_suffice(tmp_path, monkeypatch):
    monkeypatch.delattr(tarfile, "data_filter")
    extract(make_tar(tmp_path / "book.tar", MEMBERS))
    assert (tmp_path / "book" / "story.txt").read_bytes() == TEXT


@pytest.mark.parametrize("name", ["book.zip", "book.tar.gz", "story.txt.gz"])
def test_damaged_archives_are_named(tmp_path, name):
    archive = tmp_path / name
    if name.endswith(".zip"):
        make_zip(archive, MEMBERS)
        damaged = archive.read_bytes().replace(TEXT, TEXT.upper())
    else:
        make_tar(archive, {"a": os.urandom(99_999)}, "w:gz")
        damaged = archive.read_bytes()[:50_000]
    archive.write_bytes(damaged)
    with pytest.raises(DataError, match=rf"{name} is damaged"):
        extract(archive, tmp_path / "target")


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "story.txt").write_bytes(TEXT)
    with pytest.raises(DataError, match="no zip, tar or gz"):
        extract(tmp_path / "story.txt")
    with pytest.raises(DataError, match="no archive"):
        extract(tmp_path / "none.zip")


def test_a_target_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "story.txt").write_bytes(TEXT)
    archive = make_zip(tmp_path / "book.zip", MEMBERS)
    with pytest.raises(DataError, match=r"book\.zip cannot be unpacked"):
        extract(archive, tmp_path / "story.txt")


# download_extract


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("book.zip", make_zip),
        ("book.tar.gz", lambda path, members: make_tar(path, members, "w:gz")),
    ],
)
def test_an_archive_is_downloaded_and_unpacked(server, tmp_path, name, make):
    url = server.add(name, make(tmp_path / name, MEMBERS).read_bytes())
    folder = download_extract(url)
    with open(os.path.join(folder, "story.txt"), "rb") as file:
        assert file.read() == TEXT


def test_the_folder_inside_may_have_another_name(server, tmp_path, user_cache):
    packed = make_zip(tmp_path / "a.zip", MEMBERS).read_bytes()
    assert download_extract(server.add("a.zip", packed), "book") == str(
        user_cache / "book"
    )


def test_beside_a_read_only_archive_nothing_is_unpacked(
    tmp_path, monkeypatch, user_cache
):
    folder = tmp_path / "read_only"
    folder.mkdir()
    sha1 = hashlib.sha1(make_zip(folder / "book.zip", MEMBERS).read_bytes()).hexdigest()
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
