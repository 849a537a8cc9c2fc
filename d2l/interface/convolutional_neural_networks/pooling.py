"""Declarations: pooling."""


def pool2d(X, pool_size, mode="max"):
    """Pooling."""
