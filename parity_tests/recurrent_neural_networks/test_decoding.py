"""Decoding."""

import pytest

from parity_tests.workers import run_task


@pytest.mark.parametrize("name", ["sample_next", "generate", "beam_search"])
def test_decoding(framework, pool, name):
    """The choice is made by the same code in all frameworks."""
    task = {"name": name, "module": "decoding"}
    result, _ = run_task(pool, (framework, "float64"), "texts", "is_common", **task)
    assert result["same"]
