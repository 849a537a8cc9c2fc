"""Long short-term memory (Hochreiter and Schmidhuber, 1997)."""

from mxnet import init, np, npx

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
        params = (
            randn(self.num_inputs, self.num_hiddens) * self.sigma,
            randn(self.num_hiddens, self.num_hiddens) * self.sigma,
            zeros(self.num_hiddens),
        )
        for param in params:
            param.attach_grad()
        return params

    def forward(self, inputs, H_C=None):
        """The hidden state after every step, and the last (H, C).

        inputs: (num_steps, batch, num_inputs).
        H and C: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an (H, C).
        """
        if H_C is None:
            shape = (inputs.shape[1], self.num_hiddens)
            state = np.zeros(shape, dtype=inputs.dtype, ctx=inputs.ctx)
            H_C = (state, state)
        outputs = []
        for X in inputs:
            H_C = self._step(X, *H_C)
            outputs.append(H_C[0])
        return recurrent.stack_steps(outputs, H_C[0]), H_C

    def _step(self, X, H, C):
        dot, sigmoid = np.dot, npx.sigmoid
        I = sigmoid(dot(X, self.W_xi) + dot(H, self.W_hi) + self.b_i)  # noqa: E741
        F = sigmoid(dot(X, self.W_xf) + dot(H, self.W_hf) + self.b_f)
        O = sigmoid(dot(X, self.W_xo) + dot(H, self.W_ho) + self.b_o)  # noqa: E741
        C_tilde = np.tanh(dot(X, self.W_xc) + dot(H, self.W_hc) + self.b_c)
        C = F * C + I * C_tilde
        return O * np.tanh(C), C


class LSTM(RNN):
    """LSTM layers of the framework's own; gates in the order i, f, g, o.

    dropout: the probability between layers, where there are several.
    """

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0):
        Module.__init__(self)
        self.save_hyperparameters()
        self.rnn = recurrent.LSTM(
            num_hiddens, num_layers, input_size=num_inputs, dropout=dropout
        )
        self.rnn.initialize(init.Xavier())

    def forward(self, inputs, H_C=None):
        """The hidden state after every step, and the last (H, C) of every layer.

        inputs: (num_steps, batch, num_inputs).
        H and C: (num_layers, batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an (H, C).
        """
        return super().forward(inputs, H_C)
