"""Holding what a framework has computed against NumPy."""

from __future__ import annotations

import numpy as np

from d2l.parity.checks import require, rounded_to
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance


def require_as_in_numpy(run, what, actual, expected, kind="function"):
    """That arrays by name are NumPy's, rounded as the framework's are.

    run: framework and precision; what: they are, for the message; kind: of tolerance.
    """
    framework, precision = run
    expected = {k: rounded_to(precision, np.asarray(v)) for k, v in expected.items()}
    names = (framework, "NumPy", what)
    require(measure_all(names, actual, expected, tolerance(kind, precision)))
