"""A recurrent language model of Keras's own layers."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

#: Where Keras's gates are among ours, and whether it has both of our biases.
GATES = {"LSTM": ((0, 1, 2, 3), False), "GRU": ((1, 0, 2), True)}


class OneHot(layers.Layer):
    """Tokens as one-hot vectors."""

    def __init__(self, vocab_size):
        super().__init__()
        self.vocab_size = vocab_size

    def call(self, X):
        """X: (batch, steps); returns (batch, steps, vocab_size)."""
        return tf.one_hot(X, self.vocab_size)


def make_network(weights, layer):
    """The language model with the weights of ours.

    layer: "LSTM" or "GRU".
    """
    vocab_size, num_hiddens = weights["linear.weight"].shape
    tokens = keras.Input((None,), dtype="int32")
    rnn = getattr(layers, layer)(num_hiddens, return_sequences=True)
    dense = layers.Dense(vocab_size)
    network = keras.Model(tokens, dense(rnn(OneHot(vocab_size)(tokens))))
    order, has_both = GATES[layer]

    def own(name):
        parts = np.split(weights[f"rnn.rnn.{name}_l0"], len(order))
        return np.concatenate([parts[i] for i in order]).T

    biases = own("bias_ih"), own("bias_hh")
    bias = np.stack(biases) if has_both else sum(biases)
    rnn.set_weights([own("weight_ih"), own("weight_hh"), bias])
    # One bias takes half of the step of two that are added.
    network.same_parameters = has_both
    dense.set_weights([weights["linear.weight"].T, weights["linear.bias"]])
    return network
