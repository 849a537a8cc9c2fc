"""Images: read whole or refused, resized alike in both ways, in [0, 1]."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from d2l.common.data import images as images_module
from d2l.common.data.batches import ArrayBatches, BatchOrder
from d2l.common.data.images import (
    LABELS,
    ImageArrays,
    load_images,
    read_idx,
    text_labels,
)
from d2l.common.errors import DataError, InputError
from parity_tests.small_files import idx_bytes, small_files, small_images


def some_images(n=7, height=5, width=4, seed=0):
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (n, height, width), dtype=np.uint8)
    return pixels, np.arange(n) % 3


# ImageArrays


def test_batches_are_floats_from_0_to_1_with_their_labels():
    pixels, labels = some_images()
    pixels[0] = 255
    images = ImageArrays(pixels, labels)
    X, y = images.fetch(np.array([3, 0]))
    assert (X.dtype, y.dtype) == (np.float32, np.int64)
    assert (X.shape, y.tolist()) == ((2, 5, 4), [0, 0])
    np.testing.assert_allclose(X[0], pixels[3] / 255, rtol=1e-6)
    assert (X[1] == 1).all()
    assert len(images) == 7
    assert images.images is pixels
    np.testing.assert_array_equal(images.labels, labels)


def test_the_precision_can_be_chosen():
    pixels, labels = some_images()
    X, _ = ImageArrays(pixels, labels, dtype=np.float64).fetch([1])
    assert X.dtype == np.float64
    np.testing.assert_array_equal(X[0], pixels[1] / 255)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40))
def test_resizing_up_front_and_batch_by_batch_agree(height, width):
    pixels, labels = some_images()
    up_front = ImageArrays(pixels, labels, (height, width))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images_module, "_MOST_BYTES_RESIZED_UP_FRONT", 0)
        by_batch = ImageArrays(pixels, labels, (height, width))
    assert up_front._resized is not None
    assert by_batch._resized is None
    X, y = up_front.fetch([5, 2, 2])
    assert X.shape == (3, height, width)
    np.testing.assert_array_equal(X, by_batch.fetch([5, 2, 2])[0])
    np.testing.assert_array_equal(y, by_batch.fetch([5, 2, 2])[1])


def test_resizing_is_bilinear():
    pixels, labels = some_images()
    X, _ = ImageArrays(pixels, labels, (10, 6), "float64").fetch([4])
    picture = Image.fromarray(pixels[4]).resize((6, 10), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(X[0], np.asarray(picture) / 255)


def test_images_and_a_batch_order_work_together():
    pixels, labels = some_images(10)
    images = ImageArrays(pixels, labels)
    order = BatchOrder(len(images), 4, shuffle=True, seed=2)
    seen = [images.fetch(indices) for indices in order]
    assert [len(y) for _, y in seen] == [4, 4, 2]
    whole = ArrayBatches(images.fetch(np.arange(10)), BatchOrder(10, 4, True, seed=2))
    for (X, y), (X_whole, y_whole) in zip(seen, whole, strict=True):
        np.testing.assert_array_equal(X, X_whole)
        np.testing.assert_array_equal(y, y_whole)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"images_uint8": np.zeros((7, 4), np.uint8)}, "uint8 of shape"),
        ({"images_uint8": np.zeros((7, 5, 4))}, "float64"),
        ({"labels": [1, 2]}, "7 images"),
        ({"resize": (0, 4)}, "height, width"),
        ({"resize": (4,)}, "height, width"),
        ({"dtype": "int32"}, "floats"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(wrong, message):
    pixels, labels = some_images()
    with pytest.raises(InputError, match=message):
        ImageArrays(**{"images_uint8": pixels, "labels": labels} | wrong)


# Digits and labels


def test_the_digits_need_no_network():
    train, val = (load_images("digits", part) for part in (True, False))
    assert (len(train), len(val)) == (1415, 382)
    X, _ = train.fetch(np.arange(len(train)))
    assert X.shape == (1415, 28, 28)
    assert (X.min(), X.max()) == (0, 1)
    for labels in (train.labels, val.labels):
        shares = np.bincount(labels, minlength=10) / len(labels)
        assert np.abs(shares - 0.1).max() < 0.02


def test_the_digits_can_be_had_in_their_own_size():
    images = load_images("digits", train=False, resize=(8, 8), dtype="float64")
    assert images.fetch([0])[0].shape == (1, 8, 8)
    assert images.images.max() == 255


def test_numbers_of_classes_have_names():
    assert text_labels("fashion_mnist", np.array([9, 0])) == ["ankle boot", "t-shirt"]
    assert text_labels("mnist", [3]) == text_labels("digits", [3]) == ["3"]
    assert all(len(set(labels)) == 10 for labels in LABELS.values())


def test_names_of_what_holds_no_images_are_refused():
    with pytest.raises(DataError, match="kaggle_house holds no images"):
        load_images("kaggle_house", train=True)
    with pytest.raises(DataError, match="no data set 'clothes'"):
        text_labels("clothes", [0])


# IDX files


def write_idx(path, array):
    path.write_bytes(gzip.compress(idx_bytes(array)))
    return path


def test_idx_files_are_read(tmp_path):
    pixels, labels = some_images()
    path = write_idx(tmp_path / "images.gz", pixels)
    np.testing.assert_array_equal(read_idx(path, 3), pixels)
    path = write_idx(tmp_path / "labels.gz", labels.astype(np.uint8))
    np.testing.assert_array_equal(read_idx(str(path), 1), labels)


GOOD = idx_bytes(some_images()[0])


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (gzip.compress(GOOD)[:-20], "is truncated"),
        (gzip.compress(GOOD)[:60] + b"damaged" + gzip.compress(GOOD)[67:], "be read"),
        (GOOD, "cannot be read"),
        (gzip.compress(GOOD[:-1]), "is truncated: 155 bytes, .* 156"),
        (gzip.compress(GOOD + b"x"), "is too long: 157 bytes, .* 156"),
        (gzip.compress(GOOD[:9]), "inside its header"),
        (gzip.compress(b""), "not an IDX file"),
        (gzip.compress(idx_bytes(some_images()[1].astype(np.uint8))), "3 dimensions"),
        (gzip.compress(idx_bytes(some_images()[0], kind=0x0D)), "00 00 0d 03"),
    ],
)
def test_damaged_idx_files_are_named(tmp_path, packed, message):
    path = tmp_path / "images.gz"
    path.write_bytes(packed)
    with pytest.raises(DataError, match=rf"images\.gz .*{message}"):
        read_idx(path, 3)


@given(st.integers(0, len(GOOD) - 1))
def test_wherever_an_idx_file_breaks_off_it_is_refused(tmp_path_factory, length):
    path = tmp_path_factory.getbasetemp() / "images.gz"
    path.write_bytes(gzip.compress(GOOD[:length]))
    with pytest.raises(DataError, match=r"images\.gz"):
        read_idx(path, 3)


def test_absent_idx_files_are_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.gz cannot be read"):
        read_idx(tmp_path / "none.gz", 1)


# Files, as they are published

SIZES = {"small": (200, 100), "published": (60_000, 10_000)}


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist"])
def test_images_are_read_from_their_files(put_files, name):
    kind = put_files(name)
    train, val = (load_images(name, part) for part in (True, False))
    assert (len(train), len(val)) == SIZES[kind]
    if name == "fashion_mnist":
        for images in (train, val):
            assert (np.bincount(images.labels) == len(images) / 10).all()
    first = {"fashion_mnist": "ankle boot", "mnist": "5"}[name]
    assert text_labels(name, train.labels[:1]) == [first]
    X, _ = train.fetch(np.arange(200))
    assert X.shape == (200, 28, 28)
    assert (X.min(), X.max()) == (0, 1)


@pytest.mark.parametrize("part", ["train", "test"])
def test_every_pixel_of_the_files_arrives(tmp_path, part):
    with small_files("mnist", tmp_path):
        found = load_images("mnist", part == "train")
    pixels, labels = small_images("mnist", part)
    np.testing.assert_array_equal(found.images, pixels)
    np.testing.assert_array_equal(found.labels, labels)
