"""Tables of houses and their prices: reading, preparing, folding."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from d2l.common.data.catalogue import locate
from d2l.common.errors import DataError, InputError

LABEL = "SalePrice"
_ID = "Id"
_DATA_SETS = {"kaggle": "kaggle_house", "small": "house_prices_small"}


def read_house_prices(
    source: str = "kaggle", root: str | os.PathLike[str] = "../data"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The raw tables: training houses with their prices, test houses without.

    source: "kaggle" for the houses in Ames, Iowa (1,460 and 1,459), downloaded when
        absent, or "small" for invented ones (200 and 80) that need no network.
    root: the folder of the data; the default stands for the data folder.

    raises DataError where the data cannot be had.
    """
    if source not in _DATA_SETS:
        known = " and ".join(_DATA_SETS)
        raise DataError(f"There are no house prices {source!r}, only {known}.")
    paths = locate(_DATA_SETS[source], root)
    # Missing values are written NA here. "None", which pandas would take for one
    # as well, is a category of its own: a house without masonry veneer.
    train, test = (
        pd.read_csv(paths[part], keep_default_na=False, na_values=["NA", ""])
        for part in ("train", "test")
    )
    return train, test


def preprocess(
    raw_train: pd.DataFrame, raw_test: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn all features into numbers, in the same way for both tables.

    Numbers are standardised with the mean and the standard deviation over the
    houses of both tables, and missing ones become 0, the mean. A category
    becomes a column of 0s and 1s, and so do the missing values of every feature
    with categories. The Id is dropped.

    returns: both tables with float64 features; a table that had the column
        SalePrice keeps it, as it is, as its last one.
    """
    tables = (raw_train, raw_test)
    features = pd.concat(
        [table.drop(columns=[_ID, LABEL], errors="ignore") for table in tables],
        ignore_index=True,
    )
    features = _as_numbers(features)
    train, test = features[: len(raw_train)], features[len(raw_train) :]
    return _with_label(train, raw_train), _with_label(test, raw_test)


def _as_numbers(features: pd.DataFrame) -> pd.DataFrame:
    numeric = features.select_dtypes(include=["number", "bool"]).columns
    categorical = features.columns.difference(numeric, sort=False)
    numbers = features[numeric].astype(np.float64)
    features[numeric] = ((numbers - numbers.mean()) / numbers.std()).fillna(0.0)
    # Versions of pandas store text in several ways, each with its own mark for
    # what is missing; the names of the columns must not depend on them.
    categories = features[categorical].astype(object)
    features[categorical] = categories.where(categories.notna(), np.nan)
    return pd.get_dummies(
        features, columns=list(categorical), dummy_na=True, dtype=np.float64
    )


def _with_label(features: pd.DataFrame, raw: pd.DataFrame) -> pd.DataFrame:
    table = features.set_axis(raw.index)
    return table.assign(**{LABEL: raw[LABEL]}) if LABEL in raw else table


def to_features(frame: pd.DataFrame, dtype: npt.DTypeLike = "float64") -> np.ndarray:
    """The features of a preprocessed table, without prices: (n, features)."""
    return frame.drop(columns=LABEL, errors="ignore").to_numpy(dtype)


def to_arrays(
    frame: pd.DataFrame, dtype: npt.DTypeLike = "float64"
) -> tuple[np.ndarray, np.ndarray]:
    """The features and the logarithms of the prices of a preprocessed table.

    returns: X of shape (n, features) and y of shape (n, 1).

    raises DataError where the table has no prices.
    """
    if LABEL not in frame:
        raise DataError(
            f"The table has no column {LABEL}: only its features are known."
        )
    prices = frame[[LABEL]].to_numpy(np.float64)
    return to_features(frame, dtype), np.log(prices).astype(dtype)


def k_fold_frames(
    frame: pd.DataFrame, k: int
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Split a table in `k` ways for cross-validation.

    The validation parts are `k` consecutive stretches of rows, of equal length
    or one row apart; together they are the whole table.

    returns: for each fold the training part and the validation part.

    raises InputError where there cannot be `k` folds.
    """
    if not 2 <= k <= len(frame):
        raise InputError(f"{len(frame)} rows cannot be split into {k} folds.")
    ends = [len(frame) * fold // k for fold in range(k + 1)]
    return (
        (pd.concat([frame[:start], frame[end:]]), frame[start:end])
        for start, end in pairwise(ends)
    )
