"""Unpacking: what is in an archive, and nowhere else than asked for."""

import contextlib
import gzip
import io
import os
import tarfile
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from d2l.common.data.downloads import extract
from d2l.common.errors import DataError

TEXT = b"The Time Traveller\n"


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
