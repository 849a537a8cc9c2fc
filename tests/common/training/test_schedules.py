"""Learning rates over a whole training."""

import numpy as np
import pytest

from d2l.common.training.schedules import cosine_warmup, step_decay


def test_cosine_rises_and_falls():
    rates = [cosine_warmup(step, 50, 0.4, warmup_steps=10) for step in range(60)]
    np.testing.assert_allclose(rates[:10], np.arange(1, 11) * 0.04)
    wave = 0.2 * (1 + np.cos(np.pi * np.arange(41) / 40))
    np.testing.assert_allclose(rates[10:51], wave, atol=1e-16)
    assert max(rates[50:]) == pytest.approx(0)


def test_cosine_ends_at_the_final_rate():
    assert cosine_warmup(0, 10, 0.4, final_lr=0.1) == pytest.approx(0.4)
    assert cosine_warmup(5, 10, 0.4, final_lr=0.1) == pytest.approx(0.25)
    assert cosine_warmup(10, 10, 0.4, final_lr=0.1) == pytest.approx(0.1)


def test_warmup_may_take_all_steps():
    assert cosine_warmup(9, 10, 0.4, warmup_steps=10) == pytest.approx(0.4)
    assert cosine_warmup(10, 10, 0.4, warmup_steps=10) == pytest.approx(0.4)


def test_steps():
    rates = [step_decay(step, (3, 5), 0.8, factor=0.5) for step in range(7)]
    assert rates == pytest.approx([0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2])
    assert step_decay(4, (), 0.8) == 0.8
