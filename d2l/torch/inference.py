"""What saves time where nothing is trained."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import nn
from torch.nn.modules.lazy import LazyModuleMixin


def inference(model: nn.Module) -> AbstractContextManager[None]:
    """What to call a model in, which is no longer in training mode.

    returns: inference mode, or merely no gradients. Tensors made in inference mode can
    never be trained with: a lazy layer's weights must not be, nor what a reader's own
    layer may keep for later calls.
    """
    modules = list(model.modules())
    if any(module.training for module in modules):  # telling all of them takes long
        model.eval()
    safe = all(map(_is_safe, modules))
    return torch.inference_mode() if safe else torch.no_grad()


def _is_safe(module: nn.Module) -> bool:
    known = type(module).__module__.startswith(("torch.", "d2l."))
    return known and not isinstance(module, LazyModuleMixin)
