"""The random generators that nobody has to make: TensorFlow's, Keras's and one more."""

from __future__ import annotations

import secrets

import tensorflow as tf
from keras.src.backend.common import global_state
from keras.src.random import seed_generator
from tensorflow.python.eager.context import context

_compiled = None
#: What TensorFlow drew operations' seeds from when ours was seeded last.
_seeded_by = None


def compiled():
    """The generator of the draws in compiled steps.

    It begins anew where `tf.random.set_seed` or `keras.utils.set_random_seed` was
    called since the last time.
    """
    global _compiled, _seeded_by
    seeds, seed = _operation_seeds(), context()._seed
    with tf.init_scope():
        if _compiled is None:
            # TensorFlow refuses to choose one where operations are to be repeatable.
            _compiled = tf.random.Generator.from_seed(secrets.randbits(62), "philox")
        if seeds is not _seeded_by and seed is not None:
            _compiled.reset_from_seed(int(seed))
    _seeded_by = seeds
    return _compiled


def _operation_seeds():
    """A `random.Random` that each operation outside of functions has its seed from.

    TensorFlow has no public access to it. None before there is a seed.
    """
    return getattr(context(), "_rng", None)


def eager_state():
    """TensorFlow's seed, and how far the operations have got in using it."""
    seeds = _operation_seeds()
    if seeds is None:
        return None
    return {"seed": context()._seed, "operations": seeds.getstate()}


def set_eager_state(state):
    """Put back what `eager_state` gave."""
    global _seeded_by
    if state is not None:
        # Operations that have drawn already begin anew by this.
        tf.random.set_seed(state["seed"])
        _operation_seeds().setstate(state["operations"])
    _seeded_by = _operation_seeds()


def keras_state():
    """The count of `keras.random`, if it was called without a seed yet."""
    name = seed_generator.GLOBAL_SEED_GENERATOR
    found = global_state.get_global_attribute(name)
    return None if found is None else found.state.numpy()


def set_keras_state(state):
    """Put back what `keras_state` gave."""
    if state is not None:
        seed_generator.global_seed_generator().state.assign(state)
