"""The best epoch, and patience."""

import pytest

from d2l.common.errors import InputError
from d2l.common.training.best_epoch import BestEpoch

NAN = float("nan")


def watch(epochs, metric="val_loss", **kwargs):
    """The watcher after epochs whose batches have these values."""
    best = BestEpoch(metric, **kwargs)
    for epoch, values in enumerate(epochs):
        for value in values:
            best.note(best.key, lambda value=value: value)
        best.judge(epoch, lambda epoch=epoch: {"w": [epoch]})
    return best


def test_the_mean_over_batches_decides():
    best = watch([[1, 3], [0, 3], [1, 2.1]])
    assert (best.epoch, best.value, best.weights["w"][0]) == (1, 1.5, 1)
    assert best.waited == 1


def test_directions():
    assert watch([[1], [2]], "val_acc").epoch == 1
    assert watch([[1], [2]], "val_ppl").epoch == 0
    assert watch([[1], [2]], "val_f1", larger_is_better=True).epoch == 1
    assert watch([[1], [2]], "val_acc", larger_is_better=False).epoch == 0


def test_nan_is_never_best():
    assert watch([[NAN], [2], [NAN], [1, NAN]]).epoch == 1
    nothing = watch([[NAN], [NAN]], patience=2)
    assert (nothing.epoch, nothing.weights, nothing.is_over) == (None, {}, True)


def test_patience_counts_epochs_in_a_row():
    assert not watch([[1], [2], [0], [2]], patience=2).is_over
    assert watch([[1], [1], [1]], patience=2).is_over
    assert not watch([[1], [2], [3], [4]]).is_over


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("train_loss",), "val_loss or the like"),
        (("val_f1",), "larger_is_better"),
        (("val_loss", None, 0), "patience"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, problem):
    with pytest.raises(InputError, match=problem):
        BestEpoch(*arguments)


def test_a_metric_that_is_not_plotted_is_named():
    best = BestEpoch("val_acc")
    best.note("loss", lambda: 1.0)
    with pytest.raises(InputError, match=r"val_acc .* plots val_loss"):
        best.judge(0, dict)
