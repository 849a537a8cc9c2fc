"""Losses as graphs of their own, so that one call computes all of it."""

from __future__ import annotations

from mxnet.gluon import HybridBlock, loss


class CrossEntropy(HybridBlock):
    """The cross-entropy of logits along the last axis, (..., classes)."""

    def __init__(self, averaged):
        super().__init__()
        self.averaged = averaged

    def hybrid_forward(self, F, logits, labels):
        """Return the mean, or the loss of each label.

        labels: (...).
        """
        # A temperature keeps MXNet from its Intel kernel, which is off by 1e-6.
        logarithms = F.npx.log_softmax(logits, axis=-1, temperature=1.0)
        losses = -F.npx.pick(logarithms, labels, axis=-1)
        return F.np.mean(losses) if self.averaged else losses


class BinaryCrossEntropy(HybridBlock):
    """The cross-entropy of logits of two classes, as a mean."""

    def hybrid_forward(self, F, logits, labels):
        """Return a scalar.

        labels: 0 or 1, in the shape of the logits.
        """
        # log(1 + exp(x)) without overflow. Gluon's own loss has a wrong gradient at 0,
        # and MXNet's softrelu is x alone from 20 on.
        is_positive, zeros = logits > 0, F.np.zeros_like(logits)
        positive = F.np.where(is_positive, logits, zeros)
        negative = F.np.where(is_positive, -logits, logits)
        losses = positive + F.np.log1p(F.np.exp(negative)) - logits * labels
        return F.np.mean(losses)


class MeanSquaredError(HybridBlock):
    """The squared error, without the half of MXNet's own L2Loss, as a mean."""

    def __init__(self):
        super().__init__()
        self.squared_error = loss.L2Loss(weight=2.0)

    def hybrid_forward(self, F, predictions, labels):
        """Two arrays of one shape; returns a scalar."""
        return F.np.mean(self.squared_error(predictions, labels))


def _compiled(block):
    block.hybridize(static_alloc=True, static_shape=True)
    return block


mean_cross_entropy = _compiled(CrossEntropy(averaged=True))
cross_entropies = _compiled(CrossEntropy(averaged=False))
mean_binary_cross_entropy = _compiled(BinaryCrossEntropy())
mean_squared_error = _compiled(MeanSquaredError())
