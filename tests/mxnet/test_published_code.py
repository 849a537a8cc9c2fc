"""Code as readers of the published book write it runs unchanged."""

import math
import random

import matplotlib as mpl
import pytest

from d2l import mxnet as d2l

# Only after d2l.mxnet, which makes MXNet importable on current NumPy.
from mxnet import autograd, gluon, init, np, npx  # isort: skip
from mxnet.gluon import nn  # isort: skip

npx.set_np()
mpl.use("Agg")


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
        w=np.array([2, -3.4]), b=4.2, num_train=96, num_val=64
    )


def test_board_draws_points():
    board = d2l.ProgressBoard("x")
    for x in np.arange(0, 10, 0.1):
        board.draw(x, np.sin(x), "sin", every_n=2)
        board.draw(x, np.cos(x), "cos", every_n=10)
    assert len(board.data["sin"]) == 50
    assert len(board.data["cos"]) == 10


def test_plot_and_figure():
    x = np.arange(0, 3, 0.1)
    d2l.set_figsize((4, 3))
    d2l.plot(x, [x**2, 2 * x - 3], "x", "f(x)", legend=["f(x)", "tangent"])
    assert len(d2l.plt.gca().lines) == 2
    d2l.plt.close("all")


def test_data_module_of_a_reader():
    class Data(d2l.DataModule):
        def __init__(self, w, b, num=32, batch_size=8):
            super().__init__()
            self.save_hyperparameters()
            self.X = d2l.randn(num, len(w))
            self.y = d2l.matmul(self.X, d2l.reshape(w, (-1, 1))) + b

        def get_dataloader(self, train):
            def batches():
                indices = list(range(self.num))
                if train:
                    random.shuffle(indices)
                for i in range(0, len(indices), self.batch_size):
                    part = d2l.tensor(indices[i : i + self.batch_size])
                    yield self.X[part], self.y[part]

            return list(batches())

    mine = Data(w=d2l.tensor([2, -3.4]), b=4.2)
    X, y = next(iter(mine.train_dataloader()))
    assert (X.shape, y.shape) == ((8, 2), (8, 1))
    trainer = d2l.Trainer(max_epochs=1)
    trainer.fit(d2l.LinearRegression(lr=0.03), mine)
    assert trainer.num_train_batches == 4


def test_synthetic_data(data):
    assert data.X.shape == (160, 2)
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, y.shape) == ((32, 2), (32, 1))
    assert len(data.train_dataloader()) == 3


def test_gluon_loader_of_a_reader(data, restore_classes):
    @d2l.add_to_class(d2l.DataModule)
    def get_tensorloader(self, tensors, train, indices=slice(0, None)):
        tensors = tuple(a[indices] for a in tensors)
        dataset = gluon.data.ArrayDataset(*tensors)
        return gluon.data.DataLoader(dataset, self.batch_size, shuffle=train)

    X, _ = next(iter(data.train_dataloader()))
    assert X.shape == (32, 2)
    d2l.Trainer(max_epochs=1).fit(d2l.LinearRegression(lr=0.03), data)


def test_scratch_model_and_optimizer(data):
    class Scratch(d2l.Module):
        def __init__(self, num_inputs, lr, sigma=0.01):
            super().__init__()
            self.save_hyperparameters()
            self.w = np.random.normal(0, sigma, (num_inputs, 1))
            self.b = np.zeros(1)
            self.w.attach_grad()
            self.b.attach_grad()

        def forward(self, X):
            return np.dot(X, self.w) + self.b

        def loss(self, y_hat, y):
            return ((y_hat - y) ** 2 / 2).mean()

    model = Scratch(2, lr=0.03)
    assert isinstance(model.parameters(), list)
    assert len(model.get_scratch_params()) == 2
    trainer = d2l.Trainer(max_epochs=10)
    trainer.fit(model, data)
    assert isinstance(trainer.optim, d2l.SGD)
    assert float(np.abs(data.w - model.w.reshape(data.w.shape)).max()) < 1.5


