"""Inference mode, which saves PyTorch what training would need, where it is safe."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import nn
from torch.nn.parameter import is_lazy


def inference(model: nn.Module) -> AbstractContextManager[None]:
    """What to call a model in: inference mode, else merely no gradients.

    Tensors made in inference mode can never be trained with: a lazy layer's weights
    must not be, nor what a reader's own layer may keep for later calls.
    """
    known = all(_is_known(module) for module in model.modules())
    if known and not any(map(is_lazy, model.parameters())):
        return torch.inference_mode()
    return torch.no_grad()


def _is_known(module: nn.Module) -> bool:
    return type(module).__module__.startswith(("torch.", "d2l."))
