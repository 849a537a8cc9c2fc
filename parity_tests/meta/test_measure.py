"""The measure itself: what it must not let pass, whatever a framework returns."""

import numpy as np
import pytest

from d2l.parity.checks import ParityError, require
from d2l.parity.measure import measure, measure_all
from d2l.parity.oracles.differentiate import gradient, weighted_sum
from d2l.parity.tolerances import TABLE, tolerance
from parity_tests import known_differences
from parity_tests.distributions import require_normal, require_share, require_uniform

NAMES = ("jax", "torch", "forward", "net.0")
ONES = np.ones((2, 3))


def changed(index, value, array=ONES):
    """A copy with one other element."""
    array = np.array(array, dtype=array.dtype)
    array[index] = value
    return array


REJECTED = {
    "one element": (changed((1, 2), 1 + 1e-3), ONES),
    "NaN": (changed((1, 2), np.nan), ONES),
    "NaN in the reference": (ONES, changed((1, 2), np.nan)),
    "NaN on both sides": (changed(0, np.nan), changed(0, np.nan)),
    "infinity": (changed((0, 0), np.inf), ONES),
    "infinity on both sides": (changed(0, np.inf), changed(0, np.inf)),
    "shape": (ONES, np.ones((3, 2))),
    "shape that would broadcast": (ONES, np.ones((1, 3))),
    "scalar": (np.array(1.0), ONES),
    "empty": (np.ones((0, 3)), ONES),
    "precision": (ONES.astype(np.float32), ONES),
    "integers": (ONES.astype(int), ONES),
    "booleans": (ONES.astype(bool), ONES.astype(int)),
    "zeros": (np.zeros((2, 3)), ONES),
    "sign": (-ONES, ONES),
    "tiny values": (np.full(3, 1e-30), np.full(3, 2e-30)),
    "not zero": (np.full(3, 1e-3), np.zeros(3)),
    "permuted": (np.arange(6.0)[::-1], np.arange(6.0)),
}


@pytest.mark.parametrize("case", REJECTED)
def test_rejected(case):
    """Whatever is not the same fails, and the message says whose and what."""
    found = measure(NAMES, *REJECTED[case], tolerance=1e-6)
    assert not found.passed
    with pytest.raises(ParityError, match=r"FAILED jax forward net\.0: "):
        require([found])


def test_message_names_index_and_values():
    """Enough to go looking."""
    found = measure(NAMES, changed((1, 2), 5.0), ONES, tolerance=1e-6)
    assert "at (1, 2): " in str(found)
    assert "5.0" in str(found)
    assert "4.0e+00" in str(found)


def test_accepted():
    """The same, or nearly."""
    require([measure(NAMES, ONES, ONES, 0.0)])
    require([measure(NAMES, ONES + 1e-9, ONES, 1e-6)])
    # Frameworks differ in the width of their integers.
    require([measure(NAMES, np.arange(3), np.arange(3, dtype=np.int32), 0.0)])


def test_nothing_compared():
    """A check that compared nothing has not passed."""
    with pytest.raises(ParityError, match="nothing was compared"):
        require([])
    with pytest.raises(ParityError, match="nothing was compared"):
        require(measure_all(NAMES[:3], {}, {}, 1e-6))


@pytest.mark.parametrize(
    ("actual", "expected", "who"),
    [
        ({"a": ONES}, {"a": ONES, "b": ONES}, "jax has no such tensor"),
        ({"a": ONES, "b": ONES}, {"a": ONES}, "torch has no such tensor"),
        ({}, {"b": ONES}, "jax has no such tensor"),
    ],
)
def test_names_must_agree(actual, expected, who):
    """A tensor that one side lacks is a failure, whichever side it is."""
    found = measure_all(NAMES[:3], actual, expected, 1e-6)
    with pytest.raises(ParityError, match=f"jax forward b: {who}"):
        require(found)


def test_every_failure_is_listed():
    """Not the first one alone."""
    other = {"a": ONES, "b": -ONES, "c": 2 * ONES}
    found = measure_all(NAMES[:3], other, dict.fromkeys(other, ONES), 1e-6)
    with pytest.raises(ParityError) as caught:
        require(found)
    assert [line.split()[3] for line in str(caught.value).splitlines()] == ["b:", "c:"]


def test_tolerance_that_is_no_number_fails():
    """Comparisons with NaN are false, so they must be on the right side."""
    assert not measure(NAMES, ONES, ONES, np.nan).passed


def test_tolerances_are_small_and_have_reasons():
    """No row lets a wrong formula pass in float64."""
    for (kind, precision), row in TABLE.items():
        assert row.reason
        assert row.limit <= (1e-9 if precision == "float64" else 0.1), kind
    assert tolerance("curve", "float64", steps=100) <= 1e-10


def test_known_difference_that_agrees_fails(monkeypatch):
    """An entry of the list that no longer holds is to be deleted."""
    entry = {
        "framework": "jax",
        "precision": "float64",
        "case": "lenet",
        "check": "forward",
        "tensor": "net.0",
        "limit": 1e-2,
    }
    monkeypatch.setattr(known_differences, "read_known_differences", lambda: [entry])
    judged = {
        error: known_differences.expect(
            [measure(NAMES, ONES + error, ONES, 1e-6)], "lenet", "float64"
        )[0]
        for error in (0.0, 1e-3, 1.0)
    }
    assert not judged[0.0].passed
    assert judged[1e-3].passed
    assert not judged[1.0].passed


def test_known_differences_are_about_something():
    """Each names what it is about, how large it is, and why."""
    keys = {"framework", "precision", "case", "check", "tensor", "limit", "reason"}
    for entry in known_differences.read_known_differences():
        assert entry.keys() >= keys


def test_oracles_gradients():
    """Complex steps give the gradient of a known function, to the last digit."""
    x, y = np.random.default_rng(0).standard_normal((2, 3, 4))

    def total(x, y):
        return weighted_sum(np.exp(x) * y**2)

    weights = np.arange(1, 13).reshape(3, 4)
    for position, expected in enumerate(
        (weights * np.exp(x) * y**2, weights * np.exp(x) * 2 * y)
    ):
        np.testing.assert_allclose(
            gradient(total, [x, y], position), expected, rtol=1e-14
        )


def test_distributions_can_fail():
    """Samples of another distribution are told apart."""
    sample = np.random.default_rng(0).standard_normal(4000)
    require_normal(sample, 0, 1)
    for mean, std in ((0.1, 1), (0, 1.1), (0, 0.9)):
        with pytest.raises(AssertionError):
            require_normal(sample, mean, std)
    with pytest.raises(AssertionError):
        require_uniform(np.random.default_rng(0).uniform(0, 1, 4000) ** 1.2, 0, 1)
    with pytest.raises(AssertionError, match="above"):
        require_uniform(np.random.default_rng(0).uniform(0, 1.1, 4000), 0, 1)
    with pytest.raises(AssertionError):
        require_share(np.random.default_rng(0).uniform(size=10_000) < 0.53, 0.5)
    with pytest.raises(AssertionError, match="small sample"):
        require_normal(sample[:10], 0, 1)
