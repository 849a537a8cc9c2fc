"""House prices: preprocessed tables and k-fold cross-validation."""

import numpy as np

from d2l.common.data import house_prices
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.workers import run_task

K = 3


def table():
    """The preprocessed training table."""
    return house_prices.preprocess(*house_prices.read_house_prices("small"))[0]


def test_folds(any_run, pool):
    """Each fold validates on its own stretch of rows, and trains on the others."""
    _, actual = run_task(pool, any_run, "houses", "folds", k=K)
    expected = {}
    for i, parts in enumerate(house_prices.k_fold_frames(table(), K)):
        for kind, frame in zip(("train", "val"), parts, strict=True):
            for name, array in zip("Xy", house_prices.to_arrays(frame), strict=True):
                expected[f"{i}.{kind}.{name}"] = array
    require_as_in_numpy(any_run, "folds", actual, expected, "exact")


def test_folds_do_not_overlap(framework, pool):
    """No house is in both parts of a fold; all are validated exactly once."""
    _, found = run_task(pool, (framework, "float64"), "houses", "folds", k=K)
    validated = np.concatenate([found[f"{i}.val.X"] for i in range(K)])
    X, _ = house_prices.to_arrays(table())
    assert sorted(map(tuple, validated)) == sorted(map(tuple, X))
    for i in range(K):
        trained = set(map(tuple, found[f"{i}.train.X"]))
        assert trained.isdisjoint(map(tuple, found[f"{i}.val.X"]))


def test_k_fold(framework, pool):
    """A model for every fold, each of which has learned from its own houses."""
    result, found = run_task(pool, (framework, "float64"), "houses", "cross_validate")
    assert len(result["first_losses"]) == result["k"] == len(found)
    for first, last in zip(result["first_losses"], result["last_losses"], strict=True):
        assert last < first
    weights = list(found.values())
    assert not np.allclose(weights[0], weights[1], rtol=1e-3)
    assert f"{result['mean']:.5f}" in result["printed"]
