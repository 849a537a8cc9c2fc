"""Functions of tensors that are not public names: methods of models."""

from __future__ import annotations

from d2l.parity.function_tasks import run_function


def call(session, arrays, build, **arguments):
    """What the engine's task `call` does, for the function that `build` returns."""
    return run_function(session, arrays, globals()[build](session), **arguments)


def classifier_loss(session):
    """The loss of a classifier."""
    return session.namespace.Classifier().loss


def classifier_accuracy(session):
    """Its accuracy."""
    return session.namespace.Classifier().accuracy


def linear_regression_loss(session):
    """The loss of the concise version."""
    return _linear_regression(session).loss


def linear_regression_scratch_loss(session):
    """The loss of the version from scratch."""
    return session.namespace.LinearRegressionScratch(2, lr=0.03).loss


def _linear_regression(session):
    return session.namespace.LinearRegression(lr=0.03)


def kernel_regression(session):
    """The estimates of attention pooling by a Gaussian kernel."""
    d2l = session.namespace
    return lambda *data: d2l.nadaraya_watson(*data, d2l.gaussian)[0]


def kernel_weights(session):
    """The weights of attention pooling by a triangular kernel."""
    d2l = session.namespace
    return lambda *data: d2l.nadaraya_watson(*data, d2l.epanechikov)[1]


def wide_gaussian(session):
    """A Gaussian kernel of width 0.7."""
    return session.namespace.gaussian_with_width(0.7)


def normalised(session):
    """What `batch_norm` makes of its inputs."""
    return lambda *data, **settings: session.namespace.batch_norm(*data, **settings)[0]


def moving_statistics(session):
    """The new moving mean and variance of `batch_norm`, in one row."""
    d2l = session.namespace
    return lambda *data, **settings: d2l.concat(
        d2l.batch_norm(*data, **settings)[1:], 0
    )


def mixed_inputs(session):
    """The inputs that `mixup` mixes."""
    return lambda X, y, permutation, lam: session.namespace.mixup(
        X, y, lam=lam, permutation=permutation
    )[0]


def mixed_labels(session):
    """The labels of the other examples."""
    return lambda X, y, permutation, lam: session.namespace.mixup(
        X, y, lam=lam, permutation=permutation
    )[2]
