"""Code as readers of the published book write it runs unchanged."""

import random

import matplotlib as mpl
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from d2l import torch as d2l

mpl.use("Agg")


@pytest.fixture
def restore_trainer():
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
        w=torch.tensor([2, -3.4]), b=4.2, num_train=96, num_val=64
    )


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
    assert b.hparams == {"a": 1, "b": 2}


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
            self.X = torch.randn(num, len(w))
            self.y = torch.matmul(self.X, w.reshape((-1, 1))) + b

        def get_dataloader(self, train):
            def batches():
                indices = list(range(self.num))
                if train:
                    random.shuffle(indices)
                for i in range(0, len(indices), self.batch_size):
                    part = torch.tensor(indices[i : i + self.batch_size])
                    yield self.X[part], self.y[part]

            return list(batches())

    mine = Data(w=torch.tensor([2, -3.4]), b=4.2)
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


def test_tensorloader_with_indices(data, restore_trainer):
    @d2l.add_to_class(d2l.DataModule)
    def get_tensorloader(self, tensors, train, indices=slice(0, None)):
        tensors = tuple(a[indices] for a in tensors)
        dataset = torch.utils.data.TensorDataset(*tensors)
        return torch.utils.data.DataLoader(dataset, self.batch_size, shuffle=train)

    X, _ = next(iter(data.train_dataloader()))
    assert X.shape == (32, 2)


def test_scratch_model_and_optimizer(data):
    model = d2l.LinearRegressionScratch(2, lr=0.03)
    trainer = d2l.Trainer(max_epochs=10)
    trainer.fit(model, data)
    with torch.no_grad():
        assert float((data.w - model.w.reshape(data.w.shape)).abs().max()) < 1.5
    assert isinstance(trainer.optim, d2l.SGD)


def test_the_loop_can_be_replaced(data, restore_trainer):
    @d2l.add_to_class(d2l.Trainer)
    def prepare_batch(self, batch):
        return batch

    @d2l.add_to_class(d2l.Trainer)
    def fit_epoch(self):
        self.model.train()
        for batch in self.train_dataloader:
            loss = self.model.training_step(self.prepare_batch(batch))
            self.optim.zero_grad()
            with torch.no_grad():
                loss.backward()
                if self.gradient_clip_val > 0:
                    self.clip_gradients(self.gradient_clip_val, self.model)
                self.optim.step()
            self.train_batch_idx += 1
        if self.val_dataloader is None:
            return
        self.model.eval()
        for batch in self.val_dataloader:
            with torch.no_grad():
                self.model.validation_step(self.prepare_batch(batch))
            self.val_batch_idx += 1

    model = d2l.LinearRegression(lr=0.03)
    trainer = d2l.Trainer(max_epochs=3, gradient_clip_val=1)
    trainer.fit(model, data)
    assert trainer.train_batch_idx == 9
    assert len(model.board.data["val_loss"]) == 3
    assert len(model.board.data["train_loss"]) == 9


def test_concise_model(data):
    model = d2l.LinearRegression(lr=0.03)
    d2l.Trainer(max_epochs=20).fit(model, data)
    w, b = model.get_w_b()
    assert float((data.w - w.reshape(data.w.shape)).abs().max()) < 0.5
    assert float((data.b - b).abs()) < 0.5


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


def test_image_data():
    data = d2l.Digits(batch_size=16, resize=(32, 32))
    assert data.train[0][0].shape == (1, 32, 32)
    assert len(data.train) + len(data.val) == 1797
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, X.dtype) == ((16, 1, 32, 32), torch.float32)
    assert (y.shape, y.dtype) == ((16,), torch.int64)
    batch = next(iter(data.val_dataloader()))
    data.visualize(batch)
    d2l.plt.close("all")


def test_classifier_of_a_reader():
    class SoftmaxRegressionScratch(d2l.Classifier):
        def __init__(self, num_inputs, num_outputs, lr, sigma=0.01):
            super().__init__()
            self.save_hyperparameters()
            size = (num_inputs, num_outputs)
            self.W = torch.normal(0, sigma, size=size, requires_grad=True)
            self.b = torch.zeros(num_outputs, requires_grad=True)

        def parameters(self):
            return [self.W, self.b]

        def forward(self, X):
            X = X.reshape((-1, self.W.shape[0]))
            return d2l.softmax(torch.matmul(X, self.W) + self.b)

        def loss(self, y_hat, y):
            return d2l.cross_entropy(y_hat, y)

    data = d2l.Digits(batch_size=256)
    model = SoftmaxRegressionScratch(num_inputs=784, num_outputs=10, lr=0.1)
    d2l.Trainer(max_epochs=3).fit(model, data)
    X, y = next(iter(data.val_dataloader()))
    preds = model(X).argmax(axis=1)
    assert preds.shape == y.shape
    losses = [point.y for point in model.board.data["train_loss"]]
    assert losses[-1] < losses[0]


def test_softmax_and_cross_entropy():
    X = torch.rand((2, 5))
    assert torch.allclose(d2l.softmax(X).sum(1), torch.ones(2))
    y = torch.tensor([0, 2])
    y_hat = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    expected = -(np.log(0.1) + np.log(0.5)) / 2
    assert float(d2l.cross_entropy(y_hat, y)) == pytest.approx(expected)


def test_mlp_of_a_reader():
    class MLP(d2l.Classifier):
        def __init__(self, num_outputs, num_hiddens, lr):
            super().__init__()
            self.save_hyperparameters()
            self.net = nn.Sequential(
                nn.Flatten(),
                nn.LazyLinear(num_hiddens),
                nn.ReLU(),
                nn.LazyLinear(num_outputs),
            )

    model = MLP(num_outputs=10, num_hiddens=256, lr=0.1)
    trainer = d2l.Trainer(max_epochs=2)
    trainer.fit(model, d2l.Digits(batch_size=256))
    assert isinstance(trainer.optim, torch.optim.SGD)
    assert trainer.model is model


