"""House prices: tables become numbers, the same way for training and test."""

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from d2l.common.data.catalogue import find_data_set, locate
from d2l.common.data.downloads import download
from d2l.common.data.embedded import make_house_prices
from d2l.common.data.house_prices import (
    LABEL,
    k_fold_frames,
    preprocess,
    read_house_prices,
    to_arrays,
    to_features,
)
from d2l.common.errors import DataError, InputError

RAW_TRAIN = pd.DataFrame(
    {
        "Id": [1, 2, 3],
        "Area": [100, 200, 300],
        "Age": [1.0, np.nan, 5.0],
        "Colour": ["red", "None", None],
        "New": [True, False, True],
        "Floors": [2, 2, 2],
        LABEL: [1.0, np.e, np.e**2],
    }
)
RAW_TEST = pd.DataFrame(
    {
        "Id": [4],
        "Area": [600],
        "Age": [3.0],
        "Colour": ["blue"],
        "New": [False],
        "Floors": [2],
    }
)


@pytest.fixture
def prepared():
    return preprocess(RAW_TRAIN, RAW_TEST)


# Preparing


def test_numbers_are_standardised_over_both_tables(prepared):
    train, test = prepared
    areas = np.array([100.0, 200, 300, 600])
    expected = (areas - areas.mean()) / areas.std(ddof=1)
    np.testing.assert_allclose(train["Area"], expected[:3])
    np.testing.assert_allclose(test["Area"], expected[3:])
    assert np.isclose(train["New"].sum() + test["New"].sum(), 0)


def test_missing_numbers_become_the_mean(prepared):
    assert prepared[0]["Age"].tolist() == [-1, 0, 1]


def test_a_number_that_never_changes_becomes_0(prepared):
    assert (prepared[0]["Floors"] == 0).all()


def test_categories_become_columns_and_so_does_their_absence(prepared):
    train, test = prepared
    columns = ["Colour_None", "Colour_blue", "Colour_red", "Colour_nan"]
    assert [c for c in train.columns if c.startswith("Colour")] == columns
    assert train[columns].to_numpy().tolist() == [
        [0, 0, 1, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 1],
    ]
    assert test[columns].to_numpy().tolist() == [[0, 1, 0, 0]]


def test_the_id_goes_and_the_price_stays(prepared):
    train, test = prepared
    assert list(train.columns) == [*test.columns, LABEL]
    assert "Id" not in train
    assert train[LABEL].tolist() == RAW_TRAIN[LABEL].tolist()
    assert (train.drop(columns=LABEL).dtypes == np.float64).all()


def test_the_raw_tables_stay_as_they_are(prepared):
    assert RAW_TRAIN.shape == (3, 7)
    assert RAW_TRAIN["Area"].tolist() == [100, 200, 300]


def test_rows_keep_their_names():
    raw = RAW_TRAIN.set_index(pd.Index([7, 8, 9]))
    train, test = preprocess(raw, RAW_TEST)
    assert (train.index.tolist(), test.index.tolist()) == ([7, 8, 9], [0])
    assert train[LABEL].tolist() == RAW_TRAIN[LABEL].tolist()


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_text_may_be_stored_in_any_way(prepared, kind):
    tables = [t.astype({"Colour": kind}) for t in (RAW_TRAIN, RAW_TEST)]
    for table, expected in zip(preprocess(*tables), prepared, strict=True):
        columns = sorted(expected.columns)
        assert sorted(table.columns) == columns
        pd.testing.assert_frame_equal(
            table[columns], expected[columns], check_column_type=False
        )


# Arrays


def test_arrays_hold_features_and_logarithms_of_prices(prepared):
    train, test = prepared
    X, y = to_arrays(train, "float32")
    assert (X.dtype, y.dtype) == (np.float32, np.float32)
    assert (X.shape, y.shape) == ((3, len(test.columns)), (3, 1))
    np.testing.assert_allclose(y, [[0], [1], [2]], atol=1e-7)
    np.testing.assert_array_equal(X, to_features(train, "float32"))
    assert to_features(test).shape == (1, len(test.columns))
    assert to_arrays(train)[0].dtype == np.float64


