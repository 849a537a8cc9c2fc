"""Optimizers and gradient clipping, step by step, for named parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

Arrays = dict[str, np.ndarray]
#: Changes parameters and state in place.
Step = Callable[[Arrays, Arrays, Arrays], None]


def sgd(
    lr: float,
    momentum: float = 0.0,
    weight_decay: float | Mapping[str, float] = 0.0,
) -> Step:
    """Gradient descent; weight decay, which may be that of some parameters alone,
    is added to the gradient (L2).
    """

    def step(parameters: Arrays, gradients: Arrays, state: Arrays) -> None:
        for name, w in parameters.items():
            decay = weight_decay
            if isinstance(decay, Mapping):
                decay = decay.get(name, 0.0)
            v = gradients[name] + decay * w
            if momentum:
                key = f"momentum_buffer.{name}"
                # The first velocity is the gradient itself.
                v = momentum * state.get(key, 0.0) + v
                state[key] = v
            parameters[name] = w - lr * v

    return step


def adam(
    lr: float, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8
) -> Step:
    """Adam (Kingma and Ba, 2015, algorithm 1)."""

    def step(parameters: Arrays, gradients: Arrays, state: Arrays) -> None:
        t = state["step"] = np.asarray(state.get("step", 0.0) + 1)
        for name, g in gradients.items():
            keys = f"exp_avg.{name}", f"exp_avg_sq.{name}"
            averages = []
            for key, beta, value in zip(keys, betas, (g, g**2), strict=True):
                state[key] = beta * state.get(key, 0.0) + (1 - beta) * value
                averages.append(state[key] / (1 - beta**t))
            m, v = averages
            parameters[name] = parameters[name] - lr * m / (np.sqrt(v) + eps)

    return step


def clip_by_norm(gradients: Arrays, theta: float) -> Arrays:
    """Scale all gradients alike so that their joint norm is at most `theta`."""
    norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
    scale = min(1.0, theta / norm) if norm > 0 else 1.0
    return {name: scale * g for name, g in gradients.items()}


OPTIMIZERS: dict[str, Callable[..., Step]] = {"sgd": sgd, "adam": adam}
