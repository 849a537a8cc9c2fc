"""A recurrent neural network and a language model on top of it, from scratch."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from d2l.common.data.sequences import check_len, check_shape
from d2l.common.text.decoding import check_prefix, next_token
from d2l.common.text.texts import to_indices, to_text

from ..linear_classification.classification import Classifier
from ..linear_regression.oo_design import Module
from ..recurrent import stack_steps
from ..tensor import numpy

__all__ = ["RNNLMScratch", "RNNScratch", "check_len", "check_shape"]


class RNNScratch(Module):
    """A recurrent layer (Elman, 1990): H <- tanh(X W_xh + H W_hh + b_h).

    num_inputs: values of a step's input.
    num_hiddens: of the hidden state.
    sigma: the standard deviation of the initial weights.
    """

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W_xh = nn.Parameter(torch.randn(num_inputs, num_hiddens) * sigma)
        self.W_hh = nn.Parameter(torch.randn(num_hiddens, num_hiddens) * sigma)
        self.b_h = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, inputs, state=None):
        """The hidden state after every step, and the last one.

        inputs: (num_steps, batch, num_inputs).
        state: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and a state.
        """
        if state is None:
            state = inputs.new_zeros(inputs.shape[1], self.num_hiddens)
        outputs = []
        for X in inputs:
            state = torch.tanh(
                torch.matmul(X, self.W_xh) + torch.matmul(state, self.W_hh) + self.b_h
            )
            outputs.append(state)
        return stack_steps(outputs, state), state


class RNNLMScratch(Classifier):
    """A language model: a recurrent network and a dense layer over the vocabulary.

    rnn: a recurrent layer with `vocab_size` inputs and an attribute `num_hiddens`.
    Instead of the loss, its exponential is plotted: the perplexity, "ppl".
    """

    def __init__(self, rnn, vocab_size, lr=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.init_params()

    def init_params(self):
        """Make the parameters of the output layer."""
        self.W_hq = nn.Parameter(
            torch.randn(self.rnn.num_hiddens, self.vocab_size) * self.rnn.sigma
        )
        self.b_q = nn.Parameter(torch.zeros(self.vocab_size))

    def training_step(self, batch):
        """The loss of a batch (X, Y); its perplexity is plotted."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("ppl", torch.exp(l), train=True)
        return l

    def validation_step(self, batch):
        """Plot the perplexity of a batch (X, Y)."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("ppl", torch.exp(l), train=False)

    def one_hot(self, X):
        """Return (num_steps, batch, vocab_size).

        X: (batch, num_steps).
        """
        return F.one_hot(X.T, self.vocab_size).to(torch.get_default_dtype())

    def embedding(self, X):
        """What the recurrent layer sees of the tokens X: one-hot vectors."""
        return self.one_hot(X)

    def output_layer(self, rnn_outputs):
        """From (num_steps, batch, num_hiddens) to logits, (batch, num_steps, vocab)."""
        return (torch.matmul(rnn_outputs, self.W_hq) + self.b_q).swapaxes(0, 1)

    def forward(self, X, state=None):
        """Return logits, (batch, num_steps, vocab_size).

        X: (batch, num_steps).
        """
        rnn_outputs, _ = self.rnn(self.embedding(X), state)
        return self.output_layer(rnn_outputs)

    def predict(self, prefix, num_preds, vocab, device=None, temperature=0.0, rng=None):
        """Continue a text by `num_preds` tokens; returns all of it as a string.

        prefix: a string, or the text's tokens.
        temperature: 0 takes the likeliest token, otherwise tokens are drawn by `rng`, a
            NumPy generator or a seed.
        """
        indices, rng = to_indices(vocab, prefix), np.random.default_rng(rng)
        check_prefix(len(indices))
        state, X = None, torch.tensor([indices], device=device)
        self.eval()
        with torch.no_grad():
            for _ in range(num_preds):
                rnn_outputs, state = self.rnn(self.embedding(X), state)
                logits = self.output_layer(rnn_outputs[-1:])
                indices.append(next_token(numpy(logits)[0, 0], temperature, rng))
                X = torch.tensor([indices[-1:]], device=device)
        return to_text(vocab, indices)
