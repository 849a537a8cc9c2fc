"""Loaders: order, length, and use by Keras itself."""

import keras
import numpy as np
import tensorflow as tf

from d2l import tensorflow as d2l
from d2l.tensorflow.loaders import TensorBatches, make_loader


def make(shuffle=True):
    numbers = np.arange(10.0)
    return make_loader(TensorBatches((numbers, numbers.astype(int))), 4, shuffle)


def first_parts(loader):
    return [X.numpy().tolist() for X, _ in loader]


def test_batches():
    loader = make(shuffle=False)
    assert len(loader) == 3
    assert first_parts(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    X, y = next(iter(loader))
    assert (X.dtype, y.dtype) == (tf.float32, tf.int32)


def test_every_pass_has_an_order_of_its_own_that_can_be_repeated():
    loader = make()
    passes = [first_parts(loader) for _ in range(2)]
    assert passes[0] != passes[1]
    loader.order.epoch = 1
    assert first_parts(loader) == passes[1]


def test_looking_at_a_batch_by_its_number_counts_no_pass():
    loader = make()
    ahead = loader[0][0].numpy().tolist()
    assert first_parts(loader)[0] == ahead
    assert loader[0][0].numpy().tolist() != ahead


def test_images_are_a_pair_of_arrays_and_batches_have_channels():
    data = d2l.Digits(batch_size=5, resize=(16, 16))
    assert len(data.train) == 2
    assert data.train[0].shape == (1415, 8, 8)
    assert len(data.val[1]) == 382
    X, y = next(iter(data.train_dataloader()))
    assert (X.shape, y.shape) == ((5, 16, 16, 1), (5,))
    assert 0 <= X.numpy().min() < X.numpy().max() <= 1


def test_keras_trains_on_a_loader():
    net = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    loader = d2l.Digits(batch_size=256).train_dataloader()
    history = net.fit(loader, epochs=2, verbose=0).history
    assert history["loss"][1] < history["loss"][0]
    assert loader.order.epoch > 1  # Keras has counted the passes
