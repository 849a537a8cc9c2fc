"""Judging random numbers by their distribution.

Frameworks draw different numbers from one seed, so what can agree is the
distribution. All samples are seeded: a test gives the same verdict every time.
A right implementation would fail a test for one seed in a thousand; the seeds
here are not among those.
"""

from __future__ import annotations

import numpy as np
import scipy

#: The probability at which a sample counts as one from another distribution.
SIGNIFICANCE = 1e-3


def require_normal(sample, mean, std):
    """By Kolmogorov and Smirnov's test, and by the sample's variance.

    The first is slow to see a wrong standard deviation.
    """
    _require_continuous(sample, scipy.stats.norm(mean, std), f"N({mean}, {std}^2)")
    sample = np.asarray(sample, np.float64).reshape(-1)
    squares = scipy.stats.chi2(sample.size)
    p = 2 * squares.cdf((((sample - mean) / std) ** 2).sum())
    p = min(p, 2 - p)
    assert p > SIGNIFICANCE, f"standard deviation {sample.std():.4g} (p {p:.1e})"


def require_uniform(sample, low, high):
    """By Kolmogorov and Smirnov's test, and by the bounds."""
    sample = np.asarray(sample, np.float64)
    # Bounds of float32 may lie half a unit in the last place outside.
    slack = 1e-6 * max(abs(low), abs(high))
    assert sample.min() >= low - slack, f"{sample.min()} is below {low}"
    assert sample.max() <= high + slack, f"{sample.max()} is above {high}"
    _require_continuous(
        sample, scipy.stats.uniform(low, high - low), f"U({low}, {high})"
    )


def require_share(hits, share):
    """That each of `hits`, booleans, is true with probability `share`."""
    hits = np.asarray(hits).reshape(-1)
    p = scipy.stats.binomtest(int(hits.sum()), hits.size, share).pvalue
    assert p > SIGNIFICANCE, f"{hits.mean():.4f} of them instead of {share} (p {p:.1e})"


def _require_continuous(sample, distribution, name):
    sample = np.asarray(sample, np.float64).reshape(-1)
    assert sample.size >= 1000, "a small sample could be from anywhere"
    assert np.isfinite(sample).all()
    result = scipy.stats.kstest(sample, distribution.cdf)
    assert result.pvalue > SIGNIFICANCE, (
        f"not from {name}: p {result.pvalue:.1e}, mean {sample.mean():.4g}, "
        f"standard deviation {sample.std():.4g}"
    )