def test_the_loop_can_be_replaced(data, restore_classes):
    @d2l.add_to_class(d2l.Trainer)
    def prepare_batch(self, batch):
        return batch

    @d2l.add_to_class(d2l.Trainer)
    def fit_epoch(self):
        for batch in self.train_dataloader:
            with autograd.record():
                loss = self.model.training_step(self.prepare_batch(batch))
            loss.backward()
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            self.optim.step(1)
            self.train_batch_idx += 1
        if self.val_dataloader is None:
            return
        for batch in self.val_dataloader:
            self.model.validation_step(self.prepare_batch(batch))
            self.val_batch_idx += 1

    for model in (d2l.LinearRegression(lr=0.03), d2l.LinearRegressionScratch(2, 0.03)):
        trainer = d2l.Trainer(max_epochs=3, gradient_clip_val=1)
        trainer.fit(model, data)
        assert trainer.train_batch_idx == 9
        assert len(model.board.data["val_loss"]) == 3
        assert len(model.board.data["train_loss"]) == 9


def test_clipping_can_be_replaced(data, restore_classes):
    @d2l.add_to_class(d2l.Trainer)
    def clip_gradients(self, grad_clip_val, model):
        params = model.parameters()
        if not isinstance(params, list):
            params = [p.data() for p in params.values()]
        norm = math.sqrt(sum((p.grad**2).sum() for p in params))
        if norm > grad_clip_val:
            for param in params:
                param.grad[:] *= grad_clip_val / norm

    for model in (d2l.LinearRegression(lr=0.03), d2l.LinearRegressionScratch(2, 0.03)):
        d2l.Trainer(max_epochs=1, gradient_clip_val=0.1).fit(model, data)


def test_concise_model_of_a_reader(data):
    class Concise(d2l.Module):
        def __init__(self, lr):
            super().__init__()
            self.save_hyperparameters()
            self.net = nn.Dense(1)
            self.net.initialize(init.Normal(sigma=0.01))

        def forward(self, X):
            return self.net(X)

        def loss(self, y_hat, y):
            fn = gluon.loss.L2Loss()
            return fn(y_hat, y).mean()

        def configure_optimizers(self):
            return gluon.Trainer(self.collect_params(), "sgd", {"learning_rate": 0.03})

    model = Concise(lr=0.03)
    trainer = d2l.Trainer(max_epochs=20)
    trainer.fit(model, data)
    assert isinstance(trainer.optim, gluon.Trainer)
    w = model.net.weight.data()  # half the loss: half as fast as d2l's own
    assert float(np.abs(data.w - w.reshape(data.w.shape)).max()) < 1


def test_concise_model(data):
    model = d2l.LinearRegression(lr=0.03)
    d2l.Trainer(max_epochs=20).fit(model, data)
    w, b = model.get_w_b()
    assert float(np.abs(data.w - w.reshape(data.w.shape)).max()) < 0.5
    assert float(np.abs(data.b - b)) < 0.5


def test_weight_decay():
    data = d2l.Data(num_train=20, num_val=100, num_inputs=200, batch_size=5)
    trainer = d2l.Trainer(max_epochs=2)
    model = d2l.WeightDecayScratch(num_inputs=200, lambd=3, lr=0.01)
    model.board.yscale = "log"
    trainer.fit(model, data)
    assert float(d2l.l2_penalty(model.w)) > 0
    model = d2l.WeightDecay(wd=3, lr=0.01)
    model.board.yscale = "log"
    trainer.fit(model, data)
    assert float(d2l.l2_penalty(model.get_w_b()[0])) > 0


def test_weight_decay_of_a_reader():
    class Decaying(d2l.LinearRegression):
        def __init__(self, wd, lr):
            super().__init__(lr)
            self.save_hyperparameters()
            self.wd = wd

        def configure_optimizers(self):
            self.collect_params(".*bias").setattr("wd_mult", 0)
            return gluon.Trainer(
                self.collect_params(), "sgd", {"learning_rate": self.lr, "wd": self.wd}
            )

    data = d2l.Data(num_train=20, num_val=20, num_inputs=20, batch_size=5)
    curves = []
    for model in (Decaying(wd=3, lr=0.01), d2l.WeightDecay(wd=3, lr=0.01)):
        model.net.initialize(init.Constant(0.01), force_reinit=True)
        d2l.Trainer(max_epochs=3).fit(model, data)
        curves.append([p.y for p in model.board.data["train_loss"]])
    assert curves[0] == pytest.approx(curves[1], rel=1e-5)


