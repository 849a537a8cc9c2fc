"""Python files by path."""

import pytest

from d2l.common.errors import D2LError
from d2l.common.python_files import load_file


def test_a_file_is_executed_once(tmp_path):
    path = tmp_path / "counter.py"
    path.write_text("calls = []\n")
    load_file(str(path)).calls.append(1)
    assert load_file(str(path)).calls == [1]


def test_what_is_no_python_file_is_refused(tmp_path):
    with pytest.raises(D2LError, match=r"There is no file .*absent\.py"):
        load_file(str(tmp_path / "absent.py"))
    (tmp_path / "notes.txt").write_text("x = 1")
    with pytest.raises(D2LError, match=r"notes\.txt is no Python file"):
        load_file(str(tmp_path / "notes.txt"))
