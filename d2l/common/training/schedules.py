"""Learning rates that change with the step."""

import math
from collections.abc import Sequence


def cosine_warmup(
    step: int,
    num_steps: int,
    base_lr: float,
    warmup_steps: int = 0,
    final_lr: float = 0.0,
) -> float:
    """A linear rise to `base_lr`, then half a cosine's wave down to `final_lr`.

    Loshchilov and Hutter (2017); the rise is that of Goyal et al. (2017).

    step: from 0 on, where the rate stays at `final_lr` from step `num_steps` on.
    warmup_steps: how many of the steps the rise takes.
    """
    if step < warmup_steps:
        return base_lr * (step + 1) / warmup_steps
    # At least one step, where all are for the rise.
    length = max(1, num_steps - warmup_steps)
    progress = min(1.0, (step - warmup_steps) / length)
    return final_lr + (base_lr - final_lr) * (1 + math.cos(math.pi * progress)) / 2


def step_decay(
    step: int, milestones: Sequence[int], base_lr: float, factor: float = 0.1
) -> float:
    """`base_lr`, multiplied by `factor` at each milestone that has been reached."""
    return base_lr * factor ** sum(step >= milestone for milestone in milestones)
