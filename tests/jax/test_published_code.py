"""Code as readers of the published book write it runs unchanged."""

import random
from functools import partial

import jax
import matplotlib as mpl
import numpy as np
import optax
import pytest
from flax import nnx
from jax import numpy as jnp

from d2l import jax as d2l
from d2l.jax.backend import BACKEND

mpl.use("Agg")


@pytest.fixture(autouse=True)
def same_keys():
    """Each test draws the same numbers, whichever ran before it."""
    BACKEND.seed(0)


@pytest.fixture
def restore_classes():
    """Readers redefine methods of d2l.Trainer and d2l.Module: put them back."""
    classes = (d2l.Trainer, d2l.Module, d2l.DataModule, d2l.KaggleHouse)
    saved = {cls: dict(vars(cls)) for cls in classes}
    yield
    for cls, members in saved.items():
        for name in set(vars(cls)) - set(members):
            delattr(cls, name)
        for name, member in members.items():
            if vars(cls).get(name) is not member:
                setattr(cls, name, member)


@pytest.fixture
def data():
    return d2l.SyntheticRegressionData(
        w=jnp.array([2, -3.4]), b=4.2, num_train=96, num_val=64
    )


@nnx.jit
def train_step(model, optimizer, batch):
    loss, grads = nnx.value_and_grad(lambda m: m.training_step(batch))(model)
    optimizer.update(model, grads)
    return loss


@nnx.jit
def validation_step(model, batch):
    return model.validation_step(batch)


def fit_epoch(self):
    """The loop of the book's JAX edition."""
    for batch in self.train_dataloader:
        loss = train_step(self.train_model, self.optim, self.prepare_batch(batch))
        self.model.plot("loss", loss, train=True)
        self.train_batch_idx += 1
    if self.val_dataloader is None:
        return
    for batch in self.val_dataloader:
        metrics = validation_step(self.val_model, self.prepare_batch(batch))
        if isinstance(metrics, tuple):
            metrics, accuracy = metrics
            self.model.plot("acc", accuracy, train=False)
        self.model.plot("loss", metrics, train=False)
        self.val_batch_idx += 1


def test_methods_are_added_to_a_class():
    class A:
        def __init__(self):
            self.b = 1

    a = A()

    @d2l.add_to_class(A)
    def do(self):
        return self.b

    assert a.do() == 1


def test_hyperparameters_are_saved():
    class B(d2l.HyperParameters):
        def __init__(self, a, b, c):
            self.save_hyperparameters(ignore=["c"])

    b = B(a=1, b=2, c=3)
    assert (b.a, b.b) == (1, 2)
    assert not hasattr(b, "c")


def test_board_draws_points():
    board = d2l.ProgressBoard("x")
    for x in jnp.arange(0, 10, 0.5):
        board.draw(x, jnp.sin(x), "sin", every_n=2)
        board.draw(x, lambda x=x: jnp.cos(x), "cos", every_n=10)
    assert len(board.data["sin"]) == 10
    assert len(board.data["cos"]) == 2


def test_plot_and_figure():
    x = jnp.arange(0, 3, 0.1)
    d2l.set_figsize((4, 3))
    d2l.plot(x, [x**2, 2 * x - 3], "x", "f(x)", legend=["f(x)", "tangent"])
    assert len(d2l.plt.gca().lines) == 2
    d2l.plt.close("all")


def test_vocabulary_of_the_book():
    x = d2l.arange(12)
    X = d2l.reshape(x, (3, 4))
    assert d2l.size(X) == 12
    assert d2l.reduce_sum(X, axis=0, keepdims=True).shape == (1, 4)
    assert d2l.argmax(X, axis=1).tolist() == [3, 3, 3]
    assert d2l.astype(X, d2l.float32).dtype == jnp.float32
    assert isinstance(d2l.numpy(X), np.ndarray)
    assert d2l.to(X, d2l.cpu()).shape == (3, 4)
    assert d2l.concat((X, X), axis=1).shape == (3, 8)
    assert d2l.normal(0, 1, (2, 3)).shape == d2l.rand(2, 3).shape == (2, 3)
    keys = [d2l.get_key(), d2l.get_key()]
    a, b = (jax.random.normal(key, (2,)) for key in keys)
    assert not jnp.array_equal(a, b)


