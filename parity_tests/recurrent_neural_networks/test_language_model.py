"""Counting n-grams."""

from parity_tests.shared_parity import require_common


def test_ngrams(framework, pool):
    """The model touches no tensor, and is one class for all frameworks."""
    require_common(pool, framework, "NGramLM", "text.ngrams")
