"""Pooling from scratch."""

from mxnet import np


def pool2d(X, pool_size, mode="max"):
    """The maximum ("max") or mean ("avg") of every window of X, (height, width)."""
    p_h, p_w = pool_size
    rows, columns = X.shape[0] - p_h + 1, X.shape[1] - p_w + 1
    shifted = [X[i : i + rows, j : j + columns] for i in range(p_h) for j in range(p_w)]
    windows = np.stack(shifted)  # (p_h * p_w, rows, columns)
    if mode == "max":
        return windows.max(axis=0)
    if mode == "avg":
        return windows.mean(axis=0)
    raise ValueError(f'mode is "max" or "avg", not {mode!r}')
