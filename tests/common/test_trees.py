"""Trees are walked, packed and rebuilt as they came."""

import json
from collections import OrderedDict, namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from d2l.common import trees

Pair = namedtuple("Pair", "left right")


@dataclass(frozen=True)
class Batch:
    tokens: np.ndarray
    mask: np.ndarray | None = None


def example():
    return {
        "batch": Batch(np.arange(3), None),
        "pair": Pair(np.ones(2), [np.zeros(()), 2, "two", True]),
        "more": (OrderedDict(a=np.float32(1)), None, ()),
    }


PATHS = [
    "batch.tokens",
    "pair.left",
    "pair.right.0",
    "pair.right.1",
    "pair.right.2",
    "pair.right.3",
    "more.0.a",
]


def test_leaves_have_paths():
    assert [path for path, _ in trees.leaves(example())] == PATHS
    assert list(trees.leaves(7)) == [("", 7)]


def test_a_mapped_tree_is_of_the_same_types():
    tree = trees.map_leaves(lambda path, leaf: path, example())
    assert tree["batch"] == Batch("batch.tokens", None)
    assert tree["pair"] == Pair("pair.left", [f"pair.right.{i}" for i in range(4)])
    assert isinstance(tree["more"][0], OrderedDict)
    assert tree["more"][1:] == (None, ())


def test_leaves_go_back_to_their_places():
    values = [leaf for _, leaf in trees.leaves(example())]
    again = trees.unflatten(example(), values)
    for (path, a), (other, b) in zip(
        trees.leaves(again), trees.leaves(example()), strict=True
    ):
        assert path == other
        np.testing.assert_array_equal(a, b)


def test_arrays_leave_holes():
    arrays, rest = trees.take_arrays(example())
    assert len(arrays) == 4
    assert repr(rest["pair"]) == "Pair(left=_, right=[_, 2, 'two', True])"
    again = trees.put_arrays(rest, arrays)
    np.testing.assert_array_equal(again["batch"].tokens, np.arange(3))
    assert again["pair"].right[1:] == [2, "two", True]


def test_packed_trees_are_json_and_arrays():
    spec, arrays = trees.pack(example())
    assert set(arrays) == {"batch.tokens", "pair.left", "pair.right.0", "more.0.a"}
    tree = trees.unpack(json.loads(json.dumps(spec)), arrays)
    np.testing.assert_array_equal(tree["batch"]["tokens"], np.arange(3))
    assert tree["pair"]["right"][1:] == [2, "two", True]
    assert tree["more"][1:] == (None, ())


def test_keys_that_are_numbers_stay_numbers():
    spec, arrays = trees.pack({0: {"step": 3}, 1: [0.5]})
    assert trees.unpack(json.loads(json.dumps(spec)), arrays) == {
        0: {"step": 3},
        1: [0.5],
    }


def test_what_cannot_be_packed_is_named():
    with pytest.raises(trees.TreeError, match=r"groups\.0\.rule .* function"):
        trees.pack({"groups": [{"rule": lambda x: x}]})
