"""Code in the style of the published book's cells, section after section."""

import time

import numpy as np
import pytest
import tensorflow as tf

from d2l import tensorflow as d2l


class SmallDigits(d2l.Digits):
    """Digits in few batches."""

    def __init__(self, size=8):
        super().__init__(batch_size=354, resize=(size, size))


def fit(model, data, max_epochs=1, **kwargs):
    trainer = d2l.Trainer(max_epochs=max_epochs, **kwargs)
    trainer.fit(model, data)
    return trainer


# Linear regression.


def test_oo_design():
    class A:
        def __init__(self):
            self.b = 1

    a = A()

    @d2l.add_to_class(A)
    def do(self):
        return self.b

    assert a.do() == 1

    class B(d2l.HyperParameters):
        def __init__(self, a, b, c):
            self.save_hyperparameters(ignore=["c"])

    b = B(a=1, b=2, c=3)
    assert (b.a, b.b, hasattr(b, "c")) == (1, 2, False)

    board = d2l.ProgressBoard("x")
    for x in np.arange(0, 10, 0.1):
        board.draw(x, np.sin(x), "sin", every_n=2)
        board.draw(x, np.cos(x), "cos", every_n=10)
    assert len(board.data["sin"]) == 50


def test_synthetic_regression_data():
    data = d2l.SyntheticRegressionData(w=tf.constant([2, -3.4]), b=4.2)
    assert data.X[0].shape == (2,)
    assert data.y[0].shape == (1,)
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, y.shape) == ((32, 2), (32, 1))
    assert len(data.train_dataloader()) == 32


def test_data_module_with_a_generator_of_its_own():
    class Data(d2l.DataModule):
        def __init__(self, batch_size=8):
            super().__init__()
            self.save_hyperparameters()
            self.X = tf.random.normal((40, 2))
            self.y = tf.reshape(tf.reduce_sum(self.X, 1), (-1, 1))

        def get_dataloader(self, train):
            i = slice(0, 32) if train else slice(32, None)
            dataset = tf.data.Dataset.from_tensor_slices((self.X[i], self.y[i]))
            if train:
                dataset = dataset.shuffle(buffer_size=32)
            return dataset.batch(self.batch_size)

    model = d2l.LinearRegression(lr=0.1)
    fit(model, Data(), max_epochs=3)
    losses = [point.y for point in model.board.data["val_loss"]]
    assert losses[-1] < losses[0]


def test_linear_regression_of_ones_own_is_trained():
    class Scratch(d2l.Module):
        def __init__(self, num_inputs, lr, sigma=0.01):
            super().__init__()
            self.save_hyperparameters()
            w = tf.random.normal((num_inputs, 1), mean=0, stddev=sigma)
            self.w = tf.Variable(w, trainable=True)
            self.b = tf.Variable(tf.zeros(1), trainable=True)

    @d2l.add_to_class(Scratch)
    def forward(self, X):
        return tf.matmul(X, self.w) + self.b

    @d2l.add_to_class(Scratch)
    def loss(self, y_hat, y):
        return tf.reduce_mean((y_hat - y) ** 2 / 2)

    @d2l.add_to_class(Scratch)
    def configure_optimizers(self):
        return d2l.SGD(self.lr)

    model = Scratch(2, lr=0.03)
    data = d2l.SyntheticRegressionData(w=tf.constant([2, -3.4]), b=4.2)
    fit(model, data, max_epochs=5)
    error = data.w - tf.reshape(model.w, data.w.shape)
    assert float(tf.reduce_max(tf.abs(error))) < 0.2
    assert float(data.b - model.b[0]) == pytest.approx(0, abs=0.3)


def test_linear_regression_concise():
    model = d2l.LinearRegression(lr=0.03)
    data = d2l.SyntheticRegressionData(w=tf.constant([2, -3.4]), b=4.2)
    fit(model, data, max_epochs=3)
    w, b = model.get_w_b()
    error = data.w - d2l.reshape(w, data.w.shape)
    assert float(tf.reduce_max(tf.abs(error))) < 0.1
    assert b.shape == (1,)