def test_data_module_of_a_reader():
    class Data(d2l.DataModule):
        def __init__(self, w, b, num=32, batch_size=8):
            super().__init__()
            self.save_hyperparameters()
            self.X = jax.random.normal(d2l.get_key(), (num, w.shape[0]))
            self.y = d2l.matmul(self.X, d2l.reshape(w, (-1, 1))) + b

        def get_dataloader(self, train):
            indices = list(range(self.num))
            if train:
                random.shuffle(indices)
            return [
                (self.X[part], self.y[part])
                for part in jnp.array(indices).reshape(-1, self.batch_size)
            ]

    mine = Data(w=jnp.array([2, -3.4]), b=4.2)
    trainer = d2l.Trainer(max_epochs=1)
    trainer.fit(d2l.LinearRegression(2, lr=0.03), mine)
    assert trainer.num_train_batches == 4


def test_synthetic_data(data):
    assert data.X.shape == (160, 2)
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, y.shape) == ((32, 2), (32, 1))
    assert len(data.train_dataloader()) == 3
    other = d2l.SyntheticRegressionData(
        w=jnp.array([2, -3.4]), b=4.2, key=jax.random.key(1)
    )
    assert not jnp.array_equal(data.X[0], other.X[0])


def test_scratch_model_of_a_reader(data):
    class Linear(d2l.Module):
        def __init__(self, num_inputs, lr, sigma=0.01, rngs=None):
            super().__init__()
            self.save_hyperparameters(ignore=["rngs"])
            rngs = nnx.Rngs(d2l.get_key()) if rngs is None else rngs
            self.w = nnx.Param(rngs.params.normal((num_inputs, 1)) * sigma)
            self.b = nnx.Param(jnp.zeros(1))

        def forward(self, X):
            return d2l.matmul(X, self.w) + self.b

        def loss(self, y_hat, y):
            l = (y_hat - d2l.reshape(y, y_hat.shape)) ** 2 / 2  # noqa: E741
            return d2l.reduce_mean(l)

        def configure_optimizers(self):
            return d2l.SGD(self.lr)

    model = Linear(2, lr=0.1)
    d2l.Trainer(max_epochs=10).fit(model, data)
    assert float(jnp.abs(data.w - model.w.reshape(data.w.shape)).max()) < 0.2
    assert float(jnp.abs(data.b - model.b[...]).max()) < 0.2


def test_scratch_optimizer(data):
    model = d2l.LinearRegressionScratch(2, lr=0.03)
    trainer = d2l.Trainer(max_epochs=2)
    trainer.fit(model, data)
    assert isinstance(trainer.optim.tx, d2l.SGD)
    assert isinstance(d2l.SGD(0.03)(), optax.GradientTransformation)


def test_the_loop_can_be_replaced(data, restore_classes):
    @d2l.add_to_class(d2l.Trainer)
    def prepare_batch(self, batch):
        if self.gpus:
            batch = [d2l.to(a, self.gpus[0]) for a in batch]
        return batch

    d2l.add_to_class(d2l.Trainer)(fit_epoch)
    model = d2l.LinearRegression(2, lr=0.03)
    trainer = d2l.Trainer(max_epochs=3, gradient_clip_val=1)
    trainer.fit(model, data)
    assert trainer.train_batch_idx == 9
    assert len(model.board.data["val_loss"]) == 3
    assert len(model.board.data["train_loss"]) == 9


