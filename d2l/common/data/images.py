"""Grey images in ten classes, as arrays: Fashion-MNIST, MNIST and small digits."""

from __future__ import annotations

import gzip
import math
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from d2l.common.data.catalogue import find_data_set, locate
from d2l.common.errors import DataError, InputError

_DIGITS = tuple("0123456789")
_CLOTHES = (
    "t-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
LABELS = {"fashion_mnist": _CLOTHES, "mnist": _DIGITS, "digits": _DIGITS}

_MOST_BYTES_RESIZED_UP_FRONT = 2**28
# Every writer copied the same series of some 130 digits; here a new one begins.
_DIGITS_FOR_TRAINING = 1415
_IDX_OF_BYTES = 0x08


class ImageArrays:
    """Grey images with their labels, handed out in batches of floats.

    images_uint8: shape (examples, height, width), values 0 to 255.
    labels: the classes' numbers, shape (examples,).
    resize: the (height, width) that images are brought to, with bilinear interpolation;
        None leaves them as they are.
    dtype: of the batches, a kind of float.

    Resizing happens once and for all where the result is small enough, else
    batch by batch, with the same values.

    raises InputError where an argument makes no sense.
    """

    def __init__(
        self,
        images_uint8: np.ndarray,
        labels: npt.ArrayLike,
        resize: tuple[int, int] | None = None,
        dtype: npt.DTypeLike = "float32",
    ) -> None:
        self._images = _checked_images(images_uint8)
        self._labels = np.asarray(labels).astype(np.int64)
        self.dtype = _checked_dtype(dtype)
        self.size = _checked_size(resize or self._images.shape[1:])
        if self._labels.shape != self._images.shape[:1]:
            raise InputError(
                f"{len(self._images)} images cannot have labels of shape "
                f"{self._labels.shape}."
            )
        self._resized: np.ndarray | None = None
        if math.prod(self.size) * len(self) <= _MOST_BYTES_RESIZED_UP_FRONT:
            self._resized = _resized(self._images, self.size)

    def __len__(self) -> int:
        """The number of images."""
        return len(self._images)

    @property
    def images(self) -> np.ndarray:
        """The images before they are resized, uint8, (examples, height, width)."""
        return self._images

    @property
    def labels(self) -> np.ndarray:
        """The classes' numbers, int64, (examples,)."""
        return self._labels

    def fetch(self, indices: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """The images at `indices` with their labels.

        indices: integers, shape (batch,).

        returns: X of shape (batch, height, width), from 0 to 1, and y of shape
            (batch,), int64.
        """
        chosen = np.asarray(indices, dtype=np.int64)
        if self._resized is None:
            pixels = _resized(self._images[chosen], self.size)
        else:
            pixels = self._resized[chosen]
        return np.divide(pixels, 255, dtype=self.dtype), self._labels[chosen]


def _checked_images(images: np.ndarray) -> np.ndarray:
    if images.ndim != 3 or images.dtype != np.uint8:
        raise InputError(
            "Images must be uint8 of shape (examples, height, width), not "
            f"{images.dtype} of shape {images.shape}."
        )
    return images


def _checked_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    if not np.issubdtype(dtype, np.floating):
        raise InputError(f"Images become floats, which {dtype!r} is not.")
    return np.dtype(dtype)


def _checked_size(size: Iterable[int]) -> tuple[int, int]:
    sides = tuple(size)
    if len(sides) != 2 or any(side < 1 for side in sides):
        raise InputError(f"Images are resized to (height, width), not to {sides}.")
    return sides


def _resized(images: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if images.shape[1:] == size:
        return images
    height, width = size
    result = np.empty((len(images), height, width), dtype=np.uint8)
    for image, target in zip(images, result, strict=True):
        picture = Image.fromarray(image)
        target[:] = picture.resize((width, height), Image.Resampling.BILINEAR)
    return result


def load_images(
    dataset: str,
    train: bool,
    resize: tuple[int, int] = (28, 28),
    root: str | os.PathLike[str] = "../data",
    dtype: npt.DTypeLike = "float32",
) -> ImageArrays:
    """The training or the validation images of a data set.

    dataset: "fashion_mnist" or "mnist" (60,000 and 10,000 images), downloaded when
        absent, or "digits" (1,415 and 382 images), which need no network.
    root: the folder of the data; the default stands for the data folder.

    Of the digits, the first 1,415 train and the last 382 validate: they come
    writer after writer, and nobody's hand is in both parts. All classes are
    about equally frequent in both.

    raises DataError where the data cannot be had or are damaged.
    """
    _check_has_images(dataset)
    if dataset == "digits":
        images, labels = _read_digits(train)
    else:
        paths = locate(dataset, root)
        part = "train" if train else "test"
        images = read_idx(paths[f"{part}_images"], dimensions=3)
        labels = read_idx(paths[f"{part}_labels"], dimensions=1)
    return ImageArrays(images, labels, resize, dtype)


def text_labels(dataset: str, indices: Iterable[Any]) -> list[str]:
    """The names of classes, such as "ankle boot", from their numbers."""
    _check_has_images(dataset)
    return [LABELS[dataset][int(index)] for index in indices]


def _check_has_images(dataset: str) -> None:
    if dataset not in LABELS:
        find_data_set(dataset)  # Says so where the name stands for nothing at all.
        raise DataError(f"{dataset} holds no images; {', '.join(LABELS)} do.")


def _read_digits(train: bool) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits  # Slow to import.

    digits = load_digits()
    end = _DIGITS_FOR_TRAINING
    part = slice(0, end) if train else slice(end, None)
    brightest = 16
    images = np.rint(digits.images[part] * (255 / brightest))
    return images.astype(np.uint8), digits.target[part]


def read_idx(path: str | os.PathLike[str], dimensions: int) -> np.ndarray:
    """Read an array of bytes from a gzip-packed IDX file, MNIST's format.

    dimensions: how many dimensions the array must have.

    raises DataError, naming the file, where it is not such a file, breaks off,
        or goes on after its end.
    """
    try:
        content = gzip.decompress(Path(path).read_bytes())
    except EOFError as error:
        raise DataError(f"{path} is truncated: its gzip stream breaks off.") from error
    except (OSError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}.") from error
    try:
        shape, start = _idx_header(content, dimensions)
    except ValueError as error:
        raise DataError(f"{path} {error}.") from error
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def _idx_header(content: bytes, dimensions: int) -> tuple[tuple[int, ...], int]:
    """The array's shape, and how many bytes the header takes."""
    length = 4 + 4 * dimensions
    if content[:4] != bytes((0, 0, _IDX_OF_BYTES, dimensions)):
        start = content[:4].hex(" ")
        raise ValueError(
            f"is not an IDX file of bytes in {dimensions} dimensions: it starts "
            f"with {start}"
        )
    if len(content) < length:
        raise ValueError("is truncated: it ends inside its header")
    shape = tuple(np.frombuffer(content[4:length], dtype=">u4").tolist())
    expected = length + math.prod(shape)
    if len(content) != expected:
        problem = "truncated" if len(content) < expected else "too long"
        raise ValueError(
            f"is {problem}: {len(content):,} bytes, where its header announces "
            f"{expected:,}"
        )
    return shape, length
