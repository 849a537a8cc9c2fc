"""Declarations: attention pooling."""


def gaussian(x):
    """The kernel exp(-x^2 / 2)."""


def boxcar(x):
    """The kernel of an open interval."""


def constant(x):
    """The kernel that is 1."""


def epanechikov(x):
    """The triangular kernel."""


def gaussian_with_width(sigma):
    """A Gaussian kernel, as a function."""


def nadaraya_watson(x_train, y_train, x_val, kernel):
    """Kernel regression: estimates and attention weights."""
