"""Softmax regression with the framework's own layers."""

from parity_tests.trial_parity import TrialParity


class TestSoftmaxRegression(TrialParity):
    trial = "softmax_regression"
