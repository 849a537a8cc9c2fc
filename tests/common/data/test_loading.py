"""Loaders made of others: cut, restructured, empty."""

import numpy as np

from d2l.common.data.batches import ArrayBatches, BatchOrder
from d2l.common.data.loading import EmptyBatches, Examples, LimitedData


class Plain:
    """What a framework's data module is to the loaders made of it."""

    seed = 0

    def get_tensorloader(self, tensors, train, indices):
        cut = [t[indices] for t in tensors]
        return ArrayBatches(cut, BatchOrder(len(cut[0]), 4, train, self.seed))


def examples():
    x = np.arange(10)
    return {"x": x, "more": (2 * x, None), "scale": 3}


def test_batches_have_the_form_of_the_examples():
    data = Examples(Plain(), examples(), num_val=3)
    train, val = list(data.train_dataloader()), list(data.val_dataloader())
    assert [len(batch["x"]) for batch in train] == [4, 3]
    assert sorted(np.concatenate([b["x"] for b in train])) == list(range(7))
    assert [b["more"][0].tolist() for b in val] == [[14, 16, 18]]
    assert all(b["scale"] == 3 and b["more"][1] is None for b in [*train, *val])
    assert len(data.train_dataloader()) == 2
    assert data.train_dataloader().order.epoch == 0


def test_without_validation():
    assert Examples(Plain(), examples(), num_val=0).val_dataloader() is None


def test_limited_data_go_around_again():
    data = LimitedData(Examples(Plain(), examples(), num_val=3), steps=5)
    assert len(data.train_dataloader()) == len(list(data.train_dataloader())) == 5
    assert len(list(data.val_dataloader())) == 1


def test_no_data():
    data = EmptyBatches(3)
    assert list(data.train_dataloader()) == [(), (), ()]
    assert data.val_dataloader() is None
    assert list(LimitedData(data, 2).train_dataloader()) == [(), ()]
