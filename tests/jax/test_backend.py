"""JAX's side of the parity engine: names, layouts, parts, gradients, states."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from d2l import jax as d2l
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.weights import WeightError
from d2l.jax import optimizers, weights
from d2l.jax.backend import BACKEND
from d2l.parity.initial_weights import initial_weights
from d2l.trials.steps import training_step


class Block(nnx.Module):
    """A part with a parameter of its own and a part that it shares."""

    def __init__(self, shared, rngs):
        self.scale = nnx.Param(jnp.ones((1, 4)))
        self.shared = shared
        self.norm = nnx.BatchNorm(4, rngs=rngs)
        self.plain = jnp.zeros(3)

    def __call__(self, X):
        return self.norm(self.shared(X) * self.scale[...])


class Net(nnx.Module):
    """A reader's own model, of many kinds of parts."""

    def __init__(self):
        rngs = nnx.Rngs(0)
        shared = nnx.Linear(4, 4, rngs=rngs)
        self.embed = nnx.Embed(5, 4, rngs=rngs)
        self.blocks = nnx.List([Block(shared, rngs), Block(shared, rngs)])
        self.conv = nnx.Conv(4, 2, (3,), padding="VALID", rngs=rngs)
        self.head = nnx.Sequential(
            # Channel by channel, as PyTorch flattens.
            lambda X: X.swapaxes(1, 2).reshape((X.shape[0], -1)),
            nnx.Linear(6, 3, rngs=rngs),
        )
        self.drop = nnx.Dropout(0.5, rngs=rngs)

    def __call__(self, tokens):
        X = self.embed(tokens)  # (batch, 5, 4)
        for block in self.blocks:
            X = block(X)
        return self.drop(self.head(self.conv(X)))


SHAPES = {
    "embed.weight": (5, 4),
    "conv.weight": (2, 4, 3),
    "conv.bias": (2,),
    "head.1.weight": (3, 6),
    "head.1.bias": (3,),
} | {
    f"blocks.{i}.{name}": shape
    for i in (0, 1)
    for name, shape in {
        "scale": (1, 4),
        "shared.weight": (4, 4),
        "shared.bias": (4,),
        "norm.weight": (4,),
        "norm.bias": (4,),
        "norm.running_mean": (4,),
        "norm.running_var": (4,),
    }.items()
}


@pytest.fixture(scope="module")
def tokens():
    return jnp.arange(10).reshape(2, 5) % 5


def test_names_and_shapes_of_a_readers_model():
    slots = list(BACKEND.slots(Net()))
    assert {s.name: s.canonical().shape for s in slots} == SHAPES
    untrained = {s.name for s in slots if not s.trainable}
    # As in PyTorch, a shared parameter is trained under the first of its names.
    assert untrained == {
        name for name in SHAPES if "running" in name or "blocks.1.shared" in name
    }


def test_weights_return_as_they_were_loaded():
    model, weights = Net(), initial_weights(SHAPES, 0)
    for name in ("weight", "bias"):
        same = weights[f"blocks.0.shared.{name}"]
        weights[f"blocks.1.shared.{name}"] = same
    BACKEND.load_weights(model, weights)
    for name, array in BACKEND.weights(model).items():
        assert np.array_equal(array, weights[name].astype(np.float32)), name


def test_a_misfit_is_named():
    weights = initial_weights(SHAPES, 0)
    with pytest.raises(WeightError, match=r"conv\.bias"):
        BACKEND.load_weights(Net(), weights | {"conv.bias": np.zeros(3)})


def test_outputs_of_parts(tokens):
    model = Net()
    own_call = nnx.Linear.__call__
    output, parts = BACKEND.forward(model, [tokens], training=False)
    assert nnx.Linear.__call__ is own_call
    assert "__call__" in vars(Block)
    assert list(parts) == [
        "embed",
        "blocks.0.shared",
        "blocks.0.norm",
        "blocks.0",
        "blocks.1.norm",
        "blocks.1",
        "conv",
        "head.1",
    ]
    assert jnp.array_equal(parts["head.1"], output)
    again, _ = BACKEND.forward(model, [tokens], training=True)
    assert not jnp.array_equal(output, again)


def test_gradients_have_canonical_names(tokens):
    model, labels = Net(), jnp.array([0, 2])

    def loss(model, batch):
        return ((model(batch[0]) - batch[1][:, None]) ** 2).mean()

    found = BACKEND.gradients(model, loss, [tokens, labels])
    trained = {s.name: s.canonical().shape for s in BACKEND.slots(model) if s.trainable}
    assert {k: v.shape for k, v in found.parameters.items()} == trained
    assert found.inputs == {}


def test_a_loss_with_parameters_has_their_gradients():
    model = d2l.WeightDecayScratch(2, lambd=3.0, lr=0.1)
    X, y = jnp.ones((1, 2)), jnp.zeros((1, 1))
    found = BACKEND.gradients(model, training_step, [X, y])
    w, error = np.asarray(model.w[...]), float(model(X)[0, 0])
    assert np.allclose(found.parameters["w"], error + 3 * w, atol=1e-6)
    assert np.allclose(found.inputs["0"], error * w.T, atol=1e-6)


