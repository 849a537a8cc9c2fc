"""Gated recurrent units (Cho et al., 2014)."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import rngs_or_default
from ..linear_regression.oo_design import Module
from ..recurrent import GRULayers
from ..recurrent_neural_networks.rnn_concise import RNN


class GRUScratch(Module):
    """A GRU layer whose parameters are plain matrices.

    The update gate Z, the reset gate R and the candidate H~ have weights W_x* for
    the input, W_h* for the hidden state, and a bias b_*. As in the paper, the reset
    gate is applied before the product with W_hh; the concise layer applies it
    after, which fused kernels prefer, so the two are different functions.

    num_inputs: values of a step's input.
    num_hiddens: of the hidden state.
    sigma: the standard deviation of the initial weights.
    """

    def __init__(self, num_inputs, num_hiddens, sigma=0.01, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        self.W_xz, self.W_hz, self.b_z = self._gate(rngs)  # Update gate
        self.W_xr, self.W_hr, self.b_r = self._gate(rngs)  # Reset gate
        self.W_xh, self.W_hh, self.b_h = self._gate(rngs)  # Candidate

    def _gate(self, rngs):
        normal, n = jax.random.normal, self.num_hiddens
        return (
            nnx.Param(self.sigma * normal(rngs.params(), (self.num_inputs, n))),
            nnx.Param(self.sigma * normal(rngs.params(), (n, n))),
            nnx.Param(jnp.zeros(n)),
        )

    def forward(self, inputs, H=None):
        """The hidden state after every step, and the last one.

        inputs: (num_steps, batch, num_inputs).
        H: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an H.
        """
        if H is None:
            H = jnp.zeros((inputs.shape[1], self.num_hiddens))

        def step(H, X):
            H = self._step(X, H)
            return H, H

        H, outputs = jax.lax.scan(step, H, inputs)
        return outputs, H

    def _step(self, X, H):
        matmul, sigmoid = jnp.matmul, nnx.sigmoid
        Z = sigmoid(
            matmul(X, self.W_xz[...]) + matmul(H, self.W_hz[...]) + self.b_z[...]
        )
        R = sigmoid(
            matmul(X, self.W_xr[...]) + matmul(H, self.W_hr[...]) + self.b_r[...]
        )
        H_tilde = jnp.tanh(
            matmul(X, self.W_xh[...]) + matmul(R * H, self.W_hh[...]) + self.b_h[...]
        )
        return Z * H + (1 - Z) * H_tilde


class GRU(RNN):
    """GRU layers with PyTorch's parameters; gates in the order r, z, n.

    dropout: the probability between layers, where there are several.
    """

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0, *, rngs=None):
        Module.__init__(self)
        self.save_hyperparameters(ignore=["rngs"])
        self.rnn = GRULayers(
            num_inputs,
            num_hiddens,
            num_layers,
            dropout=dropout,
            rngs=rngs_or_default(rngs),
        )
