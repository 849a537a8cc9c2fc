"""The checks of linear regression, from scratch and concise."""

from __future__ import annotations

import numpy as np

from parity_tests.distributions import require_normal
from parity_tests.first_weights import first_weights
from parity_tests.function_parity import FunctionParity


class LossParity(FunctionParity):
    """Inherit, set `name` and `builder`, and define `oracle`."""

    wrt = ("y_hat", "y")

    def inputs(self, random):
        return {name: random.standard_normal((7, 1)) for name in self.wrt}


def require_first_weights(pool, run, model, names, shape, std):
    """That weights are normal with a standard deviation, and the bias is zero.

    model: its name and arguments; names: of weight and bias; shape: of the weight, for
    4000 inputs.
    """
    found = first_weights(pool, run, np.zeros((1, 4000)), *model)
    weight, bias = (found[name] for name in names)
    assert weight.shape == shape
    require_normal(weight, 0, std)
    assert bias.tolist() == [0]
