"""Long short-term memory (Hochreiter and Schmidhuber, 1997)."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import rngs_or_default
from ..linear_regression.oo_design import Module
from ..recurrent import LSTMLayers
from ..recurrent_neural_networks.rnn_concise import RNN


class LSTMScratch(Module):
    """An LSTM layer whose parameters are plain matrices.

    The gates I, F, O and the candidate of the memory cell C~ have weights W_x*
    for the input, W_h* for the hidden state, and a bias b_*.

    num_inputs: values of a step's input.
    num_hiddens: of the hidden state and of the memory cell.
    sigma: the standard deviation of the initial weights.
    """

    def __init__(self, num_inputs, num_hiddens, sigma=0.01, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        self.W_xi, self.W_hi, self.b_i = self._gate(rngs)  # Input gate
        self.W_xf, self.W_hf, self.b_f = self._gate(rngs)  # Forget gate
        self.W_xo, self.W_ho, self.b_o = self._gate(rngs)  # Output gate
        self.W_xc, self.W_hc, self.b_c = self._gate(rngs)  # Candidate of the cell

    def _gate(self, rngs):
        normal, n = jax.random.normal, self.num_hiddens
        return (
            nnx.Param(self.sigma * normal(rngs.params(), (self.num_inputs, n))),
            nnx.Param(self.sigma * normal(rngs.params(), (n, n))),
            nnx.Param(jnp.zeros(n)),
        )

    def forward(self, inputs, H_C=None):
        """The hidden state after every step, and the last (H, C).

        inputs: (num_steps, batch, num_inputs).
        H and C: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an (H, C).
        """
        if H_C is None:
            zeros = jnp.zeros((inputs.shape[1], self.num_hiddens))
            H_C = (zeros, zeros)

        def step(H_C, X):
            H_C = self._step(X, *H_C)
            return H_C, H_C[0]

        H_C, outputs = jax.lax.scan(step, tuple(H_C), inputs)
        return outputs, H_C

    def _step(self, X, H, C):
        matmul, sigmoid = jnp.matmul, nnx.sigmoid
        I = sigmoid(  # noqa: E741
            matmul(X, self.W_xi[...]) + matmul(H, self.W_hi[...]) + self.b_i[...]
        )
        F = sigmoid(
            matmul(X, self.W_xf[...]) + matmul(H, self.W_hf[...]) + self.b_f[...]
        )
        O = sigmoid(  # noqa: E741
            matmul(X, self.W_xo[...]) + matmul(H, self.W_ho[...]) + self.b_o[...]
        )
        C_tilde = jnp.tanh(
            matmul(X, self.W_xc[...]) + matmul(H, self.W_hc[...]) + self.b_c[...]
        )
        C = F * C + I * C_tilde
        return O * jnp.tanh(C), C


class LSTM(RNN):
    """LSTM layers with PyTorch's parameters; gates in the order i, f, g, o.

    dropout: the probability between layers, where there are several.
    """

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0, *, rngs=None):
        Module.__init__(self)
        self.save_hyperparameters(ignore=["rngs"])
        self.rnn = LSTMLayers(
            num_inputs,
            num_hiddens,
            num_layers,
            dropout=dropout,
            rngs=rngs_or_default(rngs),
        )

    def forward(self, inputs, H_C=None):
        """The hidden state after every step, and the last (H, C) of every layer.

        inputs: (num_steps, batch, num_inputs).
        H and C: (num_layers, batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an (H, C).
        """
        return self.rnn(inputs, H_C)
