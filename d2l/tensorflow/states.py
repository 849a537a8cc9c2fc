"""What the objects of TensorFlow and Keras hold, for checkpoints."""

from __future__ import annotations

import functools
import inspect

import keras
import numpy as np
import tensorflow as tf

from d2l.common.training.state_kinds import Attribute, Held, Kinds, StateError

from . import generators as global_ones
from .hidden_draws import draws_of_dataset
from .optimizers import Optimizer
from .parts import named_tensors
from .weights import foreign

VARIABLES = (tf.Variable, keras.Variable)
#: Objects that know their variables; what else Keras keeps in them is no state.
KERAS = (
    keras.layers.Layer,
    keras.metrics.Metric,
    keras.optimizers.Optimizer,
)
#: What Keras sets in every one of its objects, and can be another while training.
STATE_OF_KERAS = {"_trainable", "_learning_rate"}
#: Public attributes that Keras sets in every layer and model.
PUBLIC = {
    "activity_regularizer",
    "autocast",
    "build",
    "built",
    "call_signature_parameters",
    "compiled",
    "loss",
    "name",
    "output_names",
    "predict_function",
    "quantize",
    "steps_per_execution",
    "supports_jit",
    "test_function",
    "train_function",
    "unrolled_steps_per_execution",
}
#: What is made anew, or holds no numbers.
STATELESS = (
    tf.DType,
    tf.TensorShape,
    tf.TypeSpec,
    tf.types.experimental.PolymorphicFunction,
    tf.types.experimental.ConcreteFunction,
    tf.distribute.Strategy,
    keras.KerasTensor,
    keras.InputSpec,
    keras.DTypePolicy,
)


class States(Kinds):
    """Tensors, variables and `tf.random.Generator`s.

    Of a layer, a metric or an optimizer the state is its `variables`, and what the
    classes that are made of Keras's own have set themselves.
    """

    def is_array(self, value):
        """Whether `value` is a tensor or a variable."""
        return isinstance(value, (tf.Tensor, *VARIABLES))

    def read(self, value):
        """Its numbers; its type, what it is, and whether it is trained."""
        if _is_symbolic(value):
            return np.zeros(0), {"kind": "symbolic"}
        array = np.array(value.numpy())
        note = {"kind": _kind(value), "dtype": array.dtype.name}
        if isinstance(value, VARIABLES):
            note["trainable"] = bool(value.trainable)
        if array.dtype.kind == "V":  # bfloat16 and others that NumPy lacks
            array = array.view(f"int{8 * array.dtype.itemsize}")
        return array, note

    def write(self, current, array, note):
        """Fill a variable; a tensor cannot be changed, and is made anew."""
        if note["kind"] == "symbolic":
            return current
        if not isinstance(current, VARIABLES) or note["kind"] == "tensor":
            return self.make(array, note)
        current.assign(_numbers(array, note))
        if isinstance(current, keras.Variable):
            current.trainable = note["trainable"]
        return current

    def make(self, array, note):
        """A tensor or a variable."""
        kind = note["kind"]
        if kind == "symbolic":  # of a step that is compiled anew
            return None
        numbers = _numbers(array, note)
        if kind == "tensor":
            return tf.constant(numbers)
        make = tf.Variable if kind == "variable" else keras.Variable
        return make(numbers, dtype=note["dtype"], trainable=note["trainable"])

    def holder(self, value):
        """A generator, or a data set that draws, whose state cannot be had."""
        if isinstance(value, tf.random.Generator):
            return _held(value.state)
        if isinstance(value, tf.data.Dataset):
            return Held(functools.partial(_refuse, value), lambda state: None)
        return None

    def is_stateless(self, value):
        """Types, compiled functions, data that draws nothing."""
        if isinstance(value, tf.data.Dataset):
            return not draws_of_dataset(value)
        return isinstance(value, STATELESS)

    def attributes(self, owner):
        """Those of a class's own; of Keras's objects what they are made of, too."""
        if _is_wrapper(owner):
            return
        left_out = _internals(owner)
        for attribute in super().attributes(owner):
            if attribute.name not in left_out:
                yield attribute
        for name in _names_of_parts(owner):
            # A tuple is not filled in place, so that a change is noticed.
            parts = tuple(getattr(owner, name))
            yield Attribute(name, parts, functools.partial(_other, owner, name))


