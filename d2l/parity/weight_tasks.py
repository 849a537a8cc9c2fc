"""Tasks that carry weights between the canonical layout and a framework's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from d2l.common.weights import check_weights
from d2l.parity.session import Session
from d2l.parity.tasks import Arrays, Result, task
from d2l.trials.observed import select


@task
def export_weights(session: Session, arrays: Arrays, **subject: Any) -> Result:
    """Canonical weights, `weights.*`, in the framework's own layout.

    subject: trial and data, and what the weights' file says of the model.
    """
    given = select(arrays, "weights")
    slots = list(session.outline(**subject))
    check_weights({s.name: s.canonical().shape for s in slots}, given)
    return {}, {s.name: s.layout.from_canonical(given[s.name]) for s in slots}


@task
def import_weights(session: Session, arrays: Arrays, **subject: Any) -> Result:
    """Weights in the framework's own layout, `weights.*`, as canonical ones."""
    given = select(arrays, "weights")
    slots = list(session.outline(**subject))
    check_weights({s.name: np.shape(s.read()) for s in slots}, given)
    return {}, {s.name: s.layout.to_canonical(given[s.name]) for s in slots}
