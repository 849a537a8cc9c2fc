"""Long short-term memory (Hochreiter and Schmidhuber, 1997)."""

import tensorflow as tf

from .. import recurrent
from ..linear_regression.oo_design import Module
from ..recurrent_neural_networks.rnn_concise import RNN
from ..tensor import randn, zeros


class LSTMScratch(Module):
    """An LSTM layer whose parameters are plain matrices.

    The gates I, F, O and the candidate of the memory cell C~ have weights W_x*
    for the input, W_h* for the hidden state, and a bias b_*.

    num_inputs: values of a step's input.
    num_hiddens: of the hidden state and of the memory cell.
    sigma: the standard deviation of the initial weights.
    """

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W_xi, self.W_hi, self.b_i = self._gate()  # Input gate
        self.W_xf, self.W_hf, self.b_f = self._gate()  # Forget gate
        self.W_xo, self.W_ho, self.b_o = self._gate()  # Output gate
        self.W_xc, self.W_hc, self.b_c = self._gate()  # Candidate of the memory cell

    def _gate(self):
        return (
            tf.Variable(randn((self.num_inputs, self.num_hiddens)) * self.sigma),
            tf.Variable(randn((self.num_hiddens, self.num_hiddens)) * self.sigma),
            tf.Variable(zeros(self.num_hiddens)),
        )

    def forward(self, inputs, H_C=None):
        """The hidden state after every step, and the last (H, C).

        inputs: (num_steps, batch, num_inputs).
        H and C: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an (H, C).
        """
        if H_C is None:
            start = tf.zeros((inputs.shape[1], self.num_hiddens), inputs.dtype)
            H_C = (start, start)
        outputs = []
        for X in tf.unstack(inputs):
            H_C = self._step(X, *H_C)
            outputs.append(H_C[0])
        return recurrent.stack_steps(outputs, H_C[0]), H_C

    def _step(self, X, H, C):
        matmul, sigmoid = tf.matmul, tf.sigmoid
        I = sigmoid(matmul(X, self.W_xi) + matmul(H, self.W_hi) + self.b_i)  # noqa: E741
        F = sigmoid(matmul(X, self.W_xf) + matmul(H, self.W_hf) + self.b_f)
        O = sigmoid(matmul(X, self.W_xo) + matmul(H, self.W_ho) + self.b_o)  # noqa: E741
        C_tilde = tf.tanh(matmul(X, self.W_xc) + matmul(H, self.W_hc) + self.b_c)
        C = F * C + I * C_tilde
        return O * tf.tanh(C), C


class LSTM(RNN):
    """LSTM layers of the framework's own; gates in the order i, f, g, o.

    dropout: the probability between layers, where there are several.
    """

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0):
        Module.__init__(self)
        self.save_hyperparameters()
        self.rnn = recurrent.LSTM(num_inputs, num_hiddens, num_layers, dropout)

    def forward(self, inputs, H_C=None):
        """The hidden state after every step, and the last (H, C) of every layer.

        inputs: (num_steps, batch, num_inputs).
        H and C: (num_layers, batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an (H, C).
        """
        return self.rnn(inputs, H_C)
