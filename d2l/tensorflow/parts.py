"""The tensors of a model by path, for any model of layers and variables.

Names are those that PyTorch would give to the same structure: attributes from
the model down, positions in sequences, and `weight` and `bias` at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from d2l.common.weights import CONV_KERNEL, DENSE_KERNEL, SAME, Layout

_SCALE_AND_SHIFT = {"gamma": ("weight", SAME), "beta": ("bias", SAME)}
_CONV_1D_KERNEL = Layout(axes=(2, 1, 0))  # (width, inputs, outputs)
_DEPTHWISE_KERNEL = Layout(axes=(2, 3, 0, 1))  # (height, width, channels, 1)

#: What the tensors of Keras's layers are called, and how they are laid out.
KINDS: dict[Any, dict[str, tuple[str, Layout]]] = {
    layers.Dense: {"kernel": ("weight", DENSE_KERNEL), "bias": ("bias", SAME)},
    layers.Conv1D: {"kernel": ("weight", _CONV_1D_KERNEL), "bias": ("bias", SAME)},
    layers.Conv2D: {"kernel": ("weight", CONV_KERNEL), "bias": ("bias", SAME)},
    layers.DepthwiseConv2D: {
        "kernel": ("weight", _DEPTHWISE_KERNEL),
        "bias": ("bias", SAME),
    },
    # (height, width, outputs, inputs) becomes (inputs, outputs, height, width).
    layers.Conv2DTranspose: {"kernel": ("weight", CONV_KERNEL), "bias": ("bias", SAME)},
    layers.Embedding: {"embeddings": ("weight", SAME)},
    layers.LayerNormalization: _SCALE_AND_SHIFT,
    layers.BatchNormalization: _SCALE_AND_SHIFT
    | {"moving_mean": ("running_mean", SAME), "moving_variance": ("running_var", SAME)},
}

#: Layers whose outputs have their features last here, and second canonically.
FEATURES_LAST = (
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv1DTranspose,
    layers.Conv2DTranspose,
    layers.DepthwiseConv2D,
    layers.BatchNormalization,
    layers.GroupNormalization,
)

#: Attributes that hold arguments, models among them, and no parts.
NOT_PARTS = {"hparams"}


@dataclass(frozen=True)
class NamedTensor:
    """A variable of a model; trainable once only, where layers share it."""

    name: str
    variable: Any
    layout: Layout
    trainable: bool


def named_parts(model: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every layer below and including `model`, by path; shared ones repeatedly."""
    yield path, model
    for name, child in _children(model):
        yield from named_parts(child, f"{path}.{name}" if path else name)


def named_tensors(model: Any) -> Iterator[NamedTensor]:
    """Every variable of a model; a part's own ones before those of its parts."""
    seen: set[int] = set()
    for path, part in named_parts(model):
        for name, variable, layout in own_tensors(part):
            is_new = id(variable) not in seen
            seen.add(id(variable))
            full_name = f"{path}.{name}" if path else name
            yield NamedTensor(
                full_name, variable, layout, is_new and variable.trainable
            )
    # What a layer hides in private attributes goes by Keras's own path.
    for variable in getattr(model, "weights", []):
        if id(variable) not in seen:
            name = variable.path.replace("/", ".")
            yield NamedTensor(name, variable, SAME, variable.trainable)


def own_tensors(part: Any) -> Iterator[tuple[str, Any, Layout]]:
    """The name, variable and layout of each tensor that belongs to a part itself."""
    for kind, names in KINDS.items():
        if isinstance(part, kind):
            for attribute, (name, layout) in names.items():
                # A layer that has not been called yet has no tensors.
                variable = getattr(part, attribute, None) if part.built else None
                if variable is not None:
                    yield name, variable, layout
            return
    for name, value in vars(part).items():
        if _is_variable(value) and not name.startswith("_"):
            yield name, value, SAME


def _children(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, keras.Sequential):
        yield from ((str(i), layer) for i, layer in enumerate(part.layers))
    elif isinstance(part, keras.Model) and hasattr(part, "operations"):
        # A functional model: its layers have names and no attributes.
        for layer in part.layers:
            if not isinstance(layer, layers.InputLayer):
                yield layer.name, layer
    elif not isinstance(part, tuple(KINDS)):
        for name, value in vars(part).items():
            if not name.startswith("_") and name not in NOT_PARTS:
                yield from _parts_within(name, value)


def _parts_within(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, (keras.layers.Layer, tf.Module)) and not _is_variable(value):
        yield name, value
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from _parts_within(f"{name}.{i}", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts_within(f"{name}.{key}", item)


def _is_variable(value: Any) -> bool:
    return isinstance(value, (tf.Variable, keras.Variable))


def has_features_last(part: Any) -> bool:
    """Whether a part's outputs have features last that are second canonically.

    A layer of one's own says so by an attribute `features_last`.
    """
    kept = getattr(part, "data_format", "channels_last") == "channels_last"
    is_kind = isinstance(part, FEATURES_LAST) and kept
    return is_kind or getattr(part, "features_last", False)
