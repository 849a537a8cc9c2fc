"""Objects are described by walking their attributes, and filled in place."""

import enum
import functools
import json
import random
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field

import numpy as np
import pytest

from d2l.common.training.state_kinds import Kinds, StateError
from d2l.common.training.state_reading import StateReader
from d2l.common.training.state_writing import StateWriter

Pair = namedtuple("Pair", "left right")
Colour = enum.Enum("Colour", "RED BLUE")


class Slotted:
    __slots__ = ("__private", "count", "later")

    def __init__(self):
        self.count, self.__private = 0, 1

    def step(self):
        self.count += 1
        self.__private += 2
        self.later = 3

    def seen(self):
        return self.count, self.__private, getattr(self, "later", None)


@dataclass(eq=False)
class Node:
    value: float
    others: list = field(default_factory=list)


def counting():
    count, seen = 0, []

    def count_up():
        nonlocal count
        count += 1
        seen.append(count)
        return seen

    return count_up


class Everything:
    """One attribute of each kind; `step` changes all of them."""

    not_saved = ("ignored",)

    def __init__(self):
        self.number, self.text, self.nothing, self.ignored = 1, "a", 1.5, 1
        self.array = np.arange(3.0)
        self.alias, self.tuple = self.array, (self.array, 1)
        self.list, self.deque, self.set = [1], deque([1], maxlen=2), {1}
        self.pair, self.counter = Pair(1, [2]), Counter("ab")
        self.node = Node(1.0)
        self.by_node = defaultdict(list)
        self.node.others.append(self.node)
        self.slotted, self.colour = Slotted(), Colour.RED
        self.random, self.generator = random.Random(1), np.random.default_rng(2)
        self.old = np.random.RandomState(3)
        self.function, self.partial = counting(), functools.partial(counting())
        self.method = self.node.others.append
        self.bound = self.slotted.step
        self.was_one = self.array
        self.scalar = np.float32(1)
        self.ordered = OrderedDict(a=1, b=2)
        self.by_id = {}

    def step(self):
        self.number += 1
        self.text, self.nothing, self.ignored = "b", None, 5
        self.array += 1
        self.list.append([self.array])
        self.deque.extend([2, 3])
        self.set.add((2, "x"))
        self.pair = Pair(3, self.pair.right)
        self.pair.right.append(4)
        self.counter["c"] += 1
        self.by_node[self.node].append(np.ones(2, np.int8))
        self.node.value = float("inf")
        self.slotted.step()
        self.colour = Colour.BLUE
        self.random.random(), self.generator.normal(), self.old.rand()
        self.function(), self.partial()
        self.was_one = self.array * 10
        self.scalar += np.float32(0.5)
        self.ordered.move_to_end("a")
        self.by_id[id(self.node)] = self.number
        self.new = {3: True, None: b""[:0] or "empty"}

    def seen(self):
        """All of it as one text, random generators by what they draw."""
        plain = {
            k: v
            for k, v in vars(self).items()
            if k not in ("ignored", "node", "by_node", "function", "partial", "by_id")
            and type(v) in (int, str, float, list, tuple, deque, set, Pair, Counter)
        }
        return repr(
            (
                sorted(plain.items()),
                self.nothing, self.array, self.was_one, self.scalar, self.ordered,
                self.node.value, list(self.by_node.values()), self.slotted.seen(),
                self.colour, self.random.random(), self.generator.normal(),
                self.old.rand(), self.function(), self.partial(),
                list(self.by_id.values()), getattr(self, "new", None),
            )
        )  # fmt: skip


def saved(value):
    reader = StateReader(Kinds())
    spec = reader.describe(value, "root")
    return json.loads(json.dumps(spec)), reader.arrays


def restored(value, into):
    spec, arrays = saved(value)
    return StateWriter(Kinds(), arrays).put(spec, into, "root")


def test_everything_comes_back_in_place():
    first, second = Everything(), Everything()
    array, node = second.array, second.node
    for _ in range(3):
        first.step()
    assert restored(first, second) is second
    assert second.array is array
    assert second.node is node
    assert second.ignored == 1
    # Aliases stay aliases, and what has come apart is apart.
    assert second.alias is second.array is second.tuple[0] is second.list[1][0]
    assert second.was_one is not second.array
    assert second.node.others == [node]
    assert list(second.by_id) == [id(node)]
    assert second.deque.maxlen == 2
    # From here on both go the same way.
    assert first.seen() == second.seen()
    first.step(), second.step()
    assert first.seen() == second.seen()


def test_every_attribute_matters():
    """What is left out is seen to be left out."""
    for name in ("number", "array", "random", "function", "slotted", "by_node"):
        first, second = Everything(), Everything()
        first.step()
        spec, arrays = saved(first)
        spec[3] = [entry for entry in spec[3] if entry[0] != name]
        try:
            StateWriter(Kinds(), arrays).put(spec, second, "root")
            assert first.seen() != second.seen()
        except KeyError:
            assert name in ("array", "slotted")  # others refer to it


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"a": [iter([])]}, r"root\.a\.0 .* list_iterator"),
        ({"a": (x for x in [])}, r"root\.a .* generator"),
        ({"a": np.array(["text"])}, r"root\.a cannot be saved: it holds <U4"),
        ({object(): 1}, r"root .* object is a key"),
    ],
)
def test_what_cannot_be_saved_is_named(value, problem):
    with pytest.raises(StateError, match=problem):
        saved(value)


def test_keys_that_are_ids_of_later_objects_are_named():
    node = Node(1.0)
    reader = StateReader(Kinds())
    reader.describe([{id(node): 1}, node], "root")
    with pytest.raises(StateError, match=r"root\.0 "):
        reader.check()


def test_objects_that_are_gone_are_named():
    with pytest.raises(StateError, match=r"root\.0 .* cannot be made anew"):
        restored([Node(1.0)], [])
    with pytest.raises(StateError, match=r"root is a .*Slotted here, and a .*Node"):
        restored(Node(1.0), Slotted())


def test_loaders_keep_positions_but_no_data():
    class Loader:
        def __init__(self):
            self.data, self.rows = np.ones(9), [(i, i) for i in range(100)]
            self.epoch, self.generator = 0, np.random.default_rng(0)
            self.running = iter([])

    first, second = Loader(), Loader()
    first.epoch = 4
    first.generator.random()
    reader = StateReader(Kinds(), of_data=True)
    spec = reader.describe(first, "loader")
    assert len(json.dumps(spec)) < 500
    StateWriter(Kinds(), reader.arrays, of_data=True).put(spec, second, "loader")
    assert second.epoch == 4
    assert second.generator.random() == first.generator.random()


def test_an_object_may_say_itself_what_its_state_is():
    class Said:
        def __init__(self):
            self.count, self.handle = 0, iter([])

        def state_dict(self):
            return {"count": self.count}

        def load_state_dict(self, state):
            self.count = state["count"]

    first = Said()
    first.count = 3
    assert restored(first, Said()).count == 3
