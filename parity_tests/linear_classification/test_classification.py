"""The base class of classifiers: its loss and its accuracy."""

import numpy as np

from d2l.parity.oracles.classification import losses_of_logits
from parity_tests.function_parity import FunctionParity


def loss(session):
    """The method of a classifier."""
    return session.namespace.Classifier().loss


def accuracy(session):
    """The same."""
    return session.namespace.Classifier().accuracy


class TestLoss(FunctionParity):
    name = "Classifier.loss"
    builder = loss
    wrt = ("logits",)

    def inputs(self, random):
        return {
            # Large ones too, whose exponentials are beyond float32.
            "logits": random.standard_normal((6, 4)) * 30,
            "labels": random.integers(0, 4, 6),
        }

    def oracle(self, logits, labels):
        return losses_of_logits(logits, labels).mean()


class TestLossOfEach(TestLoss):
    settings = {"averaged": False}

    def oracle(self, logits, labels, averaged):
        return losses_of_logits(logits, labels)


class TestAccuracy(FunctionParity):
    name = "Classifier.accuracy"
    builder = accuracy

    def inputs(self, random):
        logits = random.standard_normal((9, 4))
        labels = logits.argmax(1)
        labels[:3] = (labels[:3] + 1) % 4
        return {"logits": logits, "labels": labels}

    def oracle(self, logits, labels):
        return np.mean(logits.argmax(1) == labels)


class TestAccuracyOfEach(TestAccuracy):
    settings = {"averaged": False}

    def oracle(self, logits, labels, averaged):
        return (logits.argmax(1) == labels).astype(float)


class TestAccuracyOfSequences(TestAccuracyOfEach):
    """Outputs of more axes: a row for every position."""

    def inputs(self, random):
        logits = random.standard_normal((2, 3, 4))
        return {"logits": logits, "labels": random.integers(0, 4, (2, 3))}

    def oracle(self, logits, labels, averaged):
        return (logits.argmax(2) == labels).astype(float).reshape(-1)

    def case(self):
        return "Classifier.accuracy of sequences"
