"""Small files in the formats of the published ones, made where a test needs them.

The readers find them as they find the published files: in the data folder, by the
catalogue, which announces their sizes and checksums while a test runs.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import itertools
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

from d2l.common.data import catalogue as catalogue_module
from d2l.common.data.catalogue import DataFile, DataSet, catalogue, find_data_set
from d2l.common.data.downloads import DATA_HUB

NOWHERE = "http://127.0.0.1:9/"  # A port that nothing listens on.


@contextmanager
def small_files(name: str, folder: Path) -> Iterator[DataSet]:
    """Make the small files of a data set, which is read from them within.

    folder: the data folder while it lasts.

    returns: the entry that the catalogue has meanwhile.
    """
    data_set = find_data_set(name)
    contents = CONTENTS[name]()
    files = [_put(file, contents.pop(file.name), folder) for file in data_set.files]
    assert not contents
    small = replace(data_set, files=tuple(files))
    entries = {**catalogue(), name: small}
    keys = {f"{name}_{file.name}": file for file in files}
    hub = {k: (f.urls[0], f.sha1) for k, f in keys.items() if k in DATA_HUB}
    # Not by pytest: a framework's own interpreter need not have it.
    with (
        mock.patch.dict(os.environ, D2L_DATA=str(folder)),
        mock.patch.dict(DATA_HUB, hub),
        mock.patch.object(catalogue_module, "catalogue", return_value=entries),
    ):
        yield small


def _put(file: DataFile, content: bytes, folder: Path) -> DataFile:
    is_packed = file.path.endswith(".gz")
    stored = _gzipped(content, Path(file.path).stem) if is_packed else content
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stored)
    return replace(
        file,
        size=len(stored),
        sha256=hashlib.sha256(stored).hexdigest(),
        content_sha256=hashlib.sha256(content).hexdigest() if is_packed else None,
        sha1=hashlib.sha1(stored).hexdigest() if file.sha1 else None,
        urls=(NOWHERE + path.name,),
    )


def _gzipped(content: bytes, name: str) -> bytes:
    packed = io.BytesIO()  # The published files too have a name in their header.
    with gzip.GzipFile(name, "wb", 1, packed, mtime=1) as stream:
        stream.write(content)
    return packed.getvalue()


# Images

_NUMBERS_OF_IMAGES = {"train": 200, "test": 100}
_FIRST_LABELS = {"fashion_mnist": 9, "mnist": 5}  # As in the published files.


def small_images(name: str, part: str) -> tuple[np.ndarray, np.ndarray]:
    """The images and labels in the files, both uint8; classes are equally frequent.

    part: "train" or "test".
    """
    count = _NUMBERS_OF_IMAGES[part]
    pixels = np.random.default_rng(count).integers(0, 256, (count, 28, 28), np.uint8)
    return pixels, ((np.arange(count) + _FIRST_LABELS[name]) % 10).astype(np.uint8)


def idx_bytes(array: np.ndarray, kind: int = 0x08) -> bytes:
    """An array of bytes as the content of an IDX file.

    kind: the type of the elements that the header announces.
    """
    header = bytes((0, 0, kind, array.ndim))
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def _image_files(name: str) -> dict[str, bytes]:
    files = {}
    for part in _NUMBERS_OF_IMAGES:
        images, labels = small_images(name, part)
        files |= {f"{part}_images": idx_bytes(images)}
        files |= {f"{part}_labels": idx_bytes(labels)}
    return files


# Texts: enough of them for the 15,000 stretches that a data module cuts by default.

_LINES = (
    "The harbour master (so he was called, for want of any other name)",
    "had kept a clock--a very old one--in the room above the quay. Its",
    "hands were of brass; 'Just right,' he'd say, 'to an exact second.'",
)
_SPEECHES = (
    "First Keeper:\nWho winds the clock? It is past 10; I've waited.\n",
    "HARBOUR MASTER:\nQuit grumbling:\njust turn it, you lazy keeper, and fix it!\n",
)


def small_text(name: str) -> str:
    """The text in the file: lines as they were printed, between empty ones."""
    if name == "tiny_shakespeare":
        return "\n".join(_SPEECHES * 220)
    paragraph = "\n".join(_LINES) + "\n"
    return "The Zero Hour [1903]\n\n\n\n\nI\n\n\n" + "\n".join([paragraph] * 90)


def _text_files(name: str) -> dict[str, bytes]:
    return {"text": small_text(name).encode()}


# Sentences: enough of them for the 640 pairs that a data module has by default.
# Each column is a part of a sentence, in English, French and Chinese.

_WHO = (
    ("He", "Il", "他"),
    ("Tom", "Tom", "汤姆"),
    ("My sister", "Ma sœur", "我姐姐"),
    ("The boy", "Le garçon", "那個男孩"),
)
_DID = (
    ("saw", "a vu", "看見了"),
    ("lost", "a perdu", "丢了"),
    ("sold", "a vendu", "卖了"),
    ("hid", "a caché", "藏了"),
    ("forgot", "a oublié", "忘了"),
    ("didn't find", "n’a pas trouvé", "没找到"),
)
_WHAT = (
    ("the egg", "l'œuf", "鸡蛋"),
    ("the key", "la clé", "钥匙"),
    ("my cat", "mon chat", "我的猫"),
    ("a star", "une étoile", "一颗星"),
    ('"Time"', "«\xa0Temps\xa0»", "《时间》"),
    ("10,000 books", "10\u202f000 livres", "一万本书"),
    ("it, too", "ça, aussi", "它，也是"),
    ("it", "ça…", "它"),
)
_ENDS = (
    (".", ".", "。"),
    ("!", "\u202f!", "！"),
    ("?", "\xa0?", "？"),
    ("!", "\u2009!", "!"),
)
_FIRST_PAIRS = {"fra_eng": "Go.\tVa !\n", "cmn_eng": "Hi.\t嗨。\n"}  # As published.


def small_pairs(name: str) -> str:
    """The text in the file: 769 pairs of sentences, one a line."""
    language = {"fra_eng": 1, "cmn_eng": 2}[name]
    lines = [_FIRST_PAIRS[name]]
    for *parts, end in itertools.product(_WHO, _DID, _WHAT, _ENDS):
        english = " ".join(part[0] for part in parts) + end[0]
        between = " " if name == "fra_eng" else ""
        other = between.join(part[language] for part in parts) + end[language]
        lines.append(f"{english}\t{other}\n")
    return "".join(lines)


def _french_files() -> dict[str, bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("fra-eng")
        archive.writestr("__MACOSX/._fra-eng", b"\0\5\x16\7\xff")
        archive.writestr("fra-eng/_about.txt", "Who wrote\tthis.\n")
        archive.writestr("fra-eng/fra.txt", small_pairs("fra_eng"))
        archive.writestr("__MACOSX/fra-eng/._fra.txt", b"\0\5\x16\7\xff")
    return {"pairs": packed.getvalue()}


# Houses: whole numbers and categories, many of them missing, written NA; a category
# of its own is "None".


def _house(number: int, is_priced: bool) -> dict[str, object]:
    veneer = ("BrkFace", "None", "NA", "Stone")[number % 4]
    house = {
        "Id": number,
        "MSSubClass": (20, 60, 180)[number % 3],
        "MSZoning": ("RL", "C (all)")[number % 2],
        "LotFrontage": "NA" if number % 5 == 0 else 50 + number,
        "Street": "Pave",
        "Alley": "NA" if number % 7 else "Grvl",
        "MasVnrType": veneer,
        "MasVnrArea": {"None": 0, "NA": "NA"}.get(veneer, 10 * number),
        # Missing in the table without prices alone.
        "Utilities": "NA" if number == 40 else "AllPub",
        "BsmtFinSF1": "NA" if number == 40 else 7 * number,
        "1stFlrSF": 800 + number,
    }
    return house | ({"SalePrice": 100_000 + 5000 * number} if is_priced else {})


def _house_files() -> dict[str, bytes]:
    tables = {"train": range(1, 31), "test": range(31, 56)}
    return {part: _as_csv(numbers, part == "train") for part, numbers in tables.items()}


def _as_csv(numbers: range, is_priced: bool) -> bytes:
    houses = [_house(number, is_priced) for number in numbers]
    table = io.StringIO()
    writer = csv.DictWriter(table, houses[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(houses)
    return table.getvalue().encode()


#: By data set: what makes the unpacked contents of its files, by their names.
CONTENTS: dict[str, Callable[[], dict[str, bytes]]] = {
    "fashion_mnist": lambda: _image_files("fashion_mnist"),
    "mnist": lambda: _image_files("mnist"),
    "kaggle_house": _house_files,
    "time_machine": lambda: _text_files("time_machine"),
    "tiny_shakespeare": lambda: _text_files("tiny_shakespeare"),
    "fra_eng": _french_files,
    "cmn_eng": lambda: {"pairs": small_pairs("cmn_eng").encode()},
}
