"""MXNet's recurrent layers, with dropout between them that trains as it should.

In the kernels of MXNet 1.9.1 the gradients of all layers but the last are wrong
where there is dropout between layers: the backward pass takes the hidden states
after dropout for those before it. Here such layers are run one by one, with
Gluon's own dropout in between.
"""

from __future__ import annotations

from mxnet.gluon import nn, rnn


class _Layers:
    """What the three kinds of layers have in common; goes before Gluon's class.

    The state, zeros unless given, goes in and comes out in one form: an array of
    shape (num_layers * directions, batch, num_hiddens), two of them for an LSTM.
    """

    def __init__(self, *args, dropout=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropout = nn.Dropout(dropout)

    def hybrid_forward(self, F, inputs, states, **parameters):
        """The hidden state of the top layer after every step, and the last state."""
        run = self._run_one_by_one if self.dropout._rate else self._run_at_once
        outputs, states = run(F, inputs, states, parameters)
        return outputs, states[0] if len(states) == 1 else tuple(states)

    def _run_at_once(self, F, inputs, states, parameters):
        return self._forward_kernel(F, inputs, states, None, **parameters)

    def _run_one_by_one(self, F, inputs, states, parameters):
        outputs, found = inputs, []
        for layer in range(self._num_layers):
            if layer > 0:
                outputs = self.dropout(outputs)
            own = slice(layer * self._dir, (layer + 1) * self._dir)
            begin = [state[own] for state in states]
            outputs, *end = self._run_layer(F, layer, outputs, begin, parameters)
            found.append(end)
        return outputs, [F.np.concatenate(parts) for parts in zip(*found, strict=True)]

    def _run_layer(self, F, layer, inputs, states, parameters):
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


class RNN(_Layers, rnn.RNN):
    """Recurrent layers with tanh (Elman, 1990), or with another activation."""

    def __init__(self, hidden_size, num_layers=1, activation="tanh", **kwargs):
        # Gluon's own default is a rectifier.
        super().__init__(hidden_size, num_layers, activation, **kwargs)


class LSTM(_Layers, rnn.LSTM):
    """LSTM layers, gates in the order i, f, g, o."""


class GRU(_Layers, rnn.GRU):
    """GRU layers, gates in the order r, z, n; the reset gate acts after the product."""
