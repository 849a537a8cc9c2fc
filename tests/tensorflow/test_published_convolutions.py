"""Code in the style of the book's cells on modern convolutional networks."""

import numpy as np
import pytest
import tensorflow as tf

from d2l import tensorflow as d2l


class SmallDigits(d2l.Digits):
    """Digits in few batches."""

    def __init__(self, size):
        super().__init__(batch_size=354, resize=(size, size))


def fit(model, size, max_epochs=1):
    d2l.Trainer(max_epochs=max_epochs).fit(model, SmallDigits(size))
    first, *_, last = model.board.data["train_loss"]
    assert np.isfinite([first.y, last.y]).all()
    return model


def printed_shapes(model, X_shape, capsys):
    model.layer_summary(X_shape)
    lines = capsys.readouterr().out.splitlines()
    return [
        (name.split()[0], eval(shape)) for name, shape in (s.split("\t") for s in lines)
    ]


def test_alexnet(capsys):
    model = d2l.AlexNet(channels=(4, 4, 4, 4, 4), num_hiddens=8)
    shapes = printed_shapes(model, (1, 224, 224, 1), capsys)
    sides = [shape[1] for name, shape in shapes if len(shape) == 4]
    assert sides == [54, 54, 26, 26, 26, 12, 12, 12, 12, 12, 12, 12, 5]
    assert shapes[-1] == ("Dense", (1, 10))


def test_vgg_and_nin(capsys):
    model = d2l.VGG(arch=((1, 4), (1, 4), (2, 8), (2, 8), (2, 8)), num_hiddens=8)
    shapes = printed_shapes(model, (1, 224, 224, 1), capsys)
    assert [s[1] for name, s in shapes if name == "Sequential"] == [112, 56, 28, 14, 7]
    shapes = printed_shapes(d2l.NiN(channels=(4, 4, 4)), (1, 224, 224, 1), capsys)
    assert [s[1] for name, s in shapes if len(s) == 4][-3:] == [5, 5, 1]
    assert shapes[-1][1] == (1, 10)


def test_a_network_of_inception_blocks_of_ones_own():
    class Own(d2l.GoogleNet):
        def b4(self):
            return d2l.Inception(4, (4, 4), (4, 4), 4)

    assert Own(width=0.05)(tf.zeros((2, 32, 32, 1))).shape == (2, 10)


def test_statistics_of_batch_normalisation():
    for model in (d2l.BNLeNetScratch(lr=0.1), d2l.BNLeNet(lr=0.1)):
        fit(model, 28)
        norm = model.net.layers[1]
        assert tf.reshape(norm.gamma, (-1,)).shape == (6,)
        assert np.abs(norm.moving_mean.numpy()).max() > 0
    with pytest.raises(ValueError, match="4 axes"):
        d2l.BatchNorm(3, num_dims=4)(tf.ones((2, 3)))


def test_residual_blocks():
    X = tf.random.normal((4, 6, 6, 3))
    assert d2l.Residual(3)(X).shape == X.shape
    assert d2l.Residual(6, use_1x1conv=True, strides=2)(X).shape == (4, 3, 3, 6)
    X = tf.random.normal((4, 96, 96, 32))
    assert d2l.ResNeXtBlock(32, 16, 1)(X).shape == X.shape


def test_resnet_put_together_by_the_reader():
    class ResNet(d2l.Classifier):
        def b1(self):
            return tf.keras.models.Sequential(
                [
                    tf.keras.layers.Conv2D(8, kernel_size=7, strides=2, padding="same"),
                    tf.keras.layers.BatchNormalization(),
                    tf.keras.layers.Activation("relu"),
                ]
            )

        def __init__(self, arch, lr=0.1, num_classes=10):
            super().__init__()
            self.save_hyperparameters()
            self.net = tf.keras.models.Sequential([self.b1()])
            for num_residuals, num_channels in arch:
                block = tf.keras.models.Sequential()
                for _ in range(num_residuals):
                    block.add(d2l.Residual(num_channels))
                self.net.add(block)
            self.net.add(tf.keras.layers.GlobalAvgPool2D())
            self.net.add(tf.keras.layers.Dense(num_classes))

    fit(ResNet(((1, 8),), lr=0.01), 16)


def test_densenet():
    X = tf.random.normal((4, 8, 8, 3))
    Y = d2l.DenseBlock(2, 10)(X)
    assert Y.shape == (4, 8, 8, 23)
    assert d2l.TransitionBlock(10)(Y).shape == (4, 4, 4, 10)
    fit(d2l.DenseNet(8, 4, (1, 2), lr=0.01), 16)


def test_regnet():
    fit(d2l.AnyNet(((1, 8, 4, 1),), 8, lr=0.01), 16)


def test_convnext_drops_blocks_in_training_only():
    settings = {"drop_path_rate": 0.5, "layer_scale": 1.0}
    model = d2l.ConvNeXt(lr=0.01, depths=(2,), channels=(8,), **settings)
    fit(model, 16)
    X = tf.random.uniform((64, 16, 16, 1))
    first, again = (model(X, training=True).numpy() for _ in range(2))
    assert not np.array_equal(first, again)
    first, again = (model(X, training=False).numpy() for _ in range(2))
    np.testing.assert_array_equal(first, again)
    with pytest.raises(ValueError, match="drop_prob"):
        d2l.drop_path(X, 1.0)


def test_a_block_is_fused_for_prediction():
    block = d2l.RepVGGBlock(4, 4)
    X = tf.random.normal((2, 6, 6, 4))
    for _ in range(3):
        block(X, training=True)
    fused = d2l.fuse_block(block)
    assert len(fused.layers) == 2
    np.testing.assert_allclose(fused(X), block(X, training=False), rtol=1e-4, atol=1e-5)


def test_averaged_weights_of_a_trained_model():
    model = d2l.MiniMobileNet(lr=0.01, stem_channels=4, arch=((4, 1), (8, 2)))
    fit(model, 16)
    average = d2l.EMA(model, decay=0.5)
    X = next(iter(SmallDigits(16).val_dataloader()))[0]
    before = model(X).numpy()
    fit(model, 16)
    average.update()
    after = model(X).numpy()
    average.swap()
    between = model(X).numpy()
    assert not np.allclose(between, after)
    average.swap()
    np.testing.assert_array_equal(model(X), after)
    assert not np.allclose(before, after)


def test_mixtures():
    X, y = tf.random.normal((8, 4, 4, 1)), tf.range(8)
    mixed, first, second, lam = d2l.mixup(X, y, alpha=0.4)
    assert 0 <= float(lam) <= 1
    assert sorted(second.numpy()) == list(range(8))
    expected = lam * X + (1 - lam) * tf.gather(X, second)
    np.testing.assert_allclose(mixed, expected, rtol=1e-5)
    np.testing.assert_array_equal(first, y)
    loss = d2l.smoothed_ce(tf.random.normal((8, 10)), y)
    assert loss.shape == ()


def test_the_shares_of_mixtures_follow_the_beta_distribution():
    X, y = tf.zeros((1, 1)), tf.zeros(1, tf.int32)
    shares = np.array([d2l.mixup(X, y, alpha=2.0)[3] for _ in range(300)])
    # Mean 1/2 and variance 1 / (4 (2 alpha + 1)).
    assert shares.mean() == pytest.approx(0.5, abs=0.05)
    assert shares.var() == pytest.approx(0.05, abs=0.015)
