"""Fixtures of the tests that look for files of data, or fetch them."""

import pytest


@pytest.fixture
def user_cache(tmp_path, monkeypatch):
    """A cache folder of the user's, empty, for this test alone."""
    folder = tmp_path / "cache" / "d2l"
    monkeypatch.setattr("pooch.os_cache", lambda _: folder)
    monkeypatch.delenv("D2L_DATA", raising=False)
    return folder