def test_image_data():
    data = d2l.Digits(batch_size=16, resize=(32, 32))
    assert data.train[0][0].shape == (1, 32, 32)
    assert len(data.train) + len(data.val) == 1797
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, X.dtype) == ((16, 1, 32, 32), np.float32)
    assert (y.shape, y.dtype) == ((16,), np.int32)
    batch = next(iter(data.val_dataloader()))
    data.visualize(batch)
    d2l.plt.close("all")


def test_classifier_of_a_reader():
    class SoftmaxRegressionScratch(d2l.Classifier):
        def __init__(self, num_inputs, num_outputs, lr, sigma=0.01):
            super().__init__()
            self.save_hyperparameters()
            self.W = np.random.normal(0, sigma, (num_inputs, num_outputs))
            self.b = np.zeros(num_outputs)
            self.W.attach_grad()
            self.b.attach_grad()

        def collect_params(self):
            return [self.W, self.b]

        def parameters(self):
            return [self.W, self.b]

        def forward(self, X):
            X = d2l.reshape(X, (-1, self.W.shape[0]))
            return d2l.softmax(d2l.matmul(X, self.W) + self.b)

        def loss(self, y_hat, y):
            return d2l.cross_entropy(y_hat, y)

    data = d2l.Digits(batch_size=256)
    model = SoftmaxRegressionScratch(num_inputs=784, num_outputs=10, lr=0.1)
    d2l.Trainer(max_epochs=3).fit(model, data)
    X, y = next(iter(data.val_dataloader()))
    preds = d2l.argmax(model(X), axis=1)
    assert preds.shape == y.shape
    losses = [point.y for point in model.board.data["train_loss"]]
    assert losses[-1] < losses[0]


def test_loss_of_a_reader(restore_classes):
    class Mine(d2l.Classifier):
        def __init__(self, lr):
            super().__init__()
            self.save_hyperparameters()
            self.net = nn.Sequential()
            self.net.add(nn.Dense(10))
            self.net.initialize()

        def loss(self, Y_hat, Y, averaged=True):
            Y_hat = d2l.reshape(Y_hat, (-1, Y_hat.shape[-1]))
            Y = d2l.reshape(Y, (-1,))
            fn = gluon.loss.SoftmaxCrossEntropyLoss()
            l = fn(Y_hat, Y)  # noqa: E741
            return l.mean() if averaged else l

    model = Mine(0.1)
    d2l.Trainer(max_epochs=2).fit(model, d2l.Digits(batch_size=256))
    X, y = next(iter(d2l.Digits(batch_size=16).val_dataloader()))
    own = d2l.Classifier.loss(model, model(X), y)
    assert float(own) == pytest.approx(float(model.loss(model(X), y)), rel=1e-5)
    assert d2l.Classifier.loss(model, model(X), y, averaged=False).shape == (16,)


