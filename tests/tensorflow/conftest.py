"""Two precisions in one process, which the parity engine gives a process each."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from d2l.common.axes import IMAGES
from d2l.tensorflow.backend import BACKEND


@pytest.fixture(autouse=True)
def float32():
    """Every test begins in TensorFlow's own default precision."""
    BACKEND.configure("float32")
    BACKEND.seed(0)


@pytest.fixture
def float64(float32):
    """Float64 in TensorFlow and PyTorch, for the length of a test."""
    torch = pytest.importorskip("torch")
    BACKEND.configure("float64")
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)
    BACKEND.configure("float32")


@pytest.fixture
def same_weights():
    """Fills models of several frameworks with the same random weights."""
    return fill


def axes_of(array):
    """Every array of four axes is an image here."""
    return IMAGES if array.ndim == 4 else None


def fill(inputs, *pairs):
    """pairs: (backend, model); inputs: canonical, shown to the models once."""
    random = np.random.default_rng(3)
    weights = None
    for backend, model in pairs:
        backend.materialise(
            model, [backend.input_tensor(x, axes_of(x)) for x in inputs]
        )
        if weights is None:
            shapes = {s.name: s.canonical().shape for s in backend.slots(model)}
            weights = {k: 0.1 * random.normal(size=v) for k, v in shapes.items()}
        backend.load_weights(model, weights)


@pytest.fixture
def relative_error():
    """A function of two arrays: max|a - b| / max|b|."""

    def error(actual, expected):
        actual, expected = np.asarray(actual), np.asarray(expected)
        assert actual.shape == expected.shape
        return np.abs(actual - expected).max() / max(np.abs(expected).max(), 1e-300)

    return error