def _names_of_parts(owner):
    """Properties of Keras's objects that list what they are made of."""
    if not isinstance(owner, KERAS):
        return []
    is_layer = isinstance(owner, keras.layers.Layer)
    names = ("variables", "layers" if is_layer else "optimizers")
    return [n for n in names if hasattr(type(owner), n) and n not in vars(owner)]


def _is_symbolic(value):
    """Whether a tensor is of a compiled step, and has numbers only while that runs."""
    return isinstance(value, tf.Tensor) and not hasattr(value, "numpy")


def _kind(value):
    if isinstance(value, keras.Variable):
        return "keras"
    return "variable" if isinstance(value, tf.Variable) else "tensor"


def _numbers(array, note):
    return array.view(tf.as_dtype(note["dtype"]).as_numpy_dtype)


def _held(variable):
    return Held(lambda: variable.numpy(), variable.assign)


def _refuse(dataset):
    raise StateError(
        f"A {type(dataset).__name__} of tf.data that draws anew at every pass cannot "
        "be saved in a checkpoint: TensorFlow keeps its state to itself. "
        "DataModule.get_tensorloader makes one that can."
    )


def _other(owner, name, value):
    raise StateError(
        f"The {type(owner).__name__} has {len(getattr(owner, name))} {name} here, and "
        f"{len(value)} in the checkpoint."
    )


def _is_wrapper(owner):
    """Lists and the like of an object that Keras or TensorFlow watches."""
    is_container = isinstance(owner, (list, tuple, dict, set))
    return is_container and _is_theirs(type(owner))


def _internals(owner):
    """Attributes that Keras or TensorFlow has set in an object for itself.

    Among them are names and keys, which are others whenever an object is made anew.
    """
    if not isinstance(owner, (*KERAS, tf.Module)):
        return set()
    private = _private_names(type(owner))
    left_out = {n for n in vars(owner) if n in private or n.startswith("_self_")}
    public = PUBLIC if isinstance(owner, keras.layers.Layer) else {"name", "built"}
    return (left_out | public) - STATE_OF_KERAS


@functools.cache
def _private_names(cls):
    """Private names in the code of those of a class's ancestors that are not ours."""
    parts = [
        getattr(part, "__func__", getattr(part, "fget", part))
        for ancestor in cls.__mro__
        if _is_theirs(ancestor)
        for part in vars(ancestor).values()
    ]
    codes = [getattr(inspect.unwrap(p), "__code__", None) for p in parts if p]
    return {n for c in codes if c for n in c.co_names if n.startswith("_")}


def _is_theirs(cls):
    return cls.__module__.startswith(("keras.", "tensorflow."))


def stored_arrays(model, optim):
    """By `id`, the variables that `training_state` has as they are, and its names."""
    stored = {}
    for tensor in named_tensors(model):
        if tensor.layout.axes is None:
            stored.setdefault(id(tensor.variable), f"model.{tensor.name}")
            if tensor.trainable and isinstance(optim, Optimizer):
                for name, variable in optim.kept_for(tensor.variable).items():
                    stored[id(variable)] = f"optimizer.{name}.{tensor.name}"
    return stored


def why_not_portable(trainer):
    """What no other framework can go on with; empty if there is nothing."""
    optim = trainer.optim
    schedule = getattr(optim, "_learning_rate", None)
    if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        return f"Keras's schedule {type(schedule).__name__}"
    is_own = isinstance(optim, Optimizer)
    # Plain descent of Keras's has none but its count of steps.
    if is_own or (isinstance(optim, keras.optimizers.SGD) and not foreign(optim)):
        return ""
    return f"the state of Keras's {type(optim).__name__}"


def generators():
    """TensorFlow's, Keras's and that of our own draws."""
    return {
        "tensorflow": Held(global_ones.eager_state, global_ones.set_eager_state),
        "compiled": _held(global_ones.compiled().state),
        "keras": Held(global_ones.keras_state, global_ones.set_keras_state),
    }


def precision():
    """The default precision by name."""
    return keras.config.floatx()
