"""A recurrent neural network and a language model on top of it, from scratch."""

import numpy as onp
from mxnet import autograd, np, npx

from d2l.common.data.sequences import check_len, check_shape
from d2l.common.text.decoding import check_prefix, next_token
from d2l.common.text.texts import to_indices, to_text

from ..linear_classification.classification import Classifier
from ..linear_regression.oo_design import Module
from ..precision import default_dtype
from ..recurrent import stack_steps
from ..tensor import numpy, randn, zeros

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
        self.W_xh = randn(num_inputs, num_hiddens) * sigma
        self.W_hh = randn(num_hiddens, num_hiddens) * sigma
        self.b_h = zeros(num_hiddens)
        for param in (self.W_xh, self.W_hh, self.b_h):
            param.attach_grad()

    def forward(self, inputs, state=None):
        """The hidden state after every step, and the last one.

        inputs: (num_steps, batch, num_inputs).
        state: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and a state.
        """
        if state is None:
            shape = (inputs.shape[1], self.num_hiddens)
            state = np.zeros(shape, dtype=inputs.dtype, ctx=inputs.ctx)
        outputs = []
        for X in inputs:
            state = np.tanh(np.dot(X, self.W_xh) + np.dot(state, self.W_hh) + self.b_h)
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
        self.W_hq = randn(self.rnn.num_hiddens, self.vocab_size) * self.rnn.sigma
        self.b_q = zeros(self.vocab_size)
        for param in (self.W_hq, self.b_q):
            param.attach_grad()

    def training_step(self, batch):
        """The loss of a batch (X, Y); its perplexity is plotted."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("ppl", np.exp(l), train=True)
        return l

    def validation_step(self, batch):
        """Plot the perplexity of a batch (X, Y)."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("ppl", np.exp(l), train=False)

    def one_hot(self, X):
        """Return (num_steps, batch, vocab_size).

        X: (batch, num_steps).
        """
        return npx.one_hot(X.T, self.vocab_size, dtype=default_dtype())

    def embedding(self, X):
        """What the recurrent layer sees of the tokens X: one-hot vectors."""
        return self.one_hot(X)

    def output_layer(self, rnn_outputs):
        """From (num_steps, batch, num_hiddens) to logits, (batch, num_steps, vocab)."""
        return (np.dot(rnn_outputs, self.W_hq) + self.b_q).swapaxes(0, 1)

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
        indices, rng = to_indices(vocab, prefix), onp.random.default_rng(rng)
        check_prefix(len(indices))
        state, X = None, np.array([indices], dtype="int32", ctx=device)
        with autograd.pause():
            for _ in range(num_preds):
                rnn_outputs, state = self.rnn(self.embedding(X), state)
                logits = self.output_layer(rnn_outputs[-1:])
                indices.append(next_token(numpy(logits)[0, 0], temperature, rng))
                X = np.array([indices[-1:]], dtype="int32", ctx=device)
        return to_text(vocab, indices)
