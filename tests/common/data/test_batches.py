"""The batch order: complete, reproducible, independent of everything else."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.data.batches import ArrayBatches, BatchOrder
from d2l.common.errors import D2LError, InputError

sizes = st.integers(0, 200)
batch_sizes = st.integers(1, 70)
seeds = st.integers(0, 2**64 - 1)


def in_lists(order, epoch):
    return [batch.tolist() for batch in order.batches(epoch)]


@given(sizes, batch_sizes, st.booleans(), seeds, st.integers(0, 1000))
def test_every_example_comes_exactly_once_in_an_epoch(n, size, shuffle, seed, epoch):
    batches = in_lists(BatchOrder(n, size, shuffle, seed), epoch)
    assert sorted(i for batch in batches for i in batch) == list(range(n))


@given(sizes, batch_sizes, st.booleans(), st.booleans())
def test_all_batches_but_the_last_are_full(n, size, shuffle, drop_last):
    order = BatchOrder(n, size, shuffle, drop_last=drop_last)
    lengths = [len(batch) for batch in order.batches(0)]
    left_over = [n % size] if n % size and not drop_last else []
    assert lengths == [size] * (n // size) + left_over
    assert len(order) == len(lengths)


@given(sizes, batch_sizes, seeds)
def test_the_same_seed_gives_the_same_order(n, size, seed):
    first, second = (BatchOrder(n, size, True, seed) for _ in range(2))
    list(second)  # What was drawn before does not matter.
    assert in_lists(first, 3) == in_lists(second, 3)


def test_seeds_and_epochs_give_orders_of_their_own():
    orders = [
        in_lists(BatchOrder(50, 50, True, seed), epoch)[0]
        for seed in range(3)
        for epoch in range(3)
    ]
    assert len({tuple(order) for order in orders}) == 9


def test_the_order_is_the_one_of_earlier_versions():
    # The frameworks may run on different NumPy versions and must still agree.
    assert in_lists(BatchOrder(10, 5, True, seed=7), epoch=2) == [
        [1, 7, 2, 9, 4],
        [5, 3, 6, 0, 8],
    ]


def test_without_shuffling_the_order_is_the_natural_one():
    assert in_lists(BatchOrder(5, 2, False), epoch=4) == [[0, 1], [2, 3], [4]]


def test_each_iteration_is_the_next_epoch():
    order = BatchOrder(20, 6, True, seed=1)
    seen = [[batch.tolist() for batch in order] for _ in range(3)]
    assert seen == [in_lists(order, epoch) for epoch in range(3)]
    assert order.epoch == 3


def test_the_epoch_counts_up_where_an_iteration_starts():
    order = BatchOrder(20, 6, True)
    iter(order)
    assert order.epoch == 1


def test_setting_the_epoch_resumes():
    order = BatchOrder(20, 6, True, seed=1)
    order.epoch = 5
    assert [batch.tolist() for batch in order] == in_lists(order, 5)
    assert order.epoch == 6


def test_indices_are_int64():
    for shuffle in (True, False):
        assert all(b.dtype == np.int64 for b in BatchOrder(9, 4, shuffle).batches(0))


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": 2.0}, "batch_size"),
        ({"batch_size": True}, "batch_size"),
        ({"num_examples": -1}, "num_examples"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"seed": None}, "seed"),
    ],
)
def test_arguments_that_make_no_sense_are_named(changed, name):
    with pytest.raises(InputError, match=name) as caught:
        BatchOrder(**{"num_examples": 10, "batch_size": 2, "shuffle": True} | changed)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, D2LError)
    assert caught.value.exit_code == 2


def test_epochs_that_make_no_sense_are_refused():
    order = BatchOrder(10, 2, True)
    with pytest.raises(InputError, match="epoch"):
        order.epoch = -1
    with pytest.raises(InputError, match="epoch"):
        order.batches(-1)


def test_numpy_integers_are_whole_numbers():
    order = BatchOrder(np.int64(10), np.int32(3), True, np.uint8(1))
    assert in_lists(order, 0) == in_lists(BatchOrder(10, 3, True, 1), 0)


def test_array_batches_keep_examples_together():
    X = np.arange(20.0).reshape(10, 2)
    y = np.arange(10)
    batches = ArrayBatches([X, y], BatchOrder(10, 4, True, seed=3))
    assert len(batches) == 3
    seen = list(batches)
    assert [len(labels) for _, labels in seen] == [4, 4, 2]
    for rows, labels in seen:
        np.testing.assert_array_equal(rows, X[labels])
    assert batches.order.epoch == 1


def test_array_batches_fetch_what_is_asked_for():
    batches = ArrayBatches((np.arange(5) * 10,), BatchOrder(5, 2, False))
    (values,) = batches.fetch(np.array([3, 1]))
    assert values.tolist() == [30, 10]


@pytest.mark.parametrize(
    "arrays", [[], [np.zeros(3)], [np.zeros(5), np.zeros(4)], [np.float64(1)]]
)
def test_arrays_that_do_not_fit_the_order_are_refused(arrays):
    with pytest.raises(InputError):
        ArrayBatches(arrays, BatchOrder(5, 2, False))
