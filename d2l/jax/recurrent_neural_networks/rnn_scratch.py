"""A recurrent neural network and a language model on top of it, from scratch."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.common.data.sequences import check_len, check_shape
from d2l.common.text.decoding import check_prefix, next_token
from d2l.common.text.texts import to_indices, to_text

from ..layers import rngs_or_default
from ..linear_classification.classification import Classifier
from ..linear_regression.oo_design import Module
from ..tensor import numpy

__all__ = ["RNNLMScratch", "RNNScratch", "check_len", "check_shape"]


class RNNScratch(Module):
    """A recurrent layer (Elman, 1990): H <- tanh(X W_xh + H W_hh + b_h).

    num_inputs: values of a step's input.
    num_hiddens: of the hidden state.
    sigma: the standard deviation of the initial weights.
    """

    def __init__(self, num_inputs, num_hiddens, sigma=0.01, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        sizes = (num_inputs, num_hiddens), (num_hiddens, num_hiddens)
        W_xh, W_hh = (sigma * jax.random.normal(rngs.params(), size) for size in sizes)
        self.W_xh = nnx.Param(W_xh)
        self.W_hh = nnx.Param(W_hh)
        self.b_h = nnx.Param(jnp.zeros(num_hiddens))

    def forward(self, inputs, state=None):
        """The hidden state after every step, and the last one.

        inputs: (num_steps, batch, num_inputs).
        state: (batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and a state.
        """
        if state is None:
            state = jnp.zeros((inputs.shape[1], self.num_hiddens))

        def step(state, X):
            state = jnp.tanh(
                jnp.matmul(X, self.W_xh[...])
                + jnp.matmul(state, self.W_hh[...])
                + self.b_h[...]
            )
            return state, state

        # A Python loop would be compiled once for every step.
        state, outputs = jax.lax.scan(step, state, inputs)
        return outputs, state


class RNNLMScratch(Classifier):
    """A language model: a recurrent network and a dense layer over the vocabulary.

    rnn: a recurrent layer with `vocab_size` inputs and an attribute `num_hiddens`.
    Instead of the loss, its exponential is plotted: the perplexity, "ppl".
    """

    def __init__(self, rnn, vocab_size, lr=0.01, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        self.init_params(rngs=rngs)

    def init_params(self, *, rngs=None):
        """Make the parameters of the output layer."""
        key = rngs_or_default(rngs).params()
        size = (self.rnn.num_hiddens, self.vocab_size)
        self.W_hq = nnx.Param(self.rnn.sigma * jax.random.normal(key, size))
        self.b_q = nnx.Param(jnp.zeros(self.vocab_size))

    def training_step(self, batch):
        """The loss of a batch (X, Y); its perplexity is plotted."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("ppl", jnp.exp(l), train=True)
        return l

    def validation_step(self, batch):
        """Plot the perplexity of a batch (X, Y)."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("ppl", jnp.exp(l), train=False)

    def one_hot(self, X):
        """Return (num_steps, batch, vocab_size).

        X: (batch, num_steps).
        """
        # `float` is the default precision, whichever that is.
        return jax.nn.one_hot(X.T, self.vocab_size, dtype=float)

    def embedding(self, X):
        """What the recurrent layer sees of the tokens X: one-hot vectors."""
        return self.one_hot(X)

    def output_layer(self, rnn_outputs):
        """From (num_steps, batch, num_hiddens) to logits, (batch, num_steps, vocab)."""
        logits = jnp.matmul(rnn_outputs, self.W_hq[...]) + self.b_q[...]
        return logits.swapaxes(0, 1)

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
        state, X = None, jax.device_put(np.array([indices]), device)
        self.eval()
        for _ in range(num_preds):
            logits, state = _next_logits(self, X, state)
            indices.append(next_token(numpy(logits), temperature, rng))
            X = jax.device_put(np.array([indices[-1:]]), device)
        return to_text(vocab, indices)


@nnx.jit
def _next_logits(model, X, state):
    """The logits after the last token of X, (1, num_steps), and the state there."""
    rnn_outputs, state = model.rnn(model.embedding(X), state)
    return model.output_layer(rnn_outputs[-1:])[0, 0], state
