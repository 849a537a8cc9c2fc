"""Gated recurrent units (Cho et al., 2014)."""

import torch
from torch import nn

from .. import recurrent
from ..linear_regression.oo_design import Module
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

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W_xz, self.W_hz, self.b_z = self._gate()  # Update gate
        self.W_xr, self.W_hr, self.b_r = self._gate()  # Reset gate
        self.W_xh, self.W_hh, self.b_h = self._gate()  # Candidate of the hidden state

    def _gate(self):
        return (
            nn.Parameter(torch.randn(self.num_inputs, self.num_hiddens) * self.sigma),
            nn.Parameter(torch.randn(self.num_hiddens, self.num_hiddens) * self.sigma),
            nn.Parameter(torch.zeros(self.num_hiddens)),
        )

    def forward(self, inputs, H=None):
        """The hidden state after every step, and the last one.

        inputs: (num_steps, batch, num_inputs).
        H: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an H.
        """
        if H is None:
            H = inputs.new_zeros(inputs.shape[1], self.num_hiddens)
        outputs = []
        for X in inputs:
            H = self._step(X, H)
            outputs.append(H)
        return recurrent.stack_steps(outputs, H), H

    def _step(self, X, H):
        matmul, sigmoid = torch.matmul, torch.sigmoid
        Z = sigmoid(matmul(X, self.W_xz) + matmul(H, self.W_hz) + self.b_z)
        R = sigmoid(matmul(X, self.W_xr) + matmul(H, self.W_hr) + self.b_r)
        H_tilde = torch.tanh(matmul(X, self.W_xh) + matmul(R * H, self.W_hh) + self.b_h)
        return Z * H + (1 - Z) * H_tilde


class GRU(RNN):
    """GRU layers of the framework's own; gates in the order r, z, n.

    dropout: the probability between layers, where there are several.
    """

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0):
        Module.__init__(self)
        self.save_hyperparameters()
        # PyTorch warns of dropout between layers where there is only one.
        between = dropout if num_layers > 1 else 0
        self.rnn = recurrent.GRU(num_inputs, num_hiddens, num_layers, dropout=between)
