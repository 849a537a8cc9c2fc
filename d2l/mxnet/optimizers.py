"""Optimizers by name, each with one formula in all frameworks.

Gluon's trainer drives them, or `ArrayTrainer` where some parameters are plain
arrays. MXNet's fused kernels hold their constants in float32, so they serve
float32 only; in other precisions the formula is written out.
"""

from __future__ import annotations

import inspect
import math

import mxnet as mx
import numpy as onp
from mxnet import gluon

from d2l.common.errors import InputError

from .parameters import array_of, gradient_of, trained_entries

#: As many arrays one fused kernel takes at most.
_MOST_ARRAYS_AT_ONCE = 40


class SGD(mx.optimizer.Optimizer):
    """Stochastic gradient descent: v <- momentum * v + g; p <- p - lr * v.

    wd: L2 weight decay, that is, g holds wd * p too.

    MXNet's own SGD keeps lr * v, which is another formula when lr changes.
    """

    #: Where kernels put what nobody looks at.
    not_saved = ("_unused",)

    def __init__(self, learning_rate, momentum=0.0, wd=0.0):
        super().__init__(learning_rate=learning_rate, wd=wd)
        self.momentum = momentum
        self.aggregate_num = _MOST_ARRAYS_AT_ONCE
        self._unused = {}

    def create_state(self, index, weight):
        """The momentum buffer of a parameter, if there is momentum."""
        return mx.nd.zeros_like(weight) if self.momentum else None

    def update(self, indices, weights, grads, states):
        """Move a list of parameters of one data type, or a single one."""
        if not isinstance(indices, (list, tuple)):
            indices, weights, grads, states = [indices], [weights], [grads], [states]
        self._update_count(indices)
        lrs, wds = self._get_lrs(indices), self._get_wds(indices)
        if weights[0].dtype == onp.float32:
            self._update_fused(indices, weights, grads, states, lrs, wds)
        else:
            for each in zip(weights, grads, states, lrs, wds, strict=True):
                self._update_written_out(*each)

    def _update_fused(self, indices, weights, grads, states, lrs, wds):
        common = {"num_weights": len(weights), "out": weights}
        if not self.momentum:
            pairs = _interleaved(weights, grads)
            scale = self.rescale_grad
            mx.nd.multi_sgd_update(
                *pairs, lrs=lrs, wds=wds, rescale_grad=scale, **common
            )
            return
        self._update_buffers(indices, weights, grads, states, wds)
        no_decay = [0.0] * len(weights)
        pairs = _interleaved(weights, states)
        mx.nd.multi_sgd_update(*pairs, lrs=lrs, wds=no_decay, **common)

    def _update_buffers(self, indices, weights, grads, states, wds):
        # The kernel computes v <- momentum * v - lr * g and p + v; with a rate
        # of -1 that v is the one wanted, and p + v goes where nobody looks.
        for index, weight in zip(indices, weights, strict=True):
            if index not in self._unused:
                self._unused[index] = mx.nd.empty(weight.shape, weight.context)
        mx.nd.multi_sgd_mom_update(
            *_interleaved(weights, grads, states),
            out=[self._unused[index] for index in indices],
            num_weights=len(weights),
            lrs=[-1.0] * len(weights),
            wds=wds,
            momentum=self.momentum,
            rescale_grad=self.rescale_grad,
        )

    def _update_written_out(self, weight, grad, state, lr, wd):
        weight, change = weight.as_np_ndarray(), grad.as_np_ndarray()
        change = self.rescale_grad * change + wd * weight
        if state is not None:
            buffer = state.as_np_ndarray()
            buffer[:] = self.momentum * buffer + change
            change = buffer
        weight -= lr * change


