"""Data modules whose files are published: their batches, from small files instead."""

from functools import partial

import numpy as np
import pytest

from d2l import trials
from d2l.common.data import house_prices
from d2l.common.data.batches import BatchOrder
from d2l.common.data.catalogue import catalogue
from d2l.common.data.images import load_images
from d2l.common.text import translation
from d2l.common.text.texts import only_letters, read_text, windows
from d2l.common.text.vocab import Vocab
from d2l.parity.checks import require
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from parity_tests.small_files import small_files
from parity_tests.workers import run_task

#: A trial that may choose the data, for every data set of published files.
TRIALS = {
    "fashion_mnist": "softmax_regression",
    "mnist": "softmax_regression",
    "kaggle_house": "kaggle_house",
    "time_machine": "rnn",
    "tiny_shakespeare": "rnn",
    "fra_eng": "seq2seq",
    "cmn_eng": "seq2seq",
}


def images(name, resize, **_):
    """All images and labels, in float64."""
    read = partial(load_images, name, resize=resize, dtype="float64")
    parts = [read(train=True), read(train=False)]
    found = [part.fetch(np.arange(len(part))) for part in parts]
    return [(X[:, None], y) for X, y in found]


def houses(*_, **__):
    """The features and prices of the first of five folds."""
    table, _ = house_prices.preprocess(*house_prices.read_house_prices())
    fold = next(house_prices.k_fold_frames(table, 5))
    return list(map(house_prices.to_arrays, fold))


def split(arrays, num_train, end):
    """The first examples, for training, and those after them."""
    return [[a[part] for a in arrays] for part in np.s_[:num_train, num_train:end]]


def stretches(name, num_steps, **_):
    """As many stretches as a data module cuts unless told otherwise."""
    tokens = list(only_letters(read_text(name)))
    arrays = windows(Vocab(tokens)[tokens], num_steps, 15000)
    return split(arrays, 10000, 15000)


def pairs(name, **_):
    """As many pairs as a data module reads unless told otherwise."""
    text = translation.preprocess(translation.read_pairs(name))
    arrays, _, _ = translation.to_arrays(*translation.tokenize(text, 640), 9)
    return split(arrays, 512, 640)


READERS = {
    "FashionMNIST": images,
    "MNIST": images,
    "KaggleHouse": houses,
    "TimeMachine": stretches,
    "MTFraEng": pairs,
}


def first_batches(examples, batch_size):
    """The first training batch, shuffled, and the first validation batch."""
    expected = {}
    for part, arrays in zip(("train", "val"), examples, strict=True):
        order = BatchOrder(len(arrays[0]), batch_size, shuffle=part == "train")
        indices = next(iter(order))
        expected |= {f"{part}.{i}": array[indices] for i, array in enumerate(arrays)}
    return expected


def test_no_data_set_is_left_out():
    """Whatever is downloaded can be chosen, and is tried below."""
    entries = catalogue().items()
    assert set(TRIALS) == {name for name, entry in entries if not entry.is_embedded}


@pytest.mark.parametrize(("data", "trial"), TRIALS.items())
def test_data_that_trials_may_choose(framework, pool, tmp_path, data, trial):
    """The data module reads the files of the entry that the trial names."""
    choice = trials.find(trial).choose(data)
    assert choice.catalogue == data
    with small_files(data, tmp_path):
        examples = READERS[choice.module](data, **choice.arguments)
    expected = first_batches(examples, choice.arguments["batch_size"])
    task = {"trial": trial, "data": data, "folder": str(tmp_path)}
    run = (framework, "float64")
    _, actual = run_task(pool, run, "data_files", "batches", **task)
    names = (framework, "NumPy", data)
    require(measure_all(names, actual, expected, tolerance("exact", "any")))


@pytest.mark.parametrize("resize", [None, 12, (9, 14)])
def test_load_data_fashion_mnist(framework, pool, tmp_path, resize):
    """Training and test images, of their own size, square, or neither."""
    size = (resize, resize) if isinstance(resize, int) else resize or (28, 28)
    with small_files("fashion_mnist", tmp_path):
        expected = first_batches(images("fashion_mnist", size), 16)
    task = {"batch_size": 16, "resize": resize, "folder": str(tmp_path)}
    run = (framework, "float64")
    _, actual = run_task(pool, run, "data_files", "clothes", **task)
    names = (framework, "NumPy", "clothes")
    require(measure_all(names, actual, expected, tolerance("exact", "any")))
