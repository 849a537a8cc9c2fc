"""The plain loop in TensorFlow: a compiled step."""

import keras
import tensorflow as tf


def make_epoch(model, batches, lr):
    """A function that trains `model.net` on all batches and waits for the end."""
    net = model.net
    optimizer = keras.optimizers.SGD(lr)
    loss_function = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net(batches[0][0])
    optimizer.build(net.trainable_variables)

    @tf.function
    def step(X, y):
        with tf.GradientTape() as tape:
            loss = loss_function(y, net(X, training=True))
        grads = tape.gradient(loss, net.trainable_variables)
        optimizer.apply_gradients(zip(grads, net.trainable_variables, strict=True))
        return loss

    def epoch():
        for X, y in batches:
            loss = step(X, y)
        return float(loss)

    return epoch