def test_the_replaced_loop_learns_the_same(restore_classes):
    results = []
    for loop in (d2l.Trainer.fit_epoch, fit_epoch):
        d2l.Trainer.fit_epoch = loop
        model = d2l.MLP(10, 16, lr=0.1, rngs=nnx.Rngs(3))
        d2l.Trainer(max_epochs=2, gradient_clip_val=0.5).fit(model, d2l.Digits(256))
        results.append((model.net.layers[1].kernel[...], model.board.data))
    (mine, my_points), (own, own_points) = results
    assert np.allclose(mine, own, atol=1e-5)
    for label, points in own_points.items():
        assert np.allclose(my_points[label], points, rtol=1e-4)


def test_clipping_can_be_replaced(data, restore_classes):
    @d2l.add_to_class(d2l.Trainer)
    def clip_gradients(self, grad_clip_val, grads):
        return jax.tree_util.tree_map(lambda g: 0 * g, grads)

    model = d2l.LinearRegression(2, lr=0.03)
    before = model.net.kernel[...]
    d2l.Trainer(max_epochs=1, gradient_clip_val=1).fit(model, data)
    assert jnp.array_equal(before, model.net.kernel[...])


def test_concise_model(data):
    for model in (d2l.LinearRegression(2, lr=0.03), d2l.LinearRegression(lr=0.03)):
        d2l.Trainer(max_epochs=20).fit(model, data)
        w, b = model.get_w_b()
        assert float(jnp.abs(data.w - w.reshape(data.w.shape)).max()) < 0.5
        assert float(jnp.abs(data.b - b).max()) < 0.5


def test_weight_decay():
    data = d2l.Data(num_train=20, num_val=100, num_inputs=200, batch_size=5)
    trainer = d2l.Trainer(max_epochs=2)
    model = d2l.WeightDecayScratch(num_inputs=200, lambd=3, lr=0.01)
    model.board.yscale = "log"
    trainer.fit(model, data)
    assert float(d2l.l2_penalty(model.w)) > 0
    model = d2l.WeightDecay(wd=3, lr=0.01)
    trainer.fit(model, data)
    assert float(d2l.l2_penalty(model.get_w_b()[0])) > 0


def test_weight_decay_masked_by_name():
    class Decay(d2l.LinearRegression):
        def __init__(self, wd, lr, num_inputs=200, rngs=None):
            super().__init__(num_inputs, lr, rngs=rngs)
            self.save_hyperparameters(ignore=["rngs"])

        def configure_optimizers(self):
            def is_kernel(params):
                return jax.tree_util.tree_map_with_path(
                    lambda path, _: "kernel" in str(path), params
                )

            decay = optax.add_decayed_weights(self.wd)
            return optax.chain(optax.masked(decay, is_kernel), optax.sgd(self.lr))

    data = d2l.Data(num_train=20, num_val=100, num_inputs=200, batch_size=5)
    weights = []
    for cls in (Decay, d2l.WeightDecay):
        model = cls(wd=3, lr=0.01, num_inputs=200, rngs=nnx.Rngs(0))
        d2l.Trainer(max_epochs=2).fit(model, data)
        weights.append(model.get_w_b()[0])
    assert np.allclose(*weights, atol=1e-6)


def test_image_data():
    data = d2l.Digits(batch_size=16, resize=(32, 32))
    assert data.train[0].shape[0] + data.val[0].shape[0] == 1797
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, X.dtype) == ((16, 32, 32, 1), jnp.float32)
    assert (y.shape, y.dtype) == ((16,), jnp.int32)
    data.visualize(next(iter(data.val_dataloader())))
    d2l.plt.close("all")


def test_classifier_of_a_reader():
    class SoftmaxRegressionScratch(d2l.Classifier):
        def __init__(self, num_inputs, num_outputs, lr, sigma=0.01, rngs=None):
            super().__init__()
            self.save_hyperparameters(ignore=["rngs"])
            rngs = nnx.Rngs(d2l.get_key()) if rngs is None else rngs
            self.W = nnx.Param(rngs.params.normal((num_inputs, num_outputs)) * sigma)
            self.b = nnx.Param(jnp.zeros(num_outputs))

        def forward(self, X):
            X = d2l.reshape(X, (-1, self.W.shape[0]))
            return d2l.softmax(d2l.matmul(X, self.W) + self.b)

        def loss(self, y_hat, y):
            return d2l.cross_entropy(y_hat, y)

    data = d2l.Digits(batch_size=256)
    model = SoftmaxRegressionScratch(num_inputs=784, num_outputs=10, lr=0.1)
    d2l.Trainer(max_epochs=3).fit(model, data)
    X, y = next(iter(data.val_dataloader()))
    assert d2l.argmax(model(X), axis=1).shape == y.shape
    losses = [point.y for point in model.board.data["train_loss"]]
    assert losses[-1] < losses[0]


