"""House prices and their folds."""

from __future__ import annotations

import contextlib
import io

import numpy as np


def _data(session):
    data = session.namespace.KaggleHouse(batch_size=64, source="small")
    data.preprocess()
    return data


def folds(session, arrays, k):
    """All rows of every fold's two parts, in order."""
    found = {}
    for i, fold in enumerate(session.namespace.k_fold_data(_data(session), k)):
        for kind, table in {"train": fold.train, "val": fold.val}.items():
            # As validation data, which is not shuffled.
            fold.val = table
            batches = list(fold.val_dataloader())
            for j, name in enumerate("Xy"):
                parts = [session.backend.canonical(batch[j]) for batch in batches]
                found[f"{i}.{kind}.{name}"] = np.concatenate(parts)
    return {}, found


def cross_validate(session, arrays):
    """The models that `k_fold` returns, their losses, and what it prints."""
    d2l, printed, k = session.namespace, io.StringIO(), 3
    session.backend.seed(1)
    with contextlib.redirect_stdout(printed):
        models = d2l.k_fold(d2l.Trainer(max_epochs=5), _data(session), k, lr=0.01)
    curves = [[p.y for p in model.board.data["val_loss"]] for model in models]
    weights = {
        str(i): session.backend.weights(model)["net.weight"]
        for i, model in enumerate(models)
    }
    return {
        "k": k,
        "first_losses": [curve[0] for curve in curves],
        "last_losses": [curve[-1] for curve in curves],
        "mean": float(np.mean([curve[-1] for curve in curves])),
        "printed": printed.getvalue(),
    }, weights