@pytest.fixture
def trainer_class():
    """A trainer that a test may change without consequences."""

    class Trainer(d2l.Trainer):
        pass

    return Trainer


@pytest.mark.parametrize("clip", [0, 0.1])
@pytest.mark.parametrize("is_scratch", [True, False])
def test_an_eager_loop_of_ones_own(trainer_class, is_scratch, clip):
    @d2l.add_to_class(trainer_class)
    def prepare_batch(self, batch):
        return batch

    @d2l.add_to_class(trainer_class)
    def fit_epoch(self):
        self.model.training = True
        for batch in self.train_dataloader:
            with tf.GradientTape() as tape:
                loss = self.model.training_step(self.prepare_batch(batch))
            grads = tape.gradient(loss, self.model.trainable_variables)
            if self.gradient_clip_val > 0:
                grads = self.clip_gradients(self.gradient_clip_val, grads)
            pairs = zip(grads, self.model.trainable_variables)  # noqa: B905
            self.optim.apply_gradients(pairs)
            self.train_batch_idx += 1
        if self.val_dataloader is None:
            return
        self.model.training = False
        for batch in self.val_dataloader:
            self.model.validation_step(self.prepare_batch(batch))
            self.val_batch_idx += 1

    model = d2l.MLPScratch(64, 10, 16, 0.5) if is_scratch else d2l.MLP(10, 16, 0.5)
    if is_scratch:
        model.configure_optimizers = lambda: d2l.SGD(0.5)
    before = [np.array(v) for v in model.trainable_variables]
    trainer_class(max_epochs=2, gradient_clip_val=clip).fit(model, SmallDigits())
    assert len(model.board.data["train_loss"]) == 4
    assert len(model.board.data["val_acc"]) == 2
    for old, new in zip(before, model.trainable_variables, strict=is_scratch):
        assert not np.array_equal(old, new)


@pytest.mark.filterwarnings("error:This step")
def test_clipping_as_published_runs_in_the_compiled_step(trainer_class):
    @d2l.add_to_class(trainer_class)
    def clip_gradients(self, grad_clip_val, grads):
        grad_clip_val = tf.constant(grad_clip_val, dtype=tf.float32)
        new_grads = [tf.convert_to_tensor(grad) for grad in grads]
        norm = tf.math.sqrt(sum(tf.reduce_sum(grad**2) for grad in new_grads))
        if tf.greater(norm, grad_clip_val):
            for i, grad in enumerate(new_grads):
                new_grads[i] = grad * grad_clip_val / norm
            return new_grads
        return grads

    model = d2l.MLP(10, 16, 0.1)
    trainer_class(max_epochs=1, gradient_clip_val=0.1).fit(model, SmallDigits())
    assert len(model.board.data["train_loss"]) == 2


def test_a_step_that_cannot_be_compiled_runs_all_the_same():
    values = []

    class Curious(d2l.SoftmaxRegression):
        def training_step(self, batch):
            l = super().training_step(batch)  # noqa: E741
            values.append(float(l.numpy()))
            return l

    model = Curious(10, 0.1)
    with pytest.warns(UserWarning, match="cannot be compiled"):
        fit(model, SmallDigits())
    assert len(values) == 4
    assert len(model.board.data["train_loss"]) == 2


def test_a_mistake_in_a_step_is_told_as_it_is():
    class Wrong(d2l.SoftmaxRegression):
        def loss(self, y_hat, y):
            return self.no_such_name

    with pytest.raises(AttributeError, match="no_such_name"):
        fit(Wrong(10, 0.1), SmallDigits())


def test_weight_decay():
    data = d2l.Data(num_train=20, num_val=100, num_inputs=200, batch_size=5)
    model = d2l.WeightDecayScratch(num_inputs=200, lambd=3, lr=0.01)
    model.board.yscale = "log"
    fit(model, data, max_epochs=2)
    assert float(d2l.l2_penalty(model.w)) > 0
    model = d2l.WeightDecay(wd=3, lr=0.01)
    fit(model, data, max_epochs=2)
    assert float(d2l.l2_penalty(model.get_w_b()[0])) > 0


