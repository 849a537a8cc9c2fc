"""Breakages of the MXNet tree."""

import numpy as onp
from mxnet import np
from mxnet.gluon import nn

from d2l.common.python_files import load_file
from d2l.mxnet import generation, optimizers, randomness
from d2l.mxnet.backend import MxnetBackend
from d2l.mxnet.builders_guide.custom_layer import MyLinear
from d2l.mxnet.convolutional_neural_networks import lenet
from d2l.mxnet.layers import BatchNorm
from d2l.mxnet.linear_classification import softmax_regression_scratch
from d2l.mxnet.linear_classification.softmax_regression_concise import SoftmaxRegression
from d2l.mxnet.linear_regression.oo_design import Trainer
from d2l.mxnet.parameters import gradient_of, trained_entries
from parity_tests.meta.sabotage import replace
from parity_tests.own_trials.trials import MODELS


def weight_transposed():
    """A layer with as many inputs as outputs multiplies by its weight's transpose."""

    def forward(self, X):
        weight, bias = (p.data() for p in (self.weight, self.bias))
        return np.maximum(np.dot(X, weight.T) + bias, 0)

    replace(MyLinear, "forward", forward)


def momentum_rounded():
    """The momentum is a float32: off by 2.4e-8."""
    init = optimizers.SGD.__init__

    def rounded(self, learning_rate, momentum=0.0, wd=0.0):
        init(self, learning_rate, float(onp.float32(momentum)), wd)

    replace(optimizers.SGD, "__init__", rounded)


def output_not_a_number():
    """One logit is no number."""
    forward = lenet.LeNet.forward

    def poisoned(self, X):
        output = forward(self, X).copy()
        output[2, 3] = onp.nan
        return output

    replace(lenet.LeNet, "forward", poisoned)


def output_of_another_shape():
    """The output has an axis too many."""
    forward = SoftmaxRegression.forward

    def expanded(self, X):
        return np.expand_dims(forward(self, X), 0)

    replace(SoftmaxRegression, "forward", expanded)


def maximum_for_average():
    """The wrong kind of pooling, of the right shape."""
    replace(nn, "AvgPool2D", nn.MaxPool2D)


def dropout_in_evaluation():
    """Dropout goes on when it should not."""

    def always(self, F, x):
        keep = randomness.uniform(x.shape, x.ctx) > self._rate
        return keep.astype(x.dtype) * x / (1 - self._rate)

    replace(randomness, "_shared_dropout", always)


def clipped_one_by_one():
    """Each gradient is clipped by its own norm, not by the joint one."""

    def clip(self, grad_clip_val, model):
        for entry in trained_entries(model).values():
            gradient = gradient_of(entry)
            norm = np.sqrt((gradient**2).sum())
            gradient *= np.minimum(grad_clip_val / norm, 1.0)

    replace(Trainer, "clip_gradients", clip)


def cross_entropy_summed():
    """The loss from scratch is a sum over the batch."""
    own = softmax_regression_scratch.cross_entropy
    replace(
        softmax_regression_scratch,
        "cross_entropy",
        lambda y_hat, y: own(y_hat, y) * len(y),
    )


def gradients_doubled():
    """Every gradient is twice what it is."""
    gradients = MxnetBackend.gradients

    def doubled(self, model, loss, batch):
        return gradients(self, model, lambda *args: 2 * loss(*args), batch)

    replace(MxnetBackend, "gradients", doubled)


def square_of_gradient_forgotten():
    """Adam's mean of squares forgets what came before."""
    move = optimizers.Adam._move

    def forgetful(self, weight, grad, state, *args):
        state[1][:] = 0
        move(self, weight, grad, state, *args)

    replace(optimizers.Adam, "_move", forgetful)


def momentum_of_statistics_swapped():
    """Running statistics keep a tenth of what they were, not nine tenths."""
    init = BatchNorm.__init__

    def swapped(self, in_channels=0):
        init(self, in_channels)
        self.momentum = 0.1

    replace(BatchNorm, "__init__", swapped)


def steps_not_cached():
    """A cache keeps the newest step alone."""

    def forgetful(pair, new, is_new):
        return [is_new * part for part in new]

    replace(generation, "_extended", forgetful)


def edges_of_the_picture_left_out():
    """An image is not pulled to where it should be at its edges."""
    model = load_file(MODELS.format(framework="mxnet")).Picture
    step = model.training_step

    def without_edges(self, batch):
        whole, self.weight = self.weight, self.weight[:, 1:-1]
        try:
            return step(self, batch)
        finally:
            self.weight = whole

    replace(model, "training_step", without_edges)