class Adam(mx.optimizer.Optimizer):
    """Adam (Kingma and Ba, 2015), eps added to the corrected root.

    MXNet's own Adam adds it to the root that is not corrected yet.
    """

    def __init__(self, learning_rate=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(learning_rate=learning_rate)
        self.betas, self.eps = betas, eps

    def create_state(self, index, weight):
        """The means of the gradient and of its square."""
        return mx.nd.zeros_like(weight), mx.nd.zeros_like(weight)

    def scales(self, dtype):
        """How many times too large the kernel's two means are.

        It takes 1 - beta in float32, which for 0.999 is 1e-5 off.
        """
        if dtype != onp.float32:
            return 1.0, 1.0
        return tuple(float(1 - onp.float32(b)) / (1 - b) for b in self.betas)

    def update(self, index, weight, grad, state):
        """Move one parameter."""
        self._update_count(index)
        step = self._index_update_count[index]
        corrections = [1 - beta**step for beta in self.betas]
        move = self._move_fused if weight.dtype == onp.float32 else self._move
        move(weight, grad, state, self._get_lr(index), *corrections)

    def _move_fused(self, weight, grad, state, lr, correction_1, correction_2):
        scale_1, scale_2 = self.scales(weight.dtype)
        root = math.sqrt(correction_2 * scale_2)
        mx.nd.adam_update(
            *(weight, grad, *state),
            out=weight,
            lr=lr * root / (correction_1 * scale_1),
            beta1=self.betas[0],
            beta2=self.betas[1],
            # So that dividing by `root` leaves eps itself.
            epsilon=self.eps * root,
            rescale_grad=self.rescale_grad,
            lazy_update=False,
        )

    def _move(self, weight, grad, state, lr, correction_1, correction_2):
        weight, mean, square = (x.as_np_ndarray() for x in (weight, *state))
        grad = self.rescale_grad * grad.as_np_ndarray()
        mean[:] = self.betas[0] * mean + (1 - self.betas[0]) * grad
        square[:] = self.betas[1] * square + (1 - self.betas[1]) * grad * grad
        root = mx.np.sqrt(square) / math.sqrt(correction_2) + self.eps
        weight -= lr / correction_1 * (mean / root)


class ArrayTrainer:
    """What gluon.Trainer is to layers, for plain arrays with gradients too.

    entries: arrays and Gluon's parameters.
    """

    def __init__(self, entries, optimizer):
        self.entries = list(entries)
        self.optimizer = optimizer
        self.updater = mx.optimizer.get_updater(optimizer)

    @property
    def learning_rate(self):
        """The optimizer's learning rate."""
        return self.optimizer.learning_rate

    def set_learning_rate(self, lr):
        """Give the optimizer another learning rate."""
        self.optimizer.set_learning_rate(lr)

    def step(self, batch_size):
        """Move the entries; gradients are divided by `batch_size`."""
        self.optimizer.rescale_grad = 1 / batch_size
        gradients = [gradient_of(entry) for entry in self.entries]
        arrays = [array_of(entry) for entry in self.entries]
        self.updater(list(range(len(arrays))), gradients, arrays)


def drivable(returned):
    """The optimizer that `configure_optimizers` returned.

    Raises InputError, naming it, for what a training loop cannot drive.
    """
    name = type(returned).__name__
    if isinstance(returned, (tuple, list)):
        raise InputError(
            f"The trainer drives one optimizer, and not a {name}; a schedule is "
            "given to MXNet's optimizers as lr_scheduler."
        )
    if not callable(getattr(returned, "step", None)):
        raise InputError(
            f"The trainer cannot drive {name}, which has no step; gluon.Trainer "
            "gives one to MXNet's optimizers."
        )
    try:
        inspect.signature(returned.step).bind(1)
    except TypeError as error:
        raise InputError(
            f"The trainer cannot drive {name}, whose step is called with the batch "
            f"size alone: {error}."
        ) from error
    return returned


def sgd(model, lr, momentum=0.0, weight_decay=0.0):
    """Stochastic gradient descent; weight decay is added to the gradient (L2)."""
    # Multipliers belong to parameters and would outlive an earlier optimizer.
    model.collect_params().setattr("wd_mult", 1.0)
    return make_trainer(model, SGD(lr, momentum, weight_decay))


def adam(model, lr, betas=(0.9, 0.999), eps=1e-8):
    """Adam (Kingma and Ba, 2015), eps added to the corrected root."""
    return make_trainer(model, Adam(lr, betas, eps))


def make_trainer(model, optimizer):
    """Gluon's trainer, or one that trains the model's plain arrays as well."""
    entries = trained_entries(model).values()
    if any(isinstance(entry, mx.np.ndarray) for entry in entries):
        return ArrayTrainer(entries, optimizer)
    return gluon.Trainer(model.collect_params(), optimizer)


def _interleaved(*lists):
    return [array for arrays in zip(*lists, strict=True) for array in arrays]
