"""An initialiser of one's own."""

import keras
import tensorflow as tf


class MyInit(keras.initializers.Initializer):
    """Weights uniform in [-10, 10], those below 5 in size set to zero.

    Passed to a layer, as in `Dense(4, kernel_initializer=MyInit())`, which calls
    it with the shape and the type of its weights.
    """

    def __call__(self, shape, dtype=None):
        dtype = keras.config.floatx() if dtype is None else dtype
        weights = tf.random.uniform(shape, -10, 10, dtype=dtype)
        return weights * tf.cast(tf.abs(weights) >= 5, dtype)
