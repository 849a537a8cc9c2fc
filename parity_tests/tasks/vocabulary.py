"""The tensor vocabulary: one table of calls, run by every framework and by NumPy."""

from __future__ import annotations

import numpy as np

RANDOM = np.random.default_rng(0)
#: Tensors that the calls are made with.
TENSORS = {
    "x": RANDOM.standard_normal((3, 4)),
    "y": RANDOM.standard_normal((3, 4)),
    "v": RANDOM.standard_normal(4),
    "positive": RANDOM.uniform(0.1, 3, (3, 4)),
    "p": RANDOM.standard_normal((2, 3, 4)),
    "q": RANDOM.standard_normal((2, 4, 5)),
    "n": np.arange(12).reshape(3, 4),
}
#: A call in the book's vocabulary, and the same in NumPy.
CALLS = {
    "ones((2, 3))": "np.ones((2, 3))",
    "zeros((2, 3))": "np.zeros((2, 3))",
    "ones_like(x)": "np.ones((3, 4))",
    "zeros_like(x)": "np.zeros((3, 4))",
    "arange(12)": "np.arange(12)",
    "arange(2, 12)": "np.arange(2, 12)",
    "arange(0, 1, 0.25)": "np.arange(0, 1, 0.25)",
    "linspace(0, 1, 5)": "np.linspace(0, 1, 5)",
    "eye(3)": "np.eye(3)",
    "tensor([1.5, 2.0])": "np.array([1.5, 2.0])",
    "tensor([[1, 2], [3, 4]])": "np.array([[1, 2], [3, 4]])",
    "reshape(x, (4, 3))": "x.reshape(4, 3)",
    "reshape(x, (2, -1))": "x.reshape(2, -1)",
    "reduce_sum(x)": "x.sum()",
    "reduce_sum(x, 0)": "x.sum(0)",
    "reduce_sum(p, 2)": "p.sum(2)",
    "reduce_mean(x)": "x.mean()",
    "reduce_mean(x, 1)": "x.mean(1)",
    "argmax(x, 1)": "x.argmax(1)",
    "argmax(x, 0)": "x.argmax(0)",
    "argmax(x)": "x.argmax()",
    "transpose(x)": "x.T",
    "swapaxes(p, 0, 1)": "p.swapaxes(0, 1)",
    "expand_dims(x, 0)": "x[None]",
    "expand_dims(x, 2)": "x[:, :, None]",
    "concat((x, y), 0)": "np.concatenate((x, y), 0)",
    "concat((x, y), 1)": "np.concatenate((x, y), 1)",
    "stack((x, y), 0)": "np.stack((x, y), 0)",
    "stack((x, y), 1)": "np.stack((x, y), 1)",
    "astype(x, int32)": "x.astype(np.int32)",
    "astype(n, int64)": "n",
    "astype(n, float32)": "n.astype(np.float32)",
    "repeat(x, 2, 0)": "x.repeat(2, 0)",
    "repeat(x, 3, 1)": "x.repeat(3, 1)",
    "repeat(x, 2)": "x.repeat(2)",
    "size(x)": "np.array(12)",
    "numpy(x)": "x",
    "meshgrid(v, x[0])[0]": "np.meshgrid(v, x[0], indexing='ij')[0]",
    "meshgrid(v, x[0])[1]": "np.meshgrid(v, x[0], indexing='ij')[1]",
    "matmul(x, transpose(y))": "x @ y.T",
    "matmul(x, v)": "x @ v",
    "batch_matmul(p, q)": "p @ q",
    "abs(x)": "abs(x)",
    "exp(x)": "np.exp(x)",
    "log(positive)": "np.log(positive)",
    "sin(x)": "np.sin(x)",
    "cos(x)": "np.cos(x)",
    "sinh(x)": "np.sinh(x)",
    "cosh(x)": "np.cosh(x)",
    "tanh(x)": "np.tanh(x)",
    "sigmoid(x)": "1 / (1 + np.exp(-x))",
    "to(x, cpu())": "x",
    "to(x, try_gpu())": "x",
}


class Names(dict):
    """The tensors by name, then the names of a namespace."""

    def __init__(self, namespace, tensors):
        super().__init__(tensors)
        self.namespace = namespace

    def __missing__(self, name):
        if name == "np":
            return np
        return getattr(self.namespace, name)


def in_numpy(call):
    """What a call of the table is to return."""
    return np.asarray(eval(CALLS[call], {}, Names(np, TENSORS)))


def in_framework(session, arrays):
    """What all calls return in a framework, and what they raise."""
    tensors = {k: session.backend.to_tensor(v) for k, v in TENSORS.items()}
    names, found, errors = Names(session.namespace, tensors), {}, {}
    for call in CALLS:
        try:
            value = session.backend.to_numpy(eval(call, {}, names))
        except Exception as error:
            errors[call] = f"{type(error).__name__}: {error}"
        else:
            found[call] = np.array(value)
    return errors, found
