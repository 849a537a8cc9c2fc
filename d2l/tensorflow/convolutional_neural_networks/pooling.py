"""Pooling from scratch."""

import tensorflow as tf


def pool2d(X, pool_size, mode="max"):
    """The maximum ("max") or mean ("avg") of every window of X, (height, width)."""
    p_h, p_w = pool_size
    rows, columns = X.shape[0] - p_h + 1, X.shape[1] - p_w + 1
    # The elements of all windows: (p_h * p_w, rows, columns).
    windows = tf.stack(
        [X[i : i + rows, j : j + columns] for i in range(p_h) for j in range(p_w)]
    )
    if mode == "max":
        return tf.reduce_max(windows, 0)
    if mode == "avg":
        return tf.reduce_mean(windows, 0)
    raise ValueError(f'mode is "max" or "avg", not {mode!r}')
