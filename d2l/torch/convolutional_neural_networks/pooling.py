"""Pooling from scratch."""


def pool2d(X, pool_size, mode="max"):
    """The maximum ("max") or mean ("avg") of every window of X, (height, width)."""
    p_h, p_w = pool_size
    windows = X.unfold(0, p_h, 1).unfold(1, p_w, 1)  # (rows, columns, p_h, p_w)
    if mode == "max":
        return windows.amax((2, 3))
    if mode == "avg":
        return windows.mean((2, 3))
    raise ValueError(f'mode is "max" or "avg", not {mode!r}')
