"""The oracles against numbers of the book, against each other, and at work."""

import numpy as np
import pytest

from d2l import trials
from d2l.common.frameworks import installed
from d2l.common.training.mask_stream import MaskStream
from d2l.parity import check_list
from d2l.parity.checks import Checker, require
from d2l.parity.oracles import (
    classification,
    images,
    layers,
    models,
    optimizers,
    regression,
    training,
)
from d2l.parity.oracles.differentiate import derivative, gradient, sum_of_squares
from d2l.parity.pool import Pool
from d2l.trials import OptimizerChoice

RANDOM = np.random.default_rng(0)


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-13, atol=1e-15)


# The book's own examples.


def test_examples_of_the_book():
    X, K = np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    close(images.corr2d(X, K), [[19, 25], [37, 43]])
    close(images.pool2d(X, (2, 2)), [[4, 5], [7, 8]])
    close(images.pool2d(X, (2, 2), "avg"), [[2, 3], [5, 6]])
    both, kernels = np.stack((X, X + 1)), np.stack((K, K + 1))
    close(images.corr2d_multi_in(both, kernels), [[56, 72], [104, 120]])
    y_hat = np.array([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    loss = classification.cross_entropy(y_hat, np.array([0, 2]))
    close(loss, -np.log([0.1, 0.5]).mean())
    assert classification.number_right(y_hat, np.array([0, 2])) == 1
    close(layers.centered(np.array([1.0, 2, 3, 4, 5])), [-2, -1, 0, 1, 2])


# One formula against another.


def test_convolution_is_cross_correlation_with_a_bias():
    X, K = RANDOM.standard_normal((2, 3, 6, 7)), RANDOM.standard_normal((4, 3, 3, 2))
    b = RANDOM.standard_normal(4)
    single = [images.corr2d_multi_in_out(x, K) + b[:, None, None] for x in X]
    close(images.convolution(X, K, b), single)
    padded = np.pad(X, [(0, 0), (0, 0), (2, 2), (2, 2)])
    strided = images.convolution(padded, K, b)[:, :, ::2, ::2]
    close(images.convolution(X, K, b, padding=2, stride=2), strided)


def test_average_pooling_is_pooling_at_every_other_place():
    X = RANDOM.standard_normal((1, 1, 6, 8))
    single = images.pool2d(X[0, 0], (2, 2), "avg")[::2, ::2]
    close(images.average_pooling(X, 2)[0, 0], single)


def test_cross_entropy_of_logits_and_of_probabilities():
    logits, y = RANDOM.standard_normal((5, 3)), RANDOM.integers(0, 3, 5)
    probabilities = classification.softmax(logits)
    close(probabilities.sum(1), np.ones(5))
    expected = classification.cross_entropy(probabilities, y)
    close(classification.cross_entropy_of_logits(logits, y), expected)
    # Logits as large as these have no exponentials.
    assert np.isfinite(classification.cross_entropy_of_logits(1e4 * logits, y))


def test_dropout_keeps_the_mean():
    X, uniform = np.ones((200, 200)), RANDOM.uniform(size=(200, 200))
    dropped = layers.dropout(X, 0.4, uniform)
    assert set(np.unique(dropped)) == {0.0, 1 / 0.6}
    assert abs(dropped.mean() - 1) < 0.02
    close(layers.dropout(X, 1, uniform), np.zeros_like(X))


@pytest.mark.parametrize("name", ["linear_regression", "softmax_regression"])
def test_gradients_by_hand_are_those_of_complex_steps(name):
    model = models.MODELS[name]
    if name == "linear_regression":
        sizes, y = {"net.weight": (1, 3), "net.bias": (1,)}, RANDOM.normal(size=(6, 1))
    else:
        sizes = {"net.1.weight": (4, 3), "net.1.bias": (4,)}
        y = RANDOM.integers(0, 4, 6)
    weights = {k: RANDOM.standard_normal(size) for k, size in sizes.items()}
    X = RANDOM.standard_normal((6, 3))

    def loss(*values):
        own = dict(zip(weights, values, strict=True))
        return model.loss(model.forward(own, X, None), y, own)

    by_hand = model.gradients(weights, X, y)
    for position, key in enumerate(weights):
        found = gradient(loss, list(weights.values()), position)
        close(by_hand[key], found)
        direction = RANDOM.standard_normal(found.shape)
        slope = derivative(loss, list(weights.values()), position, direction)
        close(slope, (found * direction).sum())


def test_complex_steps_through_a_loop_and_a_rectifier():
    X, K, w = (RANDOM.standard_normal(s) for s in ((3, 4), (4, 4), (4, 4)))
    b = RANDOM.standard_normal(4)

    def total(X):
        return sum_of_squares(layers.fixed_hidden_mlp(X, K, w, b))

    step = 1e-6 * RANDOM.standard_normal(X.shape)
    by_differences = (total(X + step) - total(X - step)) / 2
    assert (gradient(total, [X], 0) * step).sum() == pytest.approx(
        by_differences, rel=1e-6
    )


# Optimizers.


def test_first_step_of_adam_is_the_learning_rate():
    weights, gradients = {"w": np.zeros(3)}, {"w": np.array([3.0, -0.1, 20.0])}
    optimizers.adam(lr=0.01, eps=0.0)(weights, gradients, {})
    close(weights["w"], [-0.01, 0.01, -0.01])


def test_momentum_and_decay():
    weights, state = {"w": np.array(1.0), "b": np.array(1.0)}, {}
    step = optimizers.sgd(lr=0.1, momentum=0.5, weight_decay={"w": 2.0})
    for _ in range(2):
        step(weights, {"w": np.array(1.0), "b": np.array(1.0)}, state)
    close(state["momentum_buffer.b"], 1.5)
    close(weights["b"], 1 - 0.1 - 0.15)
    first = 1 - 0.1 * 3
    close(weights["w"], first - 0.1 * (0.5 * 3 + 1 + 2 * first))


def test_clipping_by_the_joint_norm():
    gradients = {"v": np.array([3.0]), "w": np.array([4.0])}
    clipped = optimizers.clip_by_norm(gradients, 1.0)
    close(clipped["v"], [0.6])
    close(clipped["w"], [0.8])
    assert optimizers.clip_by_norm(gradients, 5.1) == gradients


# Whole models.


def test_oracles_belong_to_trials():
    assert models.MODELS.keys() <= trials.TRIALS.keys()
    for name in ("weight_decay_scratch", "dropout_mlp_scratch", "dropout_mlp"):
        assert models.find(trials.find(name)) is not None


def test_training_needs_gradients():
    with pytest.raises(ValueError, match="by hand"):
        training.fit(models.MODELS["mlp"], {}, ([], []), optimizers.sgd(0.1))


def test_linear_regression_finds_the_weights():
    X = RANDOM.standard_normal((64, 2))
    y = regression.linreg(X, np.array([[2.0], [-3.4]]), np.array([4.2]))
    weights = {"net.weight": np.zeros((1, 2)), "net.bias": np.zeros(1)}
    step = optimizers.sgd(lr=0.3)
    found = training.fit(
        models.MODELS["linear_regression"], weights, ([(X, y)] * 100, [(X, y)]), step
    )
    np.testing.assert_allclose(found["parameter.net.weight"], [[2.0, -3.4]], rtol=1e-6)
    assert found["curve.train_loss"][0] > found["curve.val_loss"][0]


def test_dropout_models_draw_their_masks_from_the_stream():
    trial = trials.find("dropout_mlp")
    model, sizes = models.find(trial), (64, 128, 64, 10)
    weights = {}
    for path, inputs, outputs in zip(
        ("net.1", "net.4", "net.7"), sizes, sizes[1:], strict=False
    ):
        weights[f"{path}.weight"] = RANDOM.standard_normal((outputs, inputs))
        weights[f"{path}.bias"] = np.zeros(outputs)
    X = RANDOM.uniform(size=(5, 1, 8, 8))
    first, again, other = (
        model.forward(weights, X, MaskStream(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


# At work.


@pytest.fixture(scope="module")
def checker():
    if "torch" not in installed():
        pytest.skip("needs PyTorch")
    with Pool() as pool:
        yield Checker(pool, steps=3)


@pytest.mark.parametrize("name", ["linear_regression", "dropout_mlp", "lenet"])
def test_oracles_judge_the_reference_too(checker, name):
    names = check_list.checks_of(trials.find(name), "torch", "float64", "torch")
    assert ("oracle", {}) in names
    trial = trials.find(name)
    for check, arguments in names:
        if check.startswith("oracle"):
            found = check_list.CHECKS[check](
                checker, "torch", "float64", trial, **arguments
            )
            require(found)
            assert {m.reference for m in found} == {"NumPy"}


def test_any_optimizer_can_be_judged(checker):
    choice = OptimizerChoice("sgd", {"lr": 0.03, "momentum": 0.5, "weight_decay": 0.1})
    trial = trials.find("softmax_regression")
    check = check_list.CHECKS["oracle curve"]
    found = check(checker, "torch", "float32", trial, choice, clip=0.5)
    assert "momentum_buffer.net.1.weight" in {m.tensor for m in require(found)}