def test_weight_decay_by_a_regularizer_of_keras():
    class WeightDecay(d2l.LinearRegression):
        def __init__(self, wd, lr):
            super().__init__(lr)
            self.save_hyperparameters()
            regularizer = tf.keras.regularizers.l2(wd)
            self.net = tf.keras.layers.Dense(1, kernel_regularizer=regularizer)

        def loss(self, y_hat, y):
            return super().loss(y_hat, y) + self.net.losses

    data = d2l.Data(num_train=20, num_val=100, num_inputs=200, batch_size=5)
    model = WeightDecay(wd=3, lr=0.01)
    fit(model, data, max_epochs=1)
    assert model.board.data["train_loss"]


# Linear classification.


def test_image_classification_dataset(capsys):
    data = d2l.Digits(batch_size=64, resize=(32, 32))
    assert (len(data.train[0]), len(data.val[0])) == (1415, 382)
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, y.shape) == ((64, 32, 32, 1), (64,))
    start = time.time()
    for X, y in data.train_dataloader():  # noqa: B007
        continue
    assert time.time() > start
    data.visualize(next(iter(data.val_dataloader())))
    assert data.text_labels([3]) == ["3"]


def test_softmax_regression_scratch():
    X = d2l.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert d2l.reduce_sum(X, 0, keepdims=True).shape == (1, 3)
    sums = d2l.reduce_sum(d2l.softmax(tf.random.uniform((2, 5))), 1)
    np.testing.assert_allclose(sums, 1, rtol=1e-6)
    y, y_hat = tf.constant([0, 2]), tf.constant([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    expected = -(np.log(0.1) + np.log(0.5)) / 2
    assert float(d2l.cross_entropy(y_hat, y)) == pytest.approx(expected)
    model = d2l.SoftmaxRegressionScratch(num_inputs=64, num_outputs=10, lr=0.1)
    data = SmallDigits()
    fit(model, data, max_epochs=2)
    X, y = next(iter(data.val_dataloader()))
    preds = d2l.argmax(model(X), axis=1)
    wrong = d2l.astype(preds, y.dtype) != y
    assert X[wrong].shape[1:] == (8, 8, 1)


@pytest.mark.parametrize("name", ["SoftmaxRegression", "MLP", "LeNet"])
def test_classifiers_learn(name):
    arguments = {"SoftmaxRegression": (10, 0.1), "MLP": (10, 64, 0.2), "LeNet": (0.2,)}
    model = getattr(d2l, name)(*arguments[name])
    size = 28 if name == "LeNet" else 8
    trainer = fit(model, SmallDigits(size), max_epochs=2, num_gpus=1)
    assert trainer.gpus == [] or d2l.num_gpus() > 0
    first, *_, last = model.board.data["train_loss"]
    assert last.y < first.y + 0.1


def test_classifier_of_ones_own_with_layers_that_hold_their_activation():
    class Own(d2l.Classifier):
        def __init__(self, num_outputs, num_hiddens, lr):
            super().__init__()
            self.save_hyperparameters()
            self.net = tf.keras.models.Sequential(
                [
                    tf.keras.layers.Flatten(),
                    tf.keras.layers.Dense(num_hiddens, activation="relu"),
                    tf.keras.layers.Dense(num_outputs),
                ]
            )

        def loss(self, Y_hat, Y, averaged=True):
            Y_hat = d2l.reshape(Y_hat, (-1, Y_hat.shape[-1]))
            fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            return fn(d2l.reshape(Y, (-1,)), Y_hat)

    model = Own(10, 32, 0.1)
    fit(model, SmallDigits())
    assert model.board.data["val_acc"]


# Multilayer perceptrons.


def test_dropout_of_ones_own():
    def dropout_layer(X, dropout):
        mask = tf.random.uniform(shape=tf.shape(X), minval=0, maxval=1) < 1 - dropout
        return tf.cast(mask, dtype=tf.float32) * X / (1.0 - dropout)

    seen = []

    class Own(d2l.Classifier):
        def __init__(self):
            super().__init__()
            self.lr = 0.1
            self.lin1 = tf.keras.layers.Dense(16, activation="relu")
            self.lin2 = tf.keras.layers.Dense(10)

        def forward(self, X):
            H = self.lin1(tf.reshape(X, (X.shape[0], -1)))
            seen.append(self.training)
            if self.training:
                H = dropout_layer(H, 0.5)
            return self.lin2(H)

    fit(Own(), SmallDigits())
    # Each mode was traced, for batches of two sizes.
    assert seen.count(True) == 2
    assert seen.count(False) >= 2


def test_dropout_layer():
    X = tf.reshape(tf.range(16, dtype=tf.float32), (2, 8))
    np.testing.assert_array_equal(d2l.dropout_layer(X, 0), X)
    np.testing.assert_array_equal(d2l.dropout_layer(X, 1), tf.zeros_like(X))
    half = d2l.dropout_layer(tf.ones(1000), 0.5).numpy()
    assert set(half) == {0, 2}
    assert 400 < (half == 0).sum() < 600
    with pytest.raises(ValueError, match="probability"):
        d2l.dropout_layer(X, 1.5)


def test_kaggle_house():
    data = d2l.KaggleHouse(batch_size=32, source="small")
    data.preprocess()
    X, y = next(iter(data.train_dataloader()))
    assert y.shape == (32, 1)
    assert data.val_dataloader() is None
    trainer = d2l.Trainer(max_epochs=2)
    models = d2l.k_fold(trainer, data, k=2, lr=0.01)
    preds = [model(X) for model in models]
    assert d2l.reduce_mean(d2l.concat(preds, 1), 1).shape == (32,)


# The builder's guide.


def test_model_construction():
    from d2l.tensorflow.builders_guide.model_construction import MLP

    X = tf.random.uniform((2, 20))
    assert MLP()(X).shape == (2, 10)
    dense = tf.keras.layers.Dense
    net = d2l.MySequential(dense(units=256, activation=tf.nn.relu), dense(10))
    assert net(X).shape == (2, 10)
    assert d2l.FixedHiddenMLP()(X).shape == ()
    chimera = tf.keras.Sequential([d2l.NestMLP(), dense(20), d2l.FixedHiddenMLP()])
    assert chimera(X).shape == ()


def test_parameters_and_own_layers():
    net = tf.keras.models.Sequential(
        [
            tf.keras.layers.Dense(4, kernel_initializer=d2l.MyInit()),
            tf.keras.layers.Dense(1),
        ]
    )
    net(tf.random.uniform((2, 4)))
    size = np.abs(net.layers[0].weights[0])
    assert np.all((size == 0) | ((size >= 5) & (size <= 10)))
    layer = d2l.CenteredLayer()
    np.testing.assert_array_equal(layer(tf.constant([1.0, 3])), [-1, 1])
    dense = d2l.MyDense(5, 3)
    assert dense(tf.random.uniform((2, 5))).shape == (2, 3)
    assert [v.shape for v in dense.trainable_variables] == [(5, 3), (3,)]


def test_lazy_layers_are_initialised():
    model = d2l.LeNet(lr=0.1)
    data = SmallDigits(28)
    model.apply_init([next(iter(data.get_dataloader(True)))[0]], d2l.init_cnn)
    kernel = model.net.layers[0].kernel.numpy()
    assert np.abs(kernel).max() <= np.sqrt(6 / (25 + 6 * 25))
    model.layer_summary((1, 28, 28, 1))


def test_devices():
    with d2l.try_gpu():
        X = tf.ones((2, 3))
    assert X.device.endswith("GPU:0" if d2l.num_gpus() else "CPU:0")
    assert d2l.to(X, d2l.cpu()).device.endswith("CPU:0")
    assert len(d2l.try_all_gpus()) == max(d2l.num_gpus(), 1)


# Convolutional neural networks.


def test_convolutions():
    X = tf.constant([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]])
    K = tf.constant([[0.0, 1.0], [2.0, 3.0]])
    np.testing.assert_array_equal(d2l.corr2d(X, K), [[19, 25], [37, 43]])
    XX = tf.stack([X, X + 1])
    KK = tf.stack([K, K + 1])
    np.testing.assert_array_equal(d2l.corr2d_multi_in(XX, KK), [[56, 72], [104, 120]])
    K4 = tf.stack((KK, KK + 1, KK + 2), 0)
    assert d2l.corr2d_multi_in_out(XX, K4).shape == (3, 2, 2)
    K1 = tf.random.normal((2, 2, 1, 1))
    np.testing.assert_allclose(
        d2l.corr2d_multi_in_out_1x1(XX, K1),
        d2l.corr2d_multi_in_out(XX, K1),
        rtol=1e-5,
    )
    np.testing.assert_array_equal(d2l.pool2d(X, (2, 2)), [[4, 5], [7, 8]])
    np.testing.assert_array_equal(d2l.pool2d(X, (2, 2), "avg"), [[2, 3], [5, 6]])
    conv = tf.keras.layers.Conv2D(1, kernel_size=3, padding="same")
    assert d2l.comp_conv2d(conv, tf.random.uniform((8, 8))).shape == (8, 8)


def test_a_kernel_is_learned():
    X = np.ones((6, 8), "float32")
    X[:, 2:6] = 0
    Y = d2l.corr2d(tf.constant(X), tf.constant([[1.0, -1.0]]))
    layer = d2l.Conv2D((1, 2))
    for _ in range(40):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((layer(tf.constant(X)) - Y) ** 2)
        for v, g in zip(
            (layer.weight, layer.bias),
            tape.gradient(loss, (layer.weight, layer.bias)),
            strict=True,
        ):
            v.assign_sub(1e-2 * g)
    assert float(loss) < 0.5


# The older style.


def test_functions_of_the_older_style():
    true_w, true_b = tf.constant([2, -3.4]), 4.2
    features, labels = d2l.synthetic_data(true_w, true_b, 200)
    w = tf.Variable(tf.random.normal((2, 1), stddev=0.01))
    b = tf.Variable(tf.zeros(1))
    for _ in range(3):
        for X, y in d2l.load_array((features, labels), 10):
            with tf.GradientTape() as tape:
                l = d2l.squared_loss(d2l.linreg(X, w, b), y)  # noqa: E741
            dw, db = tape.gradient(l, [w, b])
            d2l.sgd([w, b], [dw, db], 0.1, 10)
    np.testing.assert_allclose(tf.reshape(w, [-1]), true_w, atol=0.1)
    net = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    loss = tf.keras.losses.MeanSquaredError(reduction="none")
    data_iter = d2l.load_array((features, labels), 10, is_train=False)
    assert d2l.evaluate_loss(net, data_iter, loss) > 0
    clipped = d2l.grad_clipping([tf.constant([3.0]), tf.constant([4.0])], 1)
    assert float(clipped[0][0]) == pytest.approx(0.6)


def test_accuracy():
    y_hat = tf.constant([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    assert d2l.accuracy(y_hat, tf.constant([0, 2])) == 1
    X = tf.zeros((3, 1))
    batches = [(X, tf.constant([0, 0, 1]))]
    right = d2l.evaluate_accuracy(lambda X: tf.one_hot([0, 0, 0], 2), batches)
    assert right == pytest.approx(2 / 3)


def test_train_ch6(capsys):
    def net():
        return tf.keras.models.Sequential(
            [tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)]
        )

    data = SmallDigits()
    loaders = data.train_dataloader(), data.val_dataloader()
    trained = d2l.train_ch6(net, *loaders, 2, 0.1, d2l.try_gpu())
    assert isinstance(trained, tf.keras.Model)
    assert "examples/sec on" in capsys.readouterr().out
