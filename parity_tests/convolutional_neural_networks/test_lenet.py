"""LeNet in four frameworks."""

import numpy as np
import pytest

from d2l.common.axes import IMAGES
from parity_tests.distributions import require_uniform
from parity_tests.workers import run_task

#: For each weight with enough elements: its inputs and outputs, as Xavier's rule
#: counts them.
FANS = {
    "net.3.weight": (6 * 25, 16 * 25),
    "net.7.weight": (400, 120),
    "net.9.weight": (120, 84),
}


@pytest.mark.parametrize("name", FANS)
def test_init_cnn(any_run, pool, name):
    """Uniform, with the variance 2 / (inputs + outputs)."""
    result, found = run_task(
        pool,
        any_run,
        "samples",
        "initial_weights",
        arrays={"inputs": np.zeros((1, 1, 28, 28))},
        seed=1,
        name="LeNet",
        arguments={"lr": 0.1},
        init="init_cnn",
        axes=IMAGES,
    )
    bound = np.sqrt(6 / sum(FANS[name]))
    require_uniform(found[name], -bound, bound)
    assert result["dtypes"] == [any_run[1]]
