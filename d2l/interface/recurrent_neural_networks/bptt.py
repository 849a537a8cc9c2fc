"""Declarations: bptt."""


def spectral_radius(W):
    """The largest absolute value of a matrix's eigenvalues."""