def test_dropout():
    hparams = {
        "num_outputs": 10,
        "num_hiddens_1": 256,
        "num_hiddens_2": 256,
        "dropout_1": 0.5,
        "dropout_2": 0.5,
        "lr": 0.1,
    }
    X = torch.arange(16, dtype=torch.float32).reshape((2, 8))
    assert torch.equal(d2l.dropout_layer(X, 0), X)
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
    X = torch.tensor(data.val.values.astype(float), dtype=torch.float32)
    preds = [model(X) for model in models]
    ensemble = torch.exp(torch.cat(preds, 1)).mean(1)
    assert ensemble.shape == (len(data.val),)


def test_building_blocks():
    X = torch.rand(2, 20)
    net = d2l.MySequential(nn.LazyLinear(256), nn.ReLU(), nn.LazyLinear(10))
    assert net(X).shape == (2, 10)
    chimera = nn.Sequential(d2l.NestMLP(), nn.LazyLinear(20), d2l.FixedHiddenMLP())
    assert chimera(X).shape == ()
    assert d2l.CenteredLayer()(torch.tensor([1.0, 2, 3, 4, 5])).sum() == 0
    linear = d2l.MyLinear(5, 3)
    assert linear.weight.shape == (5, 3)
    assert linear(torch.rand(2, 5)).shape == (2, 3)


def test_initialiser():
    net = nn.Sequential(nn.LazyLinear(8), nn.ReLU(), nn.LazyLinear(1))
    net(torch.rand(2, 4))
    net.apply(d2l.MyInit())
    sizes = net[0].weight.abs()
    assert bool(((sizes == 0) | (sizes >= 5)).all())


def test_lazy_initialisation():
    model = d2l.LeNet(lr=0.1)
    model.apply_init([torch.rand(2, 1, 28, 28)], d2l.init_cnn)
    assert model.net[0].weight.shape == (6, 1, 5, 5)


def test_devices():
    assert d2l.cpu() == torch.device("cpu")
    assert d2l.gpu(1) == torch.device("cuda:1")
    assert d2l.try_gpu(10) == torch.device("cpu") or d2l.num_gpus() > 10
    assert d2l.try_all_gpus()
    trainer = d2l.Trainer(max_epochs=1, num_gpus=1)
    assert len(trainer.gpus) == min(1, d2l.num_gpus())


def test_convolutions():
    X = torch.ones((6, 8))
    X[:, 2:6] = 0
    K = torch.tensor([[1.0, -1.0]])
    Y = d2l.corr2d(X, K)
    conv2d = nn.LazyConv2d(1, kernel_size=(1, 2), bias=False)
    X, Y = X.reshape((1, 1, 6, 8)), Y.reshape((1, 1, 6, 7))
    for _ in range(10):
        loss = ((conv2d(X) - Y) ** 2).sum()
        conv2d.zero_grad()
        loss.backward()
        conv2d.weight.data[:] -= 3e-2 * conv2d.weight.grad
    assert float(loss) < 10
    padded = nn.LazyConv2d(1, kernel_size=3, padding=1, stride=2)
    assert d2l.comp_conv2d(padded, torch.rand(8, 8)).shape == (4, 4)
    X, K = torch.normal(0, 1, (3, 3, 3)), torch.normal(0, 1, (2, 3, 1, 1))
    by_dense = d2l.corr2d_multi_in_out_1x1(X, K)
    assert torch.allclose(by_dense, d2l.corr2d_multi_in_out(X, K), atol=1e-6)
    assert d2l.pool2d(torch.arange(9.0).reshape(3, 3), (2, 2)).tolist() == [
        [4, 5],
        [7, 8],
    ]


def test_lenet(capsys):
    model = d2l.LeNet(lr=0.1)
    data = d2l.Digits(batch_size=128)
    model.apply_init([next(iter(data.train_dataloader()))[0]], d2l.init_cnn)
    trainer = d2l.Trainer(max_epochs=1, num_gpus=1)
    trainer.fit(model, data)
    model.layer_summary((1, 1, 28, 28))
    assert "Linear output shape:\t (1, 10)" in capsys.readouterr().out


def test_older_helpers():
    true_w, true_b = torch.tensor([2, -3.4]), 4.2
    features, labels = d2l.synthetic_data(true_w, true_b, 200)
    data_iter = d2l.load_array((features, labels), 10)
    w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    for _ in range(3):
        for X, y in data_iter:
            d2l.squared_loss(d2l.linreg(X, w, b), y).sum().backward()
            d2l.sgd([w, b], 0.03, 10)
    loss = d2l.squared_loss(d2l.linreg(features, w, b), labels)
    assert float(loss.mean()) < 1
    net = lambda X: d2l.linreg(X, w, b)  # noqa: E731
    assert d2l.evaluate_loss(net, data_iter, d2l.squared_loss) < 1
    timer = d2l.Timer()
    assert timer.stop() >= 0
    y_hat = torch.tensor([[0.1, 0.9], [0.8, 0.2]])
    assert d2l.accuracy(y_hat, torch.tensor([1, 1])) == 1


def test_training_by_function(capsys):
    data = d2l.Digits(batch_size=256)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
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
            return F.l1_loss(y_hat, y)

    model = Perplexity(lr=0.03)
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert "train_ppl" in model.board.data
