"""TensorFlow's side of the parity engine."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from d2l.common import trees
from d2l.parity.backend import Backend, Gradients

from .parts import has_features_last, named_parts, named_tensors, own_tensors
from .randomness import shared_dropout

#: The gradient by what the loss does not depend on, which would be None.
ZERO = tf.UnconnectedGradients.ZERO


class TensorFlowBackend(Backend):
    """Kernels have their inputs before their outputs, images their channels last."""

    name = "tensorflow"
    channels_last = True

    def configure(self, precision):
        """Set the default dtype, one thread, and full precision on GPUs."""
        keras.config.set_floatx(precision)
        # An existing policy does not follow floatx by itself.
        keras.config.set_dtype_policy(precision)
        tf.config.experimental.enable_tensor_float_32_execution(False)
        # TensorFlow refuses both once it has computed anything.
        with contextlib.suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
            for device in tf.config.list_physical_devices("GPU"):
                # Else it would take the whole memory, which others need too.
                tf.config.experimental.set_memory_growth(device, True)

    def use_gpu(self):
        """Refuse draws without a seed, and kernels without a fixed order."""
        super().use_gpu()
        tf.config.experimental.enable_op_determinism()
        self.seed(0)

    def seed(self, seed):
        """Seed the generators of TensorFlow, Keras, NumPy and Python."""
        keras.utils.set_random_seed(seed)

    def to_tensor(self, array):
        """Floats in the default precision, integers kept."""
        array = np.asarray(array)
        is_float = np.issubdtype(array.dtype, np.floating)
        dtype = keras.config.floatx() if is_float else array.dtype
        return tf.convert_to_tensor(array.astype(dtype))

    def to_numpy(self, tensor):
        """A tensor's values."""
        if isinstance(tensor, tf.IndexedSlices):
            tensor = tf.convert_to_tensor(tensor)
        return tensor.numpy() if hasattr(tensor, "numpy") else tensor

    def apply(self, model, inputs, training):
        """A model's output; Keras's layers are told the mode when they are called."""
        mode = {"training": training} if isinstance(model, keras.layers.Layer) else {}
        if isinstance(inputs, Mapping):
            return model(**inputs, **mode)
        return model(*inputs, **mode)

    def features_last(self, model):
        """Parts that are kinds of layers, or say so themselves."""
        return {path for path, part in named_parts(model) if has_features_last(part)}

    def observe(self, model, step, batch, training):
        """Outputs of parts are caught where layers are called."""
        paths = {
            id(part): path
            for path, part in named_parts(model)
            if path and next(own_tensors(part), None)
        }
        with _mode(model, training), _recording({id(model): ""} | paths) as parts:
            return step(model, batch), parts

    def gradients(self, model, step, batch):
        """By a gradient tape."""
        tensors = [t for t in named_tensors(model) if t.trainable]
        floats = {p: x for p, x in trees.leaves(batch) if _is_float(x)}
        with _mode(model, True), tf.GradientTape() as tape:
            tape.watch(list(floats.values()))
            loss = step(model, batch)
        # A tape cannot make the zero gradient of a keras.Variable that is not used.
        variables = [_tf_variable(t.variable) for t in tensors]
        sources = variables + list(floats.values())
        found = tape.gradient(loss, sources, unconnected_gradients=ZERO)
        arrays = [self.to_numpy(g) for g in found]
        parameters = {
            t.name: t.layout.to_canonical(g)
            for t, g in zip(tensors, arrays, strict=False)
        }
        own = dict(zip(floats, arrays[len(tensors) :], strict=True))
        return Gradients(float(loss), parameters, own)

    def call(self, function, arguments, wrt):
        """By a gradient tape over the weighted sum."""
        chosen = [arguments[i] for i in wrt]
        with tf.GradientTape() as tape:
            tape.watch(chosen)
            output = function(*arguments)
            if not wrt:
                return output, []
            flat = tf.reshape(output, [-1])
            total = tf.reduce_sum(flat * tf.range(1, flat.shape[0] + 1, 1, flat.dtype))
        found = tape.gradient(total, chosen, unconnected_gradients=ZERO)
        return output, [tf.convert_to_tensor(g) for g in found]

    def shared_dropout(self, seed):
        """Dropout layers draw from the shared stream of masks meanwhile."""
        return shared_dropout(seed)

    def synchronise(self):
        """Wait for the GPUs; the processor is always done."""
        for device in tf.config.list_logical_devices("GPU"):
            with tf.device(device.name):
                tf.zeros(()).numpy()  # comes after all that was asked before


@contextlib.contextmanager
def _mode(model, training):
    """One of the book's models is in a mode meanwhile; others are told by a call."""
    if not hasattr(model, "training_step"):
        yield
        return
    before, model.training = model.training, training
    try:
        yield
    finally:
        model.training = before


def _is_float(leaf):
    return tf.is_tensor(leaf) and leaf.dtype.is_floating


def _tf_variable(variable):
    return variable.value if isinstance(variable, keras.Variable) else variable


@contextlib.contextmanager
def _recording(paths):
    """Keep what the layers of `paths`, by identity, return meanwhile."""
    outputs = {}
    own_call = keras.layers.Layer.__call__

    def call(self, *args, **kwargs):
        output = own_call(self, *args, **kwargs)
        if id(self) in paths:
            outputs[paths[id(self)]] = output
        return output

    keras.layers.Layer.__call__ = call
    try:
        yield outputs
    finally:
        keras.layers.Layer.__call__ = own_call


BACKEND = TensorFlowBackend()
