"""Attention pooling by similarity: kernel regression (Nadaraya, 1964; Watson, 1964)."""

from mxnet import np, npx


def gaussian(x):
    """exp(-x^2 / 2) of each distance."""
    return np.exp(-(x**2) / 2)


def boxcar(x):
    """1 for distances below 1 in absolute value, 0 for others."""
    return (np.abs(x) < 1).astype(x.dtype)


def constant(x):
    """1 for every distance: pooling becomes the average."""
    return np.ones_like(x)


def epanechikov(x):
    """A triangle: 1 - |x|, and 0 where that is negative."""
    return npx.relu(1 - np.abs(x))


def gaussian_with_width(sigma):
    """The Gaussian kernel exp(-x^2 / (2 sigma^2)), as a function of x."""

    def kernel(x):
        return np.exp(-(x**2) / (2 * sigma**2))

    return kernel


def nadaraya_watson(x_train, y_train, x_val, kernel):
    """Averages of the labels, weighted by how close their keys are to each query.

    x_train: keys, (train,).
    y_train: their values, (train,).
    x_val: queries, (val,).
    kernel: from distances to weights, any shape to the same.

    returns: the estimates, (val,), and the attention weights, (train, val), which add
        up to 1 for each query. A query to which no key has a weight gets nan.
    """
    dists = x_train.reshape((-1, 1)) - x_val.reshape((1, -1))
    k = kernel(dists)
    attention_w = k / k.sum(axis=0, keepdims=True)
    return np.dot(y_train, attention_w), attention_w
