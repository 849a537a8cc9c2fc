"""Counting n-grams."""

from parity_tests.workers import run_task


def test_ngrams(framework, pool):
    """The model touches no tensor, and is one class for all frameworks."""
    task = {"name": "NGramLM", "module": "ngrams"}
    result, _ = run_task(pool, (framework, "float64"), "texts", "is_common", **task)
    assert result["same"]
