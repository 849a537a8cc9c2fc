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
