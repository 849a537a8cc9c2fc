"""The tensor vocabulary against NumPy, in both precisions."""

import numpy as np
import pytest
import tensorflow as tf

from d2l import tensorflow as d2l

A = np.arange(6.0).reshape(2, 3)

CASES = {
    "ones": (lambda x: d2l.ones((2, 3)), np.ones((2, 3))),
    "ones, sizes": (lambda x: d2l.ones(2, 3), np.ones((2, 3))),
    "zeros": (lambda x: d2l.zeros(4), np.zeros(4)),
    "tensor": (lambda x: d2l.tensor([0.1, 2]), np.array([0.1, 2])),
    "arange": (lambda x: d2l.arange(12), np.arange(12)),
    "arange, floats": (lambda x: d2l.arange(0, 1, 0.1), np.arange(0, 1, 0.1)),
    "linspace": (lambda x: d2l.linspace(0, 1, 5), np.linspace(0, 1, 5)),
    "eye": (lambda x: d2l.eye(3), np.eye(3)),
    "reshape": (lambda x: d2l.reshape(x, (3, -1)), A.reshape(3, -1)),
    "reshape, sizes": (lambda x: d2l.reshape(x, 3, 2), A.reshape(3, 2)),
    "reduce_sum": (lambda x: d2l.reduce_sum(x), A.sum()),
    "reduce_sum, axis": (lambda x: d2l.reduce_sum(x, 0), A.sum(0)),
    "reduce_mean": (lambda x: d2l.reduce_mean(x, 1), A.mean(1)),
    "argmax": (lambda x: d2l.argmax(x), A.argmax()),
    "argmax, axis": (lambda x: d2l.argmax(-x, 1), (-A).argmax(1)),
    "transpose": (d2l.transpose, A.T),
    "swapaxes": (lambda x: d2l.swapaxes(x, 0, 1), A.T),
    "expand_dims": (lambda x: d2l.expand_dims(x, 0), A[None]),
    "concat": (lambda x: d2l.concat((x, x), 1), np.concatenate((A, A), 1)),
    "concat, rows": (lambda x: d2l.concat((x, x)), np.concatenate((A, A))),
    "stack": (lambda x: d2l.stack([x, x], 0), np.stack([A, A])),
    "astype": (lambda x: d2l.astype(x, d2l.int32), A.astype("int32")),
    "repeat": (lambda x: d2l.repeat(x, 2, 1), A.repeat(2, 1)),
    "repeat, flat": (lambda x: d2l.repeat(x, 2), A.repeat(2)),
    "meshgrid": (
        lambda x: d2l.stack(d2l.meshgrid(x[0], x[:, 0]), 0),
        np.stack(np.meshgrid(A[0], A[:, 0], indexing="ij")),
    ),
    "matmul": (lambda x: d2l.matmul(x, d2l.transpose(x)), A @ A.T),
    "matmul, vector": (lambda x: d2l.matmul(x, x[0]), A @ A[0]),
    "matmul, vectors": (lambda x: d2l.matmul(x[1], x[0]), A[1] @ A[0]),
    "matmul, row": (lambda x: d2l.matmul(x[:, 0], x), A[:, 0] @ A),
    "batch_matmul": (
        lambda x: d2l.batch_matmul(x[None], d2l.transpose(x)[None]),
        (A @ A.T)[None],
    ),
    "sigmoid": (d2l.sigmoid, 1 / (1 + np.exp(-A))),
    "exp of integers": (lambda x: d2l.exp(d2l.arange(3)), np.exp(np.arange(3.0))),
    "log": (lambda x: d2l.log(x + 1), np.log(A + 1)),
    "sin, cos": (lambda x: d2l.sin(x) * d2l.cos(x), np.sin(A) * np.cos(A)),
    "sinh, cosh": (lambda x: d2l.sinh(x) / d2l.cosh(x), np.tanh(A)),
    "tanh, abs": (lambda x: d2l.abs(d2l.tanh(-x)), np.tanh(A)),
    "to": (lambda x: d2l.to(x, d2l.try_gpu()), A),
}


def check(case, precision, rtol):
    function, expected = CASES[case]
    actual = d2l.numpy(function(d2l.tensor(A.tolist())))
    assert actual.shape == expected.shape
    is_float = expected.dtype.kind == "f"
    assert actual.dtype == precision if is_float else actual.dtype.kind == "i"
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=rtol)


@pytest.mark.parametrize("case", CASES)
def test_numpy_says_the_same(case):
    check(case, "float32", 1e-6)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("case", CASES)
def test_numpy_says_the_same_in_float64(case):
    check(case, "float64", 1e-15)


def test_random_numbers():
    for x in (d2l.rand((2, 3)), d2l.randn((2, 3)), d2l.rand(2, 3), d2l.randn(2, 3)):
        assert x.shape == (2, 3)
        assert x.dtype == tf.float32
    x = d2l.normal(5, 0.1, (1000,))
    assert float(tf.reduce_mean(x)) == pytest.approx(5, abs=0.05)
    assert d2l.normal((2, 3)).shape == (2, 3)  # TensorFlow's order
    x = d2l.normal((1000,), stddev=0.1, mean=5)
    assert float(tf.reduce_mean(x)) == pytest.approx(5, abs=0.05)


def test_sizes_seeds_and_types():
    assert d2l.size(d2l.ones((2, 3))) == 6
    assert isinstance(d2l.get_seed(), int)
    assert isinstance(d2l.get_key(), int)
    assert d2l.tensor(np.ones(2)).dtype == tf.float64
    assert d2l.tensor([1, 2]).dtype == tf.int32
    assert (d2l.float32, d2l.int64) == (tf.float32, tf.int64)
    assert issubclass(d2l.LeNet, d2l.nn_Module)


def test_the_function_tensor_wins_over_the_module():
    import d2l.tensorflow.tensor

    assert callable(d2l.tensorflow.tensor)
