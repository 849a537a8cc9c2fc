"""Declarations: channels."""


def corr2d_multi_in(X, K):
    """Several input channels."""


def corr2d_multi_in_out(X, K):
    """Several input and output channels."""


def corr2d_multi_in_out_1x1(X, K):
    """Kernels of one pixel."""
