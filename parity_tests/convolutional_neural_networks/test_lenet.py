"""LeNet in four frameworks."""

import numpy as np
import pytest

from d2l.common.axes import IMAGES
from parity_tests.first_weights import first_weights, require_xavier

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
    images, model = np.zeros((1, 1, 28, 28)), ("LeNet", {"lr": 0.1})
    more = {"init": "init_cnn", "axes": IMAGES}
    found = first_weights(pool, any_run, images, *model, **more)
    require_xavier(found[name], FANS[name])
