"""MXNet's recurrent layers, run one by one.

Its kernels take several layers at once, but in MXNet 1.9.1 the gradients of all
layers but the last are then wrong: where there is dropout between layers, and in
float64 also where the inputs need no gradient, as one-hot vectors of tokens.
"""

from __future__ import annotations

import mxnet as mx
from mxnet import np
from mxnet.gluon import nn, rnn

from .hybridising import eager


class _OneByOne:
    """What the three kinds of layers have in common; goes before Gluon's class.

    The state, zeros unless given, goes in and comes out in one form: an array of
    shape (num_layers * directions, batch, hidden_size), two of them for an LSTM.
    """

    def __init__(self, *args, dropout=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropout = nn.Dropout(dropout)

    def __call__(self, inputs, *args):
        """The same; without any step the layers are not compiled."""
        # A graph cannot look at the number of steps. Symbols have no shape.
        if getattr(inputs, "shape", (1,))[0]:
            return super().__call__(inputs, *args)
        with eager(self):
            return super().__call__(inputs, *args)

    def hybrid_forward(self, F, inputs, states, **parameters):
        """The hidden state of the top layer after every step, and the last states."""
        outputs, last = inputs, []
        for layer in range(self._num_layers):
            if layer > 0:
                outputs = self.dropout(outputs)
            own = slice(layer * self._dir, (layer + 1) * self._dir)
            begin = [state[own] for state in states]
            outputs, *end = self._run_layer(F, layer, outputs, begin, parameters)
            last.append(end)
        states = [F.np.concatenate(parts) for parts in zip(*last, strict=True)]
        return outputs, states[0] if len(states) == 1 else tuple(states)

    def _run_layer(self, F, layer, inputs, states, parameters):
        if F is mx.ndarray and not len(inputs):
            # The kernel would end the process.
            shape = (0, inputs.shape[1], self._dir * self._hidden_size)
            outputs = np.zeros(shape, dtype=inputs.dtype, ctx=inputs.ctx)
            return outputs, *states
        # The kernel wants all weights first, then all biases, in one array.
        flat = [
            parameters[f"{direction}{layer}_{source}_{kind}"].reshape(-1)
            for kind in ("weight", "bias")
            for direction in "lr"[: self._dir]
            for source in ("i2h", "h2h")
        ]
        return F.npx.rnn(
            inputs,
            F.np.concatenate(flat),
            *states,
            state_size=self._hidden_size,
            num_layers=1,
            bidirectional=self._dir == 2,
            state_outputs=True,
            mode=self._mode,
        )


class RNN(_OneByOne, rnn.RNN):
    """Recurrent layers with tanh (Elman, 1990), or with another activation."""

    def __init__(self, hidden_size, num_layers=1, activation="tanh", **kwargs):
        # Gluon's own default is a rectifier.
        super().__init__(hidden_size, num_layers, activation, **kwargs)


class LSTM(_OneByOne, rnn.LSTM):
    """LSTM layers, gates in the order i, f, g, o."""


class GRU(_OneByOne, rnn.GRU):
    """GRU layers, gates in the order r, z, n; the reset gate acts after the product."""


def stack_steps(outputs, state):
    """The hidden states after every step along a new first axis, also after none.

    outputs: a list of them.
    state: the last one, (batch, num_hiddens).
    """
    if outputs:
        return np.stack(outputs)
    return np.zeros((0, *state.shape), dtype=state.dtype, ctx=state.ctx)
