"""What counts as a change of a definition, and what a definition mentions."""

import pytest

from d2l.keys.definitions import STATEMENTS, read_code
from d2l.keys.mentions import NOTHING

CODE = '''
"""A module."""
from d2l.common import trees
import numpy as np

LIMIT = 3

def first(x: int) -> int:
    """Add."""
    return trees.leaves(x) + LIMIT  # why

class Model:
    """A model."""
    def forward(self, X):
        return helper(f"long {X} curve")
    def test_it(self):
        return "only by name"

TABLE = {"a": first, ("b", "c"): Model} | {"d": 1}
'''


def read(text):
    return read_code(text, "d2l.example").definitions


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# why", "# because"),
        ('"""Add."""', '"""Add up."""'),
        ("(x: int) -> int", "(x)"),
        ('"""A module."""', ""),
        ("\n\n", "\n\n\n"),
        ("LIMIT = 3", "LIMIT = 4"),
    ],
)
def test_what_changes_no_function(old, new):
    """Comments, docstrings, types, space, and what is beside it."""
    assert read(CODE.replace(old, new))["first"] == read(CODE)["first"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("first", "+ LIMIT", "- LIMIT"),
        ("first", "(x: int)", "(x: int = 1)"),
        ("LIMIT", "= 3", "= 4"),
        ("Model", "curve", "curves"),
        ("Model.test_it", "only", "merely"),
        ("TABLE[1]", "Model}", "first}"),
        ("TABLE[2]", '"d": 1', '"d": 2'),
    ],
)
def test_what_changes_one_definition(name, old, new):
    """Its own digest, and no other's."""
    before, after = read(CODE), read(CODE.replace(old, new))
    assert {n for n in before if before[n].digest != after[n].digest} == {name}


def test_mentions():
    """Names with their attributes, texts, and texts with something filled in."""
    found = read(CODE)
    assert found["first"].names >= {"trees.leaves", "LIMIT"}
    assert found["Model"].patterns == {r"long\ (.+)\ curve"}
    assert found["TABLE[1]"].keys == ("b", "c")
    assert found[STATEMENTS] == NOTHING


def test_tables_are_looked_up_in():
    """What is only looked up in need not be taken as a whole."""
    found = read(
        "def get(k): return TABLE[k], OTHER.get(k), k in THIRD\n"
        "def all(): return list(TABLE)\n"
    )
    assert found["get"].tables == {"TABLE", "OTHER", "THIRD"}
    assert "TABLE" not in found["get"].names
    assert "TABLE" in found["all"].names


def test_what_is_looked_up_in_may_be_made_on_the_spot():
    """What makes it is mentioned like all else."""
    found = read("def f(k): return g().table[k], h(k).rest.get(k), k in TABLE.part")
    assert {"g", "h"} <= found["f"].names
    assert found["f"].tables == {"TABLE.part"}


def test_what_a_module_finds_for_names_that_it_lacks():
    """Any import may enter it: it belongs to the file's statements."""
    found = read("def __getattr__(name): return TABLE[name]")
    assert set(found) == {STATEMENTS}
    assert found[STATEMENTS].tables == {"TABLE"}


def test_both_branches_of_a_condition():
    """They are statements of the file, which all of its definitions depend on."""
    one = read("if x:\n    def f(): return 1\nelse:\n    def f(): return 2")
    other = read("if x:\n    def f(): return 1\nelse:\n    def f(): return 3")
    assert one[STATEMENTS].digest != other[STATEMENTS].digest
    twice = read("def f(): return 1\ndef f(): return 2")
    assert twice["f"].digest != read("def f(): return 2")["f"].digest


def test_imports():
    """Relative ones count from the module; those in functions count too."""
    code = read_code(
        "from . import a\nfrom ..b import c as d\ndef f():\n    import e.g\n",
        "d2l.one.two",
    )
    assert code.imports == {
        "a": ("d2l.one", "a"),
        "d": ("d2l.b", "c"),
        "e": ("e", ""),
    }
    assert code.executed == [("d2l.one", "a"), ("d2l.b", "c")]
