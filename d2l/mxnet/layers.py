"""Layers of MXNet as the other frameworks have them, exact in float64 too."""

from __future__ import annotations

import json
import math

import mxnet as mx
from mxnet import autograd
from mxnet.gluon import HybridBlock, nn

#: What MXNet's layer normalisation, which rounds its epsilon to float32, does not
#: round; and the scale of the inputs at which it is what 1e-5 is to the inputs.
_EXACT_EPSILON = 2**-17
_SCALE = math.sqrt(_EXACT_EPSILON / 1e-5)


class Block(nn.Block):
    """A block that can be called with arguments by name, as Gluon's own cannot."""

    def __call__(self, *args, **kwargs):
        """What `forward` returns; hooks see the arguments by position."""
        for hook in self._forward_pre_hooks.values():
            hook(self, args)
        output = self.forward(*args, **kwargs)
        for hook in self._forward_hooks.values():
            hook(self, args, output)
        return output


def is_empty(F, X):
    """Whether there is nothing in X, which MXNet 1.9.1 then cannot sum along an axis.

    It fails late, when a result is read or the process ends. A graph cannot tell.
    """
    return F is mx.ndarray and X.size == 0


class LayerNorm(nn.LayerNorm):
    """Layer normalisation (Ba et al., 2016) along an axis, with an epsilon of 1e-5."""

    def __init__(self, axis=-1, in_channels=0):
        super().__init__(axis=axis, epsilon=_EXACT_EPSILON, in_channels=in_channels)

    def hybrid_forward(self, F, data, gamma, beta):
        """Return the same shape.

        data: any shape.
        """
        if is_empty(F, data):
            return data
        return super().hybrid_forward(F, data * _SCALE, gamma, beta)


class GELU(HybridBlock):
    """The Gaussian error linear unit (Hendrycks and Gimpel, 2016), exact."""

    def hybrid_forward(self, F, X):
        """Return the same shape.

        X: any shape.
        """
        constant = _detached(F, X)
        normal = (1 + F.npx.erf(constant / math.sqrt(2))) / 2
        density = F.np.exp(-F.np.square(constant) / 2) / math.sqrt(2 * math.pi)
        # The derivative of `erf` holds float32 constants in MXNet. This is the
        # distribution in value, and has its density as the derivative.
        return X * (_detached(F, normal) + density * (X - constant))


class BatchNorm(nn.BatchNorm):
    """Batch normalisation whose running variance is unbiased, as in PyTorch.

    MXNet's own moves the running statistics in the backward pass only, to the biased
    variance, and by a momentum in float32. It sums up without care, too: in float32
    the error is 5e-6 for 50,000 numbers, and 5e-5 if their mean is 30 deviations. So
    statistics are computed and kept in float64, whatever the precision.
    """

    def __init__(self, in_channels=0):
        self.momentum, self.eps = 0.9, 1e-5
        super().__init__(
            momentum=self.momentum, epsilon=self.eps, in_channels=in_channels
        )
        self.cast("float32")

    def cast(self, dtype):
        """Change the precision of all but the running statistics."""
        super().cast(dtype)
        self.running_mean.cast("float64")
        self.running_var.cast("float64")

    def hybrid_forward(self, F, x, gamma, beta, running_mean, running_var):
        """Return the same shape, updates the statistics.

        x: (batch, channels, ...).
        """
        running = (running_mean, running_var)
        inputs = [array.astype("float64") for array in (x, gamma, beta)]
        # With a momentum of 1 MXNet leaves the running statistics alone.
        settings = self._kwargs | {"momentum": 1.0, "output_mean_var": True}
        Y, mean, scale = F.npx.batch_norm(*inputs, *running, **settings)
        Y = Y.astype(self.gamma.dtype)
        if F is not mx.ndarray:
            n = _size(F, x) / _size(F, mean)
            changes = self._changes(F, n, running, mean, scale)
            return self._update_in_graph(F, Y, running, changes)
        if autograd.is_training():
            with autograd.pause():
                n = x.size // mean.size
                changes = self._changes(F, n, running, mean, scale)
                for array, change in zip(running, changes, strict=True):
                    array += change
        return Y

    def _changes(self, F, n, running, mean, scale):
        # MXNet gives the inverse of the deviation.
        var = (1 / F.np.square(scale) - self.eps) * (n / F.np.maximum(n - 1, 1))
        share = 1 - self.momentum
        return share * (mean - running[0]), share * (var - running[1])

    def _update_in_graph(self, F, Y, running, changes):
        # Of ones, dropout makes zeros and twos in training, else it leaves them.
        ones = F.np.ones_like(changes[0])
        is_training = F.np.abs(F.npx.dropout(ones, p=0.5) - 1)
        sums = [
            _add_in_graph(F, array, is_training * change)
            for array, change in zip(running, changes, strict=True)
        ]
        # A graph computes only what its result depends on. This is Y, by the shape,
        # (channels,), of something that depends on both sums.
        axes = {"lhs_begin": 1, "lhs_end": 2, "rhs_begin": 0, "rhs_end": 1}
        return F.npx.reshape_like(Y, sums[0] + sums[1], **axes)


def _size(F, x):
    return F.np.prod(F.npx.shape_array(x)).astype("float64")


def _detached(F, X):
    return F.BlockGrad(X.as_nd_ndarray()).as_np_ndarray()


def _momentum_step():
    """weight + (mom - lr * grad), of which the bracket goes into `mom`, as a graph.

    The operators that change their arguments are those of optimizers. They can't be
    put into graphs by a call, as they have no names for their arguments there.
    """
    names = ("weight", "grad", "mom")
    nodes = [{"op": "null", "name": name, "inputs": []} for name in names]
    step = {
        "op": "sgd_mom_update",
        "name": "step",
        "attrs": {"lr": "-1", "momentum": "1"},
        "inputs": [[i, 0, 0] for i in range(3)],
    }
    graph = {
        "nodes": [*nodes, step],
        "arg_nodes": [0, 1, 2],
        "heads": [[3, 0, 0]],
        # Else MXNet tells that it converts the graph of an earlier version.
        "attrs": {"mxnet_version": ["int", 10901]},
    }
    return mx.sym.load_json(json.dumps(graph))


_MOMENTUM_STEP = _momentum_step()


def _add_in_graph(F, state, change):
    """Add to a parameter when the graph runs; returns the sum."""
    arrays = {"weight": F.np.zeros_like(change), "grad": change, "mom": state}
    arrays = {name: array.as_nd_ndarray() for name, array in arrays.items()}
    return _MOMENTUM_STEP(**arrays).as_np_ndarray()
