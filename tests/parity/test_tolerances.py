"""The table of tolerances is complete, and float64 is the stricter half."""

import pytest

from d2l import trials
from d2l.parity.tolerances import JUDGED_STEPS, TABLE, judged_steps, tolerance


def test_every_row_has_a_reason():
    assert all(row.reason for row in TABLE.values())


@pytest.mark.parametrize("kind", sorted({k for k, p in TABLE if p == "float64"}))
def test_float64_is_stricter(kind):
    assert TABLE[kind, "float64"].limit < TABLE[kind, "float32"].limit


def test_the_promised_limits():
    assert tolerance("forward", "float64") <= 1e-12
    assert tolerance("gradients", "float64") <= 1e-11
    assert tolerance("curve", "float64", steps=100, smooth=False) <= 1e-10


def test_kinks_matter_in_float32_alone():
    limits = {
        (precision, smooth): tolerance("curve", precision, steps=100, smooth=smooth)
        for precision in ("float32", "float64")
        for smooth in (True, False)
    }
    assert limits["float32", False] > limits["float32", True]
    assert limits["float64", False] == limits["float64", True]


def test_only_float32_is_judged_over_fewer_steps():
    steps = {r.name: judged_steps(r, "float32") for r in trials.TRIALS.values()}
    assert min(steps.values()) >= 20
    assert steps["lenet"] == JUDGED_STEPS > steps["resnet18"]
    assert judged_steps(trials.find("resnet18"), "float64") == JUDGED_STEPS


def test_an_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        tolerance("guess", "float64")
