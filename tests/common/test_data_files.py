"""Every data set of files: small ones in the formats of the published, and those."""

import pytest

from d2l.common.data.catalogue import (
    catalogue,
    data_folder,
    find_data_set,
    is_present,
    locate,
)
from d2l.common.errors import DataError
from parity_tests.small_files import small_files

NAMES = [name for name, entry in catalogue().items() if not entry.is_embedded]


@pytest.mark.parametrize("name", NAMES)
def test_files_in_the_data_folder_are_the_ones_in_the_catalogue(name, put_files):
    put_files(name)
    assert is_present(name)
    assert locate(name) == {
        file.name: data_folder() / file.path for file in find_data_set(name).files
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_breaks_off_is_not_used(name, tmp_path):
    with small_files(name, tmp_path) as data_set:
        for file in data_set.files:
            path = tmp_path / file.path
            content = path.read_bytes()
            path.write_bytes(content[:-1])
            with (
                pytest.warns(UserWarning, match=f"{path.name} is truncated"),
                pytest.raises(DataError, match=f"{path.name} is truncated"),
            ):
                locate(name)
            path.write_bytes(content)
