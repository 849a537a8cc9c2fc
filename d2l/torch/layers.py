"""Layers of PyTorch's own, where what they cost is felt."""

from torch import nn


class Dropout(nn.Dropout):
    """`nn.Dropout`, which is not called where it does nothing and no hook watches.

    A text is written token by token, each through dozens of these layers, and a call
    of one takes as long as two additions.
    """

    def __call__(self, X):
        """X, or while it is trained with p > 0, what `nn.Dropout` makes of it."""
        drops = self.training and self.p > 0
        if drops or self._forward_hooks or self._forward_pre_hooks:
            return super().__call__(X)
        return X
