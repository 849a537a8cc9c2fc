"""The benchmarks compare the same computations."""

import pytest

from benchmarks.cases import CASES
from benchmarks.small import run_small


@pytest.mark.parametrize("name", CASES)
def test_ours_and_the_plain_one_agree(name):
    run_small("tensorflow", name)
