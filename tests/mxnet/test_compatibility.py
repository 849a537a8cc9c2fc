"""MXNet 1.9.1 on current Python and NumPy."""

import subprocess
import sys

import numpy as onp
import pytest

import d2l.mxnet  # noqa: F401

from mxnet import init, np  # isort: skip
from mxnet.gluon import nn  # isort: skip


def run(code, *options):
    return subprocess.run(
        [sys.executable, *options, "-c", code],
        check=False,
        capture_output=True,
        text=True,
    )


def test_import_is_silent():
    done = run("from d2l import mxnet", "-W", "always")
    assert done.returncode == 0, done.stderr
    assert "mxnet" not in done.stderr


def test_names_that_numpy_has_are_left_alone():
    code = (
        "import numpy; numpy.str = mark = object(); from d2l import mxnet; "
        "assert numpy.str is mark and numpy.bool is bool"
    )
    assert run(code).returncode == 0


@pytest.mark.parametrize(
    "layer",
    [lambda: nn.Dense(3), lambda: nn.Conv2D(3, 2), lambda: nn.Conv2DTranspose(3, 2)],
)
@pytest.mark.parametrize("initialiser", [init.Xavier(), init.Normal(), init.Uniform()])
def test_layers_start_in_float64(layer, initialiser):
    layer = layer()
    layer.initialize(initialiser)
    layer.cast("float64")
    output = layer(np.ones((2, 3, 4, 4), dtype="float64"))
    assert output.dtype == onp.float64
    assert np.abs(layer.weight.data()).sum() > 0


def test_draws_are_as_before_without_an_output():
    assert np.random.uniform(size=(2, 3)).dtype == onp.float32
    assert np.random.normal(0, 1, (2,), dtype="float64").dtype == onp.float64
    out = np.zeros(1000)
    np.random.normal(3, 0.1, out.shape, out=out)
    assert float(out.mean()) == pytest.approx(3, abs=0.1)


def test_a_process_of_float64():
    code = """
from d2l import mxnet as d2l
from d2l.mxnet.backend import BACKEND
from mxnet import np
BACKEND.configure("float64")
data = d2l.Digits(batch_size=256)
for model in (d2l.LeNet(0.1), d2l.MLPScratch(784, 10, 16, 0.1)):
    d2l.Trainer(max_epochs=1).fit(model, data)
    found = BACKEND.weights(model).values()
    assert {str(array.dtype) for array in found} == {"float64"}
d2l.LeNet().layer_summary((1, 1, 28, 28))
assert d2l.ones(2).dtype == d2l.rand(2).dtype == d2l.tensor([1.0]).dtype == "float64"
class Scratch(d2l.MLPScratch):
    def __init__(self):
        super().__init__(784, 10, 16, 0.1)
        self.W1 = np.random.normal(0, 0.01, (784, 16))  # float32, as MXNet has it
        self.W1.attach_grad()
model = Scratch()
d2l.Trainer(max_epochs=1).fit(model, data)
assert model.W1.dtype == "float64" and model.W1.grad.dtype == "float64"
"""
    done = run(code)
    assert done.returncode == 0, done.stderr
