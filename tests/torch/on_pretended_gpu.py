"""Trials on the processor, then on a device that pretends to be a GPU.

Prints, as JSON, the largest relative error for each trial and task, and what the device
refuses.
"""

import json
import os
import sys

import numpy as np
import torch
from pretended_gpu import pretended_gpu

from d2l import trials
from d2l.parity.environment import VARIABLE
from d2l.parity.initial_weights import initial_weights
from d2l.parity.session import Session
from d2l.parity.tasks import TASKS
from d2l.trials.observed import prefixed

WORK = {"forward": {}, "gradients": {}, "curve": {"steps": 2}}


def results(names):
    """What the tasks return of each trial in a new session, from the same weights."""
    session = Session("torch", "float64")
    found = {}
    for name in names:
        shapes = TASKS["shapes"](session, {}, name, None)[0]["shapes"]
        filled = initial_weights({k: tuple(s) for k, s in shapes.items()}, 0)
        arrays = prefixed("weights", filled)
        checks = {check for check, _ in trials.find(name).checks()}
        for task in WORK.keys() & checks:
            arguments = {"trial": name, **WORK[task]}
            found[f"{name} {task}"] = TASKS[task](session, arrays, **arguments)[1]
    return found


def largest_error(found, expected):
    """Of any array, by its largest element."""
    assert found.keys() == expected.keys()
    return max(
        float(np.abs(array - found[name]).max() / (np.abs(array).max() or 1))
        for name, array in expected.items()
    )


def refused(work):
    """What is said when something is done that a GPU refuses; None for nothing."""
    try:
        work()
    except (RuntimeError, TypeError) as error:
        return str(error)
    return None


def main():
    """Run the trials that are named."""
    names = sys.argv[1:]
    expected = results(names)
    os.environ[VARIABLE] = "gpu"
    torch.cuda.device_count = lambda: 1
    with pretended_gpu() as device:
        own = torch.set_default_device
        torch.set_default_device = lambda name: own({"cuda": device}[name])
        found = results(names)
        here, there = torch.ones(2, device="cpu"), torch.normal(0, 1, (2,))
        said = {
            "mixed": refused(lambda: here + there),
            "numpy": refused(there.numpy),
            "fine": refused(lambda: there + there.cpu().to(device)),
        }
    errors = {case: largest_error(found[case], own) for case, own in expected.items()}
    print(json.dumps({"errors": errors, "refused": said}), flush=True)
    # The interpreter would take the device's hooks apart in the wrong order.
    os._exit(0)


if __name__ == "__main__":
    main()