def test_softmax_and_cross_entropy():
    X = jax.random.uniform(d2l.get_key(), (2, 5))
    assert jnp.allclose(d2l.softmax(X).sum(1), jnp.ones(2))
    y_hat = jnp.array([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    expected = -(np.log(0.1) + np.log(0.5)) / 2
    found = d2l.cross_entropy(y_hat, jnp.array([0, 2]))
    assert float(found) == pytest.approx(expected)


def test_mlp_of_a_reader():
    class MLP(d2l.Classifier):
        def __init__(self, num_outputs, num_hiddens, lr, num_inputs=784, rngs=None):
            super().__init__()
            self.save_hyperparameters(ignore=["rngs"])
            rngs = nnx.Rngs(d2l.get_key()) if rngs is None else rngs
            self.hidden = nnx.Linear(num_inputs, num_hiddens, rngs=rngs)
            self.output = nnx.Linear(num_hiddens, num_outputs, rngs=rngs)

        def forward(self, X):
            X = X.reshape((X.shape[0], -1))
            return self.output(nnx.relu(self.hidden(X)))

    model = MLP(num_outputs=10, num_hiddens=256, lr=0.1)
    trainer = d2l.Trainer(max_epochs=2)
    trainer.fit(model, d2l.Digits(batch_size=256))
    assert isinstance(trainer.optim, nnx.Optimizer)
    assert trainer.model is model


def test_dropout_of_a_reader():
    class Dropout(d2l.Classifier):
        def __init__(self, dropout, lr, rngs=None):
            super().__init__()
            self.save_hyperparameters(ignore=["rngs"])
            self.rngs = nnx.Rngs(params=d2l.get_key(), dropout=d2l.get_key())
            self.lin1 = nnx.Linear(784, 32, rngs=self.rngs)
            self.lin2 = nnx.Linear(32, 10, rngs=self.rngs)
            self.deterministic = False

        def set_view(self, *, deterministic):
            self.deterministic = deterministic

        def forward(self, X):
            H = nnx.relu(self.lin1(X.reshape(X.shape[0], -1)))
            if not self.deterministic:
                H = d2l.dropout_layer(H, self.dropout, self.rngs.dropout())
            return self.lin2(H)

    data = d2l.Digits(batch_size=256)
    model = Dropout(0.5, lr=0.1)
    trainer = d2l.Trainer(max_epochs=1)
    trainer.fit(model, data)
    X, _ = next(iter(data.val_dataloader()))
    assert jnp.array_equal(trainer.val_model(X), trainer.val_model(X))
    assert not jnp.array_equal(trainer.train_model(X), trainer.train_model(X))


def test_dropout():
    sizes = {"num_outputs": 10, "num_hiddens_1": 256, "num_hiddens_2": 256}
    hparams = {"dropout_1": 0.5, "dropout_2": 0.5, "lr": 0.1}
    X = jnp.arange(16, dtype=jnp.float32).reshape(2, 8)
    assert jnp.array_equal(d2l.dropout_layer(X, 0, d2l.get_key()), X)
    assert not d2l.dropout_layer(X, 1, d2l.get_key()).any()
    data = d2l.Digits(batch_size=256)
    for cls in (d2l.DropoutMLPScratch, d2l.DropoutMLP):
        d2l.Trainer(max_epochs=1).fit(cls(**sizes, **hparams), data)


def test_house_prices():
    data = d2l.KaggleHouse(batch_size=64, source="small")
    assert "SalePrice" in data.raw_train
    data.preprocess()
    models = d2l.k_fold(d2l.Trainer(max_epochs=3), data, k=5, lr=0.01)
    X = jnp.asarray(data.val.values.astype(float), dtype=jnp.float32)
    ensemble = jnp.exp(jnp.concatenate([model(X) for model in models], 1)).mean(1)
    assert ensemble.shape == (len(data.val),)


def test_building_blocks():
    X = jax.random.uniform(d2l.get_key(), (2, 20))
    rngs = nnx.Rngs(0)
    net = d2l.MySequential(
        nnx.Linear(20, 256, rngs=rngs), nnx.relu, nnx.Linear(256, 10, rngs=rngs)
    )
    assert net(X).shape == (2, 10)
    chimera = nnx.Sequential(
        d2l.NestMLP(), nnx.Linear(16, 20, rngs=rngs), d2l.FixedHiddenMLP()
    )
    assert chimera(X).shape == nnx.jit(chimera)(X).shape == ()
    assert d2l.CenteredLayer()(jnp.array([1.0, 2, 3, 4, 5])).sum() == 0
    linear = d2l.MyLinear(5, 3)
    assert linear.weight.shape == (5, 3)
    assert linear(X[:, :5]).shape == (2, 3)


def test_initialiser():
    layer = nnx.Linear(4, 8, kernel_init=d2l.MyInit(), rngs=nnx.Rngs(0))
    sizes = jnp.abs(layer.kernel[...])
    assert bool(((sizes == 0) | (sizes >= 5)).all())


def test_initialisation_of_a_model():
    model = d2l.LeNet(lr=0.1)
    before = model.net.layers[0].kernel[...]
    model.apply_init([jnp.zeros((2, 28, 28, 1))], d2l.init_cnn)
    assert not jnp.array_equal(before, model.net.layers[0].kernel[...])
    zeros = nnx.initializers.zeros
    assert not d2l.LeNet(kernel_init=zeros).net.layers[7].kernel[...].any()


def test_devices():
    assert d2l.cpu() == jax.devices("cpu")[0]
    assert d2l.num_gpus() >= 0
    assert d2l.try_gpu(10) == d2l.cpu() or d2l.num_gpus() > 10
    assert d2l.try_all_gpus()
    trainer = d2l.Trainer(max_epochs=1, num_gpus=1)
    assert len(trainer.gpus) == min(1, d2l.num_gpus())


def test_convolutions():
    X = jnp.ones((6, 8)).at[:, 2:6].set(0)
    K = jnp.array([[1.0, -1.0]])
    Y = d2l.corr2d(X, K)
    conv = nnx.Conv(1, 1, kernel_size=(1, 2), use_bias=False, padding="VALID",
                    rngs=nnx.Rngs(0))  # fmt: skip
    X, Y = X.reshape((1, 6, 8, 1)), Y.reshape((1, 6, 7, 1))
    for _ in range(10):
        gradient = nnx.value_and_grad(lambda conv: ((conv(X) - Y) ** 2).sum())
        loss, grads = gradient(conv)
        conv.kernel[...] = conv.kernel[...] - 3e-2 * grads["kernel"][...]
    assert float(loss) < 10
    padded = nnx.Conv(1, 1, (3, 3), padding=1, strides=2, rngs=nnx.Rngs(0))
    assert d2l.comp_conv2d(padded, jnp.ones((8, 8))).shape == (4, 4)
    X, K = d2l.normal(0, 1, (3, 3, 3)), d2l.normal(0, 1, (2, 3, 1, 1))
    by_dense = d2l.corr2d_multi_in_out_1x1(X, K)
    assert jnp.allclose(by_dense, d2l.corr2d_multi_in_out(X, K), atol=1e-6)
    pooled = d2l.pool2d(jnp.arange(9.0).reshape(3, 3), (2, 2))
    assert pooled.tolist() == [[4, 5], [7, 8]]


def test_lenet(capsys):
    model = d2l.LeNet(lr=0.1)
    d2l.Trainer(max_epochs=1, num_gpus=1).fit(model, d2l.Digits(batch_size=128))
    model.layer_summary((1, 28, 28, 1))
    assert "Linear output shape:\t (1, 10)" in capsys.readouterr().out


def test_lenet_of_a_reader():
    class LeNet(d2l.Classifier):
        def __init__(self, lr=0.1, num_classes=10, kernel_init=None, rngs=None):
            super().__init__()
            self.save_hyperparameters(ignore=["rngs", "kernel_init"])
            rngs = nnx.Rngs(d2l.get_key()) if rngs is None else rngs
            pool = partial(nnx.avg_pool, window_shape=(2, 2), strides=(2, 2))
            self.net = nnx.Sequential(
                nnx.Conv(1, 6, kernel_size=(5, 5), padding="SAME", rngs=rngs),
                nnx.relu,
                lambda x: nnx.avg_pool(x, window_shape=(2, 2), strides=(2, 2)),
                nnx.Conv(6, 16, kernel_size=(5, 5), padding="VALID", rngs=rngs),
                nnx.relu,
                pool,
                lambda x: x.reshape((x.shape[0], -1)),
                nnx.Linear(400, num_classes, rngs=rngs),
            )

    model = LeNet(lr=0.1)
    d2l.Trainer(max_epochs=2).fit(model, d2l.Digits(batch_size=128))
    losses = [point.y for point in model.board.data["train_loss"]]
    assert losses[-1] < losses[0]


def test_older_helpers():
    true_w, true_b = jnp.array([2, -3.4]), 4.2
    features, labels = d2l.synthetic_data(true_w, true_b, 200)
    data_iter = d2l.load_array((features, labels), 10)
    params = [d2l.normal(0, 0.01, (2, 1)), jnp.zeros(1)]

    def loss(params, X, y):
        return d2l.squared_loss(d2l.linreg(X, *params), y).sum()

    for _ in range(3):
        for X, y in data_iter:
            grads = d2l.grad_clipping(jax.grad(loss)(params, X, y), 100)
            params = d2l.sgd(params, grads, 0.03, 10)
    net = lambda X: d2l.linreg(X, *params)  # noqa: E731
    assert d2l.evaluate_loss(net, data_iter, d2l.squared_loss) < 1
    assert d2l.Timer().stop() >= 0
    y_hat = jnp.array([[0.1, 0.9], [0.8, 0.2]])
    assert d2l.accuracy(y_hat, jnp.array([1, 1])) == 1


def test_training_by_function(capsys):
    data = d2l.Digits(batch_size=256)
    net = nnx.Sequential(
        lambda x: x.reshape((x.shape[0], -1)), nnx.Linear(784, 10, rngs=nnx.Rngs(0))
    )
    loaders = data.train_dataloader(), data.val_dataloader()
    d2l.train_ch6(net, *loaders, 2, 0.5, d2l.try_gpu())
    assert "test acc" in capsys.readouterr().out
    assert d2l.evaluate_accuracy_gpu(net, data.val_dataloader()) > 0.3


def test_own_training_step(data):
    class Perplexity(d2l.LinearRegression):
        def training_step(self, batch):
            loss = self.loss(self(*batch[:-1]), batch[-1])
            self.plot("ppl", d2l.exp(loss), train=True)
            return loss

        def validation_step(self, batch):
            loss = self.loss(self(*batch[:-1]), batch[-1])
            self.plot("ppl", d2l.exp(loss), train=False)

    model = Perplexity(2, lr=0.03)
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert set(model.board.data) == {"train_ppl", "val_ppl"}


def test_a_step_that_only_returns_its_loss(data):
    class Silent(d2l.LinearRegression):
        def training_step(self, batch):
            return self.loss(self(*batch[:-1]), batch[-1])

    model = Silent(2, lr=0.03)
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert set(model.board.data) == {"train_loss", "val_loss"}
