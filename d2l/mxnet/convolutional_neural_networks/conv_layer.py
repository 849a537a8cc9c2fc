"""Cross-correlation in two dimensions and a layer made of it."""

from mxnet.gluon import nn

from ..tensor import rand


def corr2d(X, K):
    """The cross-correlation of X, (height, width), with the kernel K."""
    h, w = K.shape
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    # One product for each element of the kernel, of which there are fewest.
    return sum(
        X[i : i + rows, j : j + columns] * K[i, j] for i in range(h) for j in range(w)
    )


class Conv2D(nn.Block):
    """A convolution of one channel: cross-correlation plus a bias."""

    def __init__(self, kernel_size):
        super().__init__()
        self.weight = self.params.get("weight", shape=kernel_size)
        self.bias = self.params.get("bias", shape=(1,))
        self.initialize()
        self.weight.set_data(rand(*kernel_size))

    def forward(self, X):
        """Return (height - h + 1, width - w + 1).

        X: (height, width).
        """
        return corr2d(X, self.weight.data(X.ctx)) + self.bias.data(X.ctx)