def test_without_prices_there_are_no_labels(prepared):
    with pytest.raises(DataError, match="no column SalePrice"):
        to_arrays(prepared[1])


# Folds


@given(st.integers(2, 60), st.data())
def test_every_row_validates_exactly_once(n, data):
    k = data.draw(st.integers(2, n))
    frame = pd.DataFrame({"row": np.arange(n)}, index=np.arange(n)[::-1])
    folds = list(k_fold_frames(frame, k))
    assert len(folds) == k
    validated = [row for _, val in folds for row in val["row"]]
    assert validated == list(range(n))
    assert {len(val) for _, val in folds} <= {n // k, n // k + 1}
    for train, val in folds:
        assert sorted([*train["row"], *val["row"]]) == list(range(n))


@pytest.mark.parametrize("k", [0, 1, 4])
def test_folds_that_cannot_be_made_are_refused(k):
    with pytest.raises(InputError, match=f"3 rows .* {k} folds"):
        k_fold_frames(RAW_TRAIN, k)


# Reading


def test_none_is_a_category_and_na_is_missing(tmp_path, monkeypatch):
    table = tmp_path / "houses.csv"
    table.write_text("Id,Veneer,Area\n1,None,NA\n2,NA,7\n3,,8\n")
    paths = {"train": table, "test": table}
    monkeypatch.setattr("d2l.common.data.house_prices.locate", lambda *_: paths)
    train, _ = read_house_prices("kaggle")
    assert train["Veneer"].isna().tolist() == [False, True, True]
    assert train["Area"].isna().tolist() == [True, False, False]
    assert train["Veneer"][0] == "None"


# The invented houses


def test_the_small_tables_come_from_their_script(tmp_path):
    make_house_prices.write_tables(tmp_path)
    files = find_data_set("house_prices_small").files
    for file in files:
        committed = os.path.join(os.path.dirname(make_house_prices.__file__), "..")
        with open(os.path.join(committed, file.path), "rb") as expected:
            made = tmp_path / os.path.basename(file.path)
            assert made.read_bytes() == expected.read()


def test_the_small_tables_are_read_without_network():
    train, test = read_house_prices("small")
    assert (train.shape, test.shape) == ((200, 9), (80, 8))
    assert LABEL not in test
    assert train.isna().sum().sum() > 10
    assert train["Id"].tolist() + test["Id"].tolist() == list(range(1, 281))


def test_a_linear_model_learns_from_the_small_table():
    table, _ = preprocess(*read_house_prices("small"))
    errors, spread = [], to_arrays(table)[1].var()
    for train, val in k_fold_frames(table, 5):
        (X, y), (X_val, y_val) = to_arrays(train), to_arrays(val)
        w, *_ = np.linalg.lstsq(X, y - y.mean(), rcond=None)
        errors.append(np.mean((X_val @ w + y.mean() - y_val) ** 2))
    assert np.mean(errors) < 0.25 * spread


def test_other_sources_are_refused():
    with pytest.raises(
        DataError, match=r"no house prices 'big', only kaggle and small"
    ):
        read_house_prices("big")


# Files, as they are published

# Rows and columns of the tables, and how many features they are prepared to.
SHAPES = {
    "small": ((30, 12), (25, 11), 18),
    "published": ((1460, 81), (1459, 80), 331),
}


def test_houses_are_read_from_their_files(put_files):
    train_shape, test_shape, features = SHAPES[put_files("kaggle_house")]
    train, test = read_house_prices("kaggle")
    assert (train.shape, test.shape) == (train_shape, test_shape)
    ids = [*train["Id"], *test["Id"]]
    assert ids == list(range(1, len(train) + len(test) + 1))
    assert {"None", np.nan} < set(train["MasVnrType"])
    train, test = preprocess(train, test)
    assert train.shape == (train_shape[0], features + 1)
    assert test.shape == (test_shape[0], features)
    X, y = to_arrays(train)
    assert np.isfinite(X).all()
    assert np.isfinite(to_features(test)).all()
    assert 10 < y.min() < y.max() < 14
    for part, path in locate("kaggle_house").items():
        assert download(f"kaggle_house_{part}") == str(path)
