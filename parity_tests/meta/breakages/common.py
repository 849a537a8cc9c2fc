"""Breakages of what all frameworks share: data, masks, the trainer's counting.

Each is injected into the process of one framework alone.
"""

import numpy as np

from d2l.common.data import house_prices
from d2l.common.data.batches import BatchOrder
from d2l.common.data.images import ImageArrays
from d2l.common.reinforcement_learning.mdp import TabularMDP
from d2l.common.training.mask_stream import MaskStream
from d2l.common.training.resuming import Checkpoint
from d2l.common.training.trainer import TrainerBase
from parity_tests.meta.sabotage import replace


def order_reversed():
    """Batches come in another order."""
    order = BatchOrder._order
    replace(BatchOrder, "_order", lambda self, epoch: order(self, epoch)[::-1].copy())


def validation_shuffled():
    """Validation batches are shuffled as well."""

    def order(self, epoch):
        return np.random.default_rng(epoch).permutation(self.num_examples)

    shuffled = BatchOrder._order
    replace(
        BatchOrder,
        "_order",
        lambda self, epoch: (shuffled if self.shuffle else order)(self, epoch),
    )


def last_batch_dropped():
    """A batch that is not full is left out."""
    replace(BatchOrder, "__len__", lambda self: self.num_examples // self.batch_size)


def example_duplicated():
    """The first example comes twice, the second never."""
    order = BatchOrder._order

    def duplicated(self, epoch):
        found = order(self, epoch).copy()
        found[1] = found[0]
        return found

    replace(BatchOrder, "_order", duplicated)


def one_order_for_all_epochs():
    """The second epoch has the order of the first."""
    batches = BatchOrder.batches
    replace(BatchOrder, "batches", lambda self, epoch: batches(self, 0))


def labels_shifted():
    """Every image has the label of its neighbour."""
    fetch = ImageArrays.fetch

    def shifted(self, indices):
        X, y = fetch(self, indices)
        return X, np.roll(y, 1)

    replace(ImageArrays, "fetch", shifted)


def pixels_not_scaled():
    """Pixels reach from 0 to 255."""
    fetch = ImageArrays.fetch

    def unscaled(self, indices):
        X, y = fetch(self, indices)
        return X * 255, y

    replace(ImageArrays, "fetch", unscaled)


def folds_overlapping():
    """The houses that validate a fold train it as well."""
    folds = house_prices.k_fold_frames
    replace(
        house_prices,
        "k_fold_frames",
        lambda frame, k: ((frame, val) for _, val in folds(frame, k)),
    )


def masks_of_the_next_step():
    """Dropout's masks are those of another step."""
    begin = MaskStream.begin
    replace(MaskStream, "begin", lambda self, step: begin(self, step + 1))


def masks_of_the_next_layer():
    """Dropout's masks are those of another layer."""
    layer = MaskStream.next_layer
    replace(MaskStream, "next_layer", lambda self: layer(self) + 1)


def last_step_left_out():
    """Training ends a step early."""
    _change_batches(lambda batches: batches[:-1])


def one_step_too_many():
    """Training goes on for a step."""
    _change_batches(lambda batches: [*batches, batches[0]])


def _change_batches(change):
    prepare = TrainerBase.prepare_data

    def changed(self, data):
        prepare(self, data)
        self.train_dataloader = change(list(self.train_dataloader))

    replace(TrainerBase, "prepare_data", changed)


def optimizer_state_not_restored():
    """Training that goes on from a file begins with an empty optimizer."""
    roots = Checkpoint._roots

    def without_optimizer(self):
        return {k: v for k, v in roots(self).items() if k != "optimizer"}

    replace(Checkpoint, "_roots", without_optimizer)


def discount_forgotten():
    """Bellman's backup counts the future in full."""
    _change_backup(lambda mdp, V: mdp.r + mdp.P @ V)


def next_state_taken_for_the_last():
    """Bellman's backup goes against the direction of time."""
    backwards = (2, 1, 0)
    _change_backup(lambda mdp, V: mdp.r + mdp.gamma * (mdp.P.transpose(backwards) @ V))


def reward_of_the_best_action():
    """Bellman's backup pays for every action what the best one pays."""
    _change_backup(
        lambda mdp, V: mdp.r.max(axis=1, keepdims=True) + mdp.gamma * (mdp.P @ V)
    )


def values_of_the_neighbour():
    """Bellman's backup takes the values of other states."""
    _change_backup(lambda mdp, V: mdp.r + mdp.gamma * (mdp.P @ np.roll(V, 1)))


def _change_backup(backup):
    replace(TabularMDP, "backup", backup)