def test_softmax_and_cross_entropy():
    X = np.random.uniform(size=(2, 5))
    assert np.allclose(d2l.softmax(X).sum(1), np.ones(2))
    y = np.array([0, 2])
    y_hat = np.array([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    expected = -(math.log(0.1) + math.log(0.5)) / 2
    assert float(d2l.cross_entropy(y_hat, y)) == pytest.approx(expected)


def test_mlp_of_a_reader():
    class MLP(d2l.Classifier):
        def __init__(self, num_outputs, num_hiddens, lr):
            super().__init__()
            self.save_hyperparameters()
            self.net = nn.Sequential()
            self.net.add(nn.Dense(num_hiddens, activation="relu"), nn.Dense(10))
            self.net.initialize()

    model = MLP(num_outputs=10, num_hiddens=256, lr=0.1)
    trainer = d2l.Trainer(max_epochs=2)
    trainer.fit(model, d2l.Digits(batch_size=256))
    assert isinstance(trainer.optim, gluon.Trainer)
    assert trainer.model is model
    assert model.net[1].weight.data().shape == (10, 256)


def test_dropout():
    hparams = {
        "num_outputs": 10,
        "num_hiddens_1": 256,
        "num_hiddens_2": 256,
        "dropout_1": 0.5,
        "dropout_2": 0.5,
        "lr": 0.1,
    }
    X = np.arange(16).reshape(2, 8)
    assert np.array_equal(d2l.dropout_layer(X, 0), X)
    assert not d2l.dropout_layer(X, 1).any()
    data = d2l.Digits(batch_size=256)
    for cls in (d2l.DropoutMLPScratch, d2l.DropoutMLP):
        d2l.Trainer(max_epochs=1).fit(cls(**hparams), data)


def test_house_prices():
    data = d2l.KaggleHouse(batch_size=64, source="small")
    assert "SalePrice" in data.raw_train
    data.preprocess()
    trainer = d2l.Trainer(max_epochs=3)
    models = d2l.k_fold(trainer, data, k=5, lr=0.01)
    assert len(models) == 5
    X = d2l.tensor(data.val.values.astype(float), dtype=d2l.float32)
    preds = [model(X) for model in models]
    ensemble = d2l.reduce_mean(d2l.exp(d2l.concat(preds, 1)), 1)
    assert ensemble.shape == (len(data.val),)


def test_building_blocks():
    X = np.random.uniform(size=(2, 20))
    net = d2l.MySequential()
    net.add(nn.Dense(256, activation="relu"))
    net.add(nn.Dense(10))
    net.initialize()
    assert net(X).shape == (2, 10)
    chimera = nn.Sequential()
    chimera.add(d2l.NestMLP(), nn.Dense(20), d2l.FixedHiddenMLP())
    chimera[1].initialize()
    assert chimera(X).shape == ()
    assert d2l.CenteredLayer()(np.array([1.0, 2, 3, 4, 5])).sum() == 0
    dense = d2l.MyDense(units=3, in_units=5)
    assert dense.params
    assert dense.weight.shape == (5, 3)
    assert dense(np.random.uniform(size=(2, 5))).shape == (2, 3)


def test_parameter_access():
    net = nn.Sequential()
    net.add(nn.Dense(8, activation="relu"), nn.Dense(1))
    net.initialize()
    net(np.random.uniform(size=(2, 4)))
    assert net[1].bias.data()[0] == 0
    net.initialize(init=d2l.MyInit(), force_reinit=True)
    sizes = np.abs(net[0].weight.data())
    assert ((sizes == 0) | (sizes >= 5)).all()
    net[0].weight.data()[:] += 1
    net[0].weight.data()[0, 0] = 42
    assert float(net[0].weight.data()[0, 0]) == 42


def test_saving_and_loading(tmp_path):
    X = np.random.uniform(size=(2, 20))
    path = str(tmp_path / "mlp.params")
    net = d2l.NestMLP()
    Y = net(X)
    net.save_parameters(path)
    clone = d2l.NestMLP()
    clone.load_parameters(path)
    assert np.array_equal(clone(X), Y)


def test_lazy_initialisation():
    model = d2l.LeNet(lr=0.1)
    model.apply_init([np.random.uniform(size=(2, 1, 28, 28))], d2l.init_cnn)
    assert model.net[0].weight.shape == (6, 1, 5, 5)
    model.apply_init([np.random.uniform(size=(2, 1, 28, 28))], init.Xavier())


def test_devices():
    assert d2l.cpu() == npx.cpu()
    assert d2l.gpu(1) == npx.gpu(1)
    assert d2l.try_gpu(10) == npx.cpu() or d2l.num_gpus() > 10
    assert d2l.try_all_gpus()
    x = np.array([1, 2, 3])
    assert d2l.to(x, d2l.try_gpu()).ctx == d2l.try_gpu()
    trainer = d2l.Trainer(max_epochs=1, num_gpus=1)
    assert len(trainer.gpus) == min(1, d2l.num_gpus())


def test_convolutions():
    X = np.ones((6, 8))
    X[:, 2:6] = 0
    K = np.array([[1.0, -1.0]])
    Y = d2l.corr2d(X, K)
    conv2d = nn.Conv2D(1, kernel_size=(1, 2), use_bias=False)
    conv2d.initialize()
    X, Y = X.reshape(1, 1, 6, 8), Y.reshape(1, 1, 6, 7)
    for _ in range(10):
        with autograd.record():
            loss = (conv2d(X) - Y) ** 2
        loss.backward()
        conv2d.weight.data()[:] -= 3e-2 * conv2d.weight.grad()
    assert float(loss.sum()) < 10
    padded = nn.Conv2D(1, kernel_size=3, padding=1, strides=2)
    padded.initialize()
    assert d2l.comp_conv2d(padded, np.random.uniform(size=(8, 8))).shape == (4, 4)
    X, K = d2l.normal(0, 1, (3, 3, 3)), d2l.normal(0, 1, (2, 3, 1, 1))
    by_dense = d2l.corr2d_multi_in_out_1x1(X, K)
    assert float(d2l.abs(by_dense - d2l.corr2d_multi_in_out(X, K)).sum()) < 1e-5
    pooled = d2l.pool2d(np.arange(9).reshape(3, 3), (2, 2))
    assert pooled.tolist() == [[4, 5], [7, 8]]


def test_lenet(capsys):
    model = d2l.LeNet(lr=0.1)
    d2l.Trainer(max_epochs=1, num_gpus=1).fit(model, d2l.Digits(batch_size=128))
    model.layer_summary((1, 1, 28, 28))
    assert "Dense output shape:\t (1, 10)" in capsys.readouterr().out
    assert "(11): Dense" in str(model)


def test_older_helpers():
    true_w, true_b = np.array([2, -3.4]), 4.2
    features, labels = d2l.synthetic_data(true_w, true_b, 200)
    data_iter = d2l.load_array((features, labels), 10)
    w = np.random.normal(0, 0.01, (2, 1))
    b = np.zeros(1)
    w.attach_grad()
    b.attach_grad()
    for _ in range(3):
        for X, y in data_iter:
            with autograd.record():
                l = d2l.squared_loss(d2l.linreg(X, w, b), y)  # noqa: E741
            l.backward()
            d2l.sgd([w, b], 0.03, 10)
    loss = d2l.squared_loss(d2l.linreg(features, w, b), labels)
    assert float(loss.mean()) < 1
    net = lambda X: d2l.linreg(X, w, b)  # noqa: E731
    assert d2l.evaluate_loss(net, data_iter, d2l.squared_loss) < 1
    y_hat = np.array([[0.1, 0.9], [0.8, 0.2]])
    assert d2l.accuracy(y_hat, np.array([1, 1])) == 1


def test_clipping_by_function():
    net = nn.Dense(1)
    net.initialize()
    with autograd.record():
        loss = (net(np.ones((4, 3))) * 100).sum()
    loss.backward()
    d2l.grad_clipping(net, 1)
    grads = [p.grad() for p in net.collect_params().values()]
    assert math.sqrt(sum((g**2).sum() for g in grads)) == pytest.approx(1, rel=1e-5)


def test_training_by_function(capsys):
    data = d2l.Digits(batch_size=256)
    net = nn.Sequential()
    net.add(nn.Dense(10))
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

        def loss(self, y_hat, y):
            return d2l.abs(y_hat - y).mean()

    model = Perplexity(lr=0.03)
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert "train_ppl" in model.board.data


def test_vocabulary_of_the_published_mxnet_code():
    assert d2l.ones((2, 3)).shape == (2, 3)
    assert d2l.zeros((2, 3), ctx=npx.cpu()).shape == (2, 3)
    assert d2l.randn(2, 3).shape == d2l.rand((2, 3)).shape == (2, 3)
    X = d2l.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert d2l.numpy(d2l.transpose(X)).tolist() == [[1, 3], [2, 4]]
    assert d2l.numpy(d2l.astype(X, d2l.int32)).dtype == "int32"
    assert d2l.concat((X, X), axis=1).shape == (2, 4)
    assert d2l.stack([X, X], axis=1).shape == (2, 2, 2)
    assert d2l.expand_dims(X, axis=0).shape == (1, 2, 2)
    assert d2l.batch_matmul(X[None], X[None]).shape == (1, 2, 2)
    assert d2l.size(X) == 4
    assert isinstance(d2l.get_seed(), int)
