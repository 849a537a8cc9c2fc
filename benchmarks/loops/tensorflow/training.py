"""The plain loop in TensorFlow: a compiled step."""

from functools import partial

import keras
import tensorflow as tf

OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    # Added to a root that is not corrected yet, 0.03 of what it will be.
    "adam": partial(keras.optimizers.Adam, epsilon=3e-10),
}


def make_loop(network, optimizer, lr, clip):
    """A function that trains on batches and returns the loss of the last one."""
    optimizer = OPTIMIZERS[optimizer](lr, global_clipnorm=clip or None)
    loss_function = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step(X, y):
        with tf.GradientTape() as tape:
            loss = loss_function(y, network(X, training=True))
        variables = network.trainable_variables
        # Dense ones: Keras's Adam squares a token's gradients before it adds them.
        grads = map(tf.convert_to_tensor, tape.gradient(loss, variables))
        optimizer.apply_gradients(zip(grads, variables, strict=True))
        return loss

    def loop(batches):
        for X, y in batches:
            loss = step(X, y)
        return float(loss)

    return loop