def test_gradients_of_a_function():
    X = jnp.array([[1.0, 2.0], [3.0, 4.0]])
    output, (gradient,) = BACKEND.call(lambda a, b: a * b, [X, X + 1], [0])
    assert jnp.array_equal(output, X * (X + 1))
    assert jnp.array_equal(gradient, jnp.array([[1, 2], [3, 4]]) * (X + 1))
    assert BACKEND.call(jnp.argmax, [X], [])[0] == 3


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda m: optimizers.sgd(m, 0.1), []),
        (lambda m: optimizers.sgd(m, 0.1, 0.9, 0.01), ["momentum_buffer"]),
        (lambda m: optimizers.adam(m, 0.1), ["exp_avg", "exp_avg_sq"]),
        (lambda m: optax.masked(optimizers.adam(m, 0.1), _matrices), ["exp_avg"]),
        (lambda m: optax.partition({0: optimizers.adam(m, 0.1)}, 0), ["exp_avg"]),
    ],
    ids=["sgd", "momentum", "adam", "masked", "partition"],
)
def test_states_of_optimizers(make, names):
    model = d2l.LeNet()
    optim = nnx.Optimizer(model, make(model), wrt=nnx.Param)
    state = BACKEND.optimizer_state(model, optim)
    assert ("step" in state) == ("exp_avg" in names)
    for name in names:
        assert state[f"{name}.net.3.weight"].shape == (16, 6, 5, 5)
    filled = {k: np.full_like(v, 2) for k, v in state.items()}
    weights.load_optimizer_state(model, optim, filled)
    found = BACKEND.optimizer_state(model, optim)
    assert {k: v.shape for k, v in found.items()} == {
        k: v.shape for k, v in state.items()
    }
    assert all((value == 2).all() for value in found.values())
    with pytest.raises(WeightError, match=r"lacks exp_avg\.nothing"):
        weights.load_optimizer_state(model, optim, filled | {"exp_avg.nothing": 1})
    for label in state:
        less = {k: v for k, v in filled.items() if k != label}
        with pytest.raises(WeightError, match=f"has {label}"):
            weights.load_optimizer_state(model, optim, less)


def _matrices(params):
    return jax.tree.map(lambda p: p.ndim > 1, params)


def test_seeds_repeat():
    draws = []
    for _ in range(2):
        BACKEND.seed(3)
        draws.append(d2l.rand(4).tolist())
    assert draws[0] == draws[1] != d2l.rand(4).tolist()


AGAINST_TORCH = """
import sys
import numpy as np
from d2l import jax, torch
from d2l.common.plots.progress_board import CurveRecorder
from d2l.jax.backend import BACKEND as J
from d2l.torch.backend import BACKEND as T
from d2l.jax.optimizers import adam
import d2l.torch.optimizers as torch_optimizers
from d2l.parity.initial_weights import initial_weights

def build(d2l, backend, make):
    backend.configure("float64")
    cls = type("Mine", (d2l.LeNet,), {"configure_optimizers": lambda m: make(m, 0.01)})
    data, model = d2l.Digits(batch_size=300), cls()
    backend.materialise(model, [next(iter(data.train_dataloader()))[0]])
    shapes = {s.name: s.canonical().shape for s in backend.slots(model)}
    backend.load_weights(model, initial_weights(shapes, 0))
    return model, data

def train(d2l, backend, make, epochs, path):
    model, data = build(d2l, backend, make)
    model.board = CurveRecorder()
    d2l.Trainer(max_epochs=epochs).fit(model, data, checkpoint=path)
    return np.array(model.board.curves["train_loss"]), backend.weights(model)

path = sys.argv[1] + "/begun_by_torch.safetensors"
whole, weights = train(jax, J, adam, 2, None)
first, _ = train(torch, T, torch_optimizers.adam, 1, path)
rest, resumed = train(jax, J, adam, 2, path)
found = np.concatenate([first, rest])
print("curve", np.abs(found / whole - 1).max())
assert np.allclose(found, whole, rtol=1e-10, atol=0)
for name, array in weights.items():
    assert np.allclose(resumed[name], array, rtol=0, atol=1e-9), name
"""


@pytest.mark.skipif(bool(FRAMEWORKS["torch"].missing()), reason="needs PyTorch")
def test_training_that_pytorch_began_goes_on_in_jax(tmp_path):
    command = [sys.executable, "-c", AGAINST_TORCH, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


WIDENED = """
import numpy as np
from flax import nnx
from d2l.jax.backend import BACKEND
BACKEND.configure("float64")
net = nnx.Sequential(nnx.Linear(2, 2, rngs=nnx.Rngs(0)))
third = {k: np.full_like(v, 1 / 3) for k, v in BACKEND.weights(net).items()}
BACKEND.load_weights(net, third)
assert float(net.layers[0].kernel[0, 0]) == 1 / 3
assert net(np.ones((1, 2))).dtype == np.float64
from d2l import jax as d2l
for model in (d2l.LeNet(), d2l.DropoutMLP(10, 4, 4, 0.5, 0.5, 0.1), d2l.NestMLP()):
    for slot in BACKEND.slots(model):
        assert slot.read().dtype == np.float64
assert d2l.Digits(4).train_dataloader().fetch([0])[0].dtype == np.float64
assert d2l.rand(2).dtype == d2l.ones(2).dtype == np.float64
"""


def test_a_process_in_double_precision():
    # Layers made with Flax's default are widened when weights are loaded.
    done = subprocess.run([sys.executable, "-c", WIDENED], check=False)
    assert done.returncode == 0
