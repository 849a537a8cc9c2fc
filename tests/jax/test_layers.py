"""Layers of the modern convolutional networks: what JAX alone has to do for them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from d2l import jax as d2l
from d2l.common.plots.progress_board import CurveRecorder
from d2l.jax.layers import UnbiasedBatchNorm, flatten, flattened_size, lecun_normal


@pytest.mark.parametrize("shape", [(6, 4), (3, 5, 2, 4), (1, 4)])
def test_running_variance_is_unbiased(shape):
    X = 3 + 2 * jax.random.normal(jax.random.key(0), shape)
    layer = UnbiasedBatchNorm(4)
    layer(X)
    rows = np.asarray(X).reshape(-1, 4)
    var = rows.var(0, ddof=1) if len(rows) > 1 else np.zeros(4)
    assert np.allclose(layer.mean[...], 0.1 * rows.mean(0), atol=1e-6)
    assert np.allclose(layer.var[...], 0.9 + 0.1 * var, atol=1e-6)


def test_evaluation_leaves_the_statistics_alone():
    X = 3 + jax.random.normal(jax.random.key(0), (6, 4))
    for layer in (UnbiasedBatchNorm(4), d2l.BatchNorm(4, num_dims=2)):
        before = jax.tree.leaves(nnx.state(layer, nnx.BatchStat))
        layer.eval()
        # They are still those of standard normal inputs.
        assert jnp.allclose(layer(X), X, rtol=1e-4)
        after = jax.tree.leaves(nnx.state(layer, nnx.BatchStat))
        assert all(jnp.array_equal(*pair) for pair in zip(before, after, strict=True))
        layer.train()
        assert jnp.allclose(layer(X).mean(0), 0, atol=1e-5)


def test_initial_weights_are_those_of_flax():
    shape, key = (3, 3, 20, 50), jax.random.key(0)
    own, flax = (
        rule(key, shape, jnp.float32)
        for rule in (lecun_normal, nnx.initializers.lecun_normal())
    )
    assert own.dtype == flax.dtype
    assert own.shape == flax.shape
    assert np.isclose(own.std(), flax.std(), rtol=0.02)
    assert np.isclose(abs(own).max(), abs(flax).max(), rtol=0.01)


def test_sizes_of_flattened_images():
    pool = nnx.Conv(1, 3, (3, 3), strides=2, padding=0, rngs=nnx.Rngs(0))
    assert flattened_size([pool, lambda X: X.reshape((1, -1))], 8, 1) == 3 * 3 * 3
    alexnet = d2l.AlexNet(channels=(2, 2, 2, 2, 3), num_hiddens=4)
    assert alexnet.net.layers[14].in_features == 3 * 5 * 5
    vgg = d2l.VGG([(1, 2), (1, 3)], num_hiddens=4, image_size=20, in_channels=2)
    assert vgg.net.layers[3].in_features == 3 * 5 * 5


@pytest.fixture(scope="module")
def trained():
    """A network that skips blocks at random, and its average, after an epoch."""
    data = d2l.Digits(batch_size=720, resize=(8, 8))
    model = d2l.ConvNeXt(
        depths=(1, 2), channels=(2, 3), patch_size=2, drop_path_rate=0.5, layer_scale=1
    )
    model.board, average = CurveRecorder(), d2l.EMA(model, decay=0.5)
    before = d2l.EMA(model).averages
    trainer = d2l.Trainer(max_epochs=2)
    trainer.fit(model, data)
    return trainer, average, before


def test_blocks_share_one_stream_of_keys(trained):
    trainer, *_ = trained
    first = trainer.model.net.layers[1].layers[0]
    last = trainer.model.net.layers[2].layers[3]
    assert first.rngs is last.rngs
    # One key for each of three blocks in each of four steps, besides the weights';
    # newer releases of Flax draw one more for every view of a model.
    fresh = d2l.ConvNeXt(depths=(1, 2), channels=(2, 3), patch_size=2)
    counts = [m.net.layers[2].layers[3].rngs for m in (fresh, trainer.model)]
    drawn = [int(rngs.default.count[...]) for rngs in counts]
    assert drawn[1] - drawn[0] >= 3 * trainer.train_batch_idx == 12


def test_skipping_is_for_training_only(trained):
    trainer, *_ = trained
    X = jnp.ones((64, 8, 8, 1))
    model = trainer.model
    assert model.net.layers[1].layers[0].deterministic
    model.eval()
    assert jnp.allclose(model(X), model(X)[:1], atol=1e-5)
    model.train()
    assert not jnp.allclose(model(X), model(X)[:1], atol=1e-5)
    model.eval()


def test_an_average_has_variables_of_its_own(trained):
    trainer, average, before = trained
    moved = jax.tree.leaves(nnx.state(trainer.model, nnx.Param))
    start = jax.tree.leaves(before)
    assert not any(jnp.array_equal(*pair) for pair in zip(start, moved, strict=True))
    average.update()
    for a, b, c in zip(jax.tree.leaves(average.averages), start, moved, strict=True):
        assert jnp.allclose(a, (b + c) / 2, atol=1e-6)


def test_what_is_drawn_depends_on_the_key():
    X, y = jnp.arange(1.0, 33.0).reshape(16, 2), jnp.arange(16)
    keys = [jax.random.key(i) for i in (0, 0, 1)]
    for draw in (
        lambda key: d2l.drop_path(X, 0.5, key=key),
        lambda key: d2l.mixup(X, y, 1.0, key=key)[0],
    ):
        a, b, c = map(draw, keys)
        assert jnp.array_equal(a, b)
        assert not jnp.array_equal(a, c)
        # Without a key, every call is given a fresh one.
        assert not jnp.array_equal(draw(None), draw(None))
    with pytest.raises(ValueError, match="drop_prob"):
        d2l.drop_path(X, 1.0)


def test_axes_of_a_batch_normalisation():
    with pytest.raises(ValueError, match="4 axes, not 2"):
        d2l.BatchNorm(3, num_dims=4)(jnp.ones((2, 3)))


def test_images_are_flattened_channel_by_channel():
    images = jnp.arange(12).reshape(1, 2, 3, 2)
    assert flatten(images)[0].tolist() == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]
    sequences = jnp.arange(6).reshape(1, 2, 3)
    assert flatten(sequences)[0].tolist() == [0, 1, 2, 3, 4, 5]
