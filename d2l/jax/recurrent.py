"""Recurrent layers with two biases, and with sequences as their inputs.

Flax's own cells have one bias, and multiply a step's input within the loop. Here
the parameters are PyTorch's, so that nothing is lost on the way between
frameworks, and the inputs of all steps are multiplied at once before the loop.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter

import jax
import jax.numpy as jnp
from flax import nnx


class RecurrentLayers(nnx.Module):
    """Layers on top of each other, each reading the hidden states of the one below.

    Layer k has `weight_ih_lk`, (gates * num_hiddens, inputs), `weight_hh_lk`,
    (gates * num_hiddens, num_hiddens), `bias_ih_lk` and `bias_hh_lk`; the names of
    those of the backward direction end with `_reverse`.

    num_inputs: values of a step's input.
    num_hiddens: of the hidden state.
    dropout: the probability between layers.
    rngs: streams of random keys.
    """

    num_gates = 1

    def __init__(
        self,
        num_inputs,
        num_hiddens,
        num_layers=1,
        *,
        dropout=0,
        bidirectional=False,
        rngs,
    ):
        self.num_hiddens = num_hiddens
        self.num_layers = num_layers
        self.directions = ("", "_reverse") if bidirectional else ("",)
        self.dropout = nnx.Dropout(dropout, rngs=rngs)
        for layer in range(num_layers):
            for direction in self.directions:
                self._add_parameters(f"l{layer}{direction}", num_inputs, rngs)
            num_inputs = num_hiddens * len(self.directions)

    def _add_parameters(self, name, num_inputs, rngs):
        n, gates = self.num_hiddens, self.num_gates
        # Flax's own rules, with inputs along the second axis; `float` is the
        # default precision, whichever that is.
        lecun = nnx.initializers.lecun_normal(in_axis=1, out_axis=0)
        orthogonal = nnx.initializers.orthogonal()
        squares = [orthogonal(rngs.params(), (n, n), float) for _ in range(gates)]
        values = {
            "weight_ih": lecun(rngs.params(), (gates * n, num_inputs), float),
            "weight_hh": jnp.concatenate(squares),
            "bias_ih": jnp.zeros(gates * n),
            "bias_hh": jnp.zeros(gates * n),
        }
        for kind, value in values.items():
            setattr(self, f"{kind}_{name}", nnx.Param(value))

    def __call__(self, inputs, state=None):
        """The hidden states of the top layer, and the last state of every layer.

        inputs: (num_steps, batch, num_inputs).
        state: zeros unless given, of shape (num_layers * directions, batch,
            num_hiddens), as are both parts of the state of an LSTM.

        returns: (num_steps, batch, directions * num_hiddens) and a state.
        """
        if state is None:
            state = self.begin_state(inputs.shape[1])
        outputs, last = inputs, []
        for layer in range(self.num_layers):
            if layer > 0:
                outputs = self.dropout(outputs)
            found = []
            for direction in self.directions:
                begin = jax.tree.map(itemgetter(len(last)), state)
                output, end = self._run(f"l{layer}{direction}", outputs, begin)
                found.append(output)
                last.append(end)
            outputs = jnp.concatenate(found, axis=-1)
        return outputs, jax.tree.map(lambda *parts: jnp.stack(parts), *last)

    def begin_state(self, batch_size):
        """The state before the first step: zeros."""
        num_states = self.num_layers * len(self.directions)
        return jnp.zeros((num_states, batch_size, self.num_hiddens))

    def _run(self, name, inputs, state):
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        parameters = [getattr(self, f"{kind}_{name}")[...] for kind in kinds]
        is_reverse = name.endswith("_reverse")
        return _run(self.step, is_reverse, inputs, state, *parameters)

    @staticmethod
    def step(state, inputs, hiddens):
        """The next state and the next hidden state.

        inputs, hiddens: (batch, gates * num_hiddens), the products of a step's
        input and of the hidden state with the weights, biases added.
        """
        raise NotImplementedError


# Compiled here, so that the loop is not compiled anew whenever a layer is called
# outside of a compiled step, as in predicting a text token by token.
@partial(jax.jit, static_argnums=(0, 1))
def _run(step, is_reverse, inputs, state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Hidden states of one layer in one direction, and the last state."""

    def next_state(state, products):
        # An LSTM's state has the hidden state first.
        H = state[0] if isinstance(state, tuple) else state
        return step(state, products, H @ weight_hh.T + bias_hh)

    products = inputs @ weight_ih.T + bias_ih
    state, outputs = jax.lax.scan(next_state, state, products, reverse=is_reverse)
    return outputs, state


class RNNLayers(RecurrentLayers):
    """Recurrent layers with tanh (Elman, 1990)."""

    @staticmethod
    def step(state, inputs, hiddens):
        """The next state, twice."""
        H = jnp.tanh(inputs + hiddens)
        return H, H


class LSTMLayers(RecurrentLayers):
    """LSTM layers, gates in the order i, f, g, o; a state is a tuple (H, C)."""

    num_gates = 4

    def begin_state(self, batch_size):
        """The state before the first step: zeros, twice."""
        zeros = super().begin_state(batch_size)
        return zeros, zeros

    @staticmethod
    def step(state, inputs, hiddens):
        """The next (H, C), and H."""
        I, F, G, O = jnp.split(inputs + hiddens, 4, axis=-1)  # noqa: E741
        C = nnx.sigmoid(F) * state[1] + nnx.sigmoid(I) * jnp.tanh(G)
        H = nnx.sigmoid(O) * jnp.tanh(C)
        return (H, C), H


class GRULayers(RecurrentLayers):
    """GRU layers, gates in the order r, z, n; the reset gate acts after the product."""

    num_gates = 3

    @staticmethod
    def step(state, inputs, hiddens):
        """The next state, twice."""
        from_inputs = jnp.split(inputs, 3, axis=-1)
        from_hiddens = jnp.split(hiddens, 3, axis=-1)
        R = nnx.sigmoid(from_inputs[0] + from_hiddens[0])
        Z = nnx.sigmoid(from_inputs[1] + from_hiddens[1])
        N = jnp.tanh(from_inputs[2] + R * from_hiddens[2])
        H = (1 - Z) * N + Z * state
        return H, H
