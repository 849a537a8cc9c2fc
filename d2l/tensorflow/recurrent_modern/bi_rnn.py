"""Recurrent layers in both directions (Schuster and Paliwal, 1997)."""

import tensorflow as tf

from .. import recurrent
from ..linear_regression.oo_design import Module
from ..recurrent_neural_networks.rnn_concise import RNN
from ..recurrent_neural_networks.rnn_scratch import RNNScratch


class BiRNNScratch(Module):
    """Two layers from scratch, one reading forwards and one backwards.

    `num_hiddens` is that of one layer as an argument and that of both together as
    an attribute.
    """

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.f_rnn = RNNScratch(num_inputs, num_hiddens, sigma)
        self.b_rnn = RNNScratch(num_inputs, num_hiddens, sigma)
        self.num_hiddens *= 2

    def forward(self, inputs, Hs=None):
        """Both layers' hidden states at every step, and where each of them ends.

        inputs: (num_steps, batch, num_inputs).
        Hs: two states of (batch, hiddens of one layer), zeros unless given.

        returns: (num_steps, batch, hiddens of both layers), forwards first, and two
            states.
        """
        f_H, b_H = Hs if Hs is not None else (None, None)
        f_outputs, f_H = self.f_rnn(inputs, f_H)
        b_outputs, b_H = self.b_rnn(tf.reverse(inputs, [0]), b_H)
        outputs = tf.concat([f_outputs, tf.reverse(b_outputs, [0])], axis=-1)
        return outputs, (f_H, b_H)


class BiGRU(RNN):
    """A GRU layer in both directions of the framework's own.

    `num_hiddens` is that of one direction as an argument and that of both together
    as an attribute.
    """

    def __init__(self, num_inputs, num_hiddens):
        Module.__init__(self)
        self.save_hyperparameters()
        self.rnn = recurrent.GRU(num_inputs, num_hiddens, bidirectional=True)
        self.num_hiddens *= 2
