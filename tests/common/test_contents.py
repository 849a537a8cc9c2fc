"""The list of chapters and sections, and what may stand in it."""

import re

import pytest

from d2l.common.contents import KINDS, parse_contents, read_contents, read_sections
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS


def test_reading_order_of_linear_regression():
    (chapter,) = (c for c in read_contents() if c.key == "linear_regression")
    assert [section.key.split("/")[1] for section in chapter.sections] == [
        "linear_regression",
        "oo_design",
        "synthetic_regression_data",
        "linear_regression_scratch",
        "linear_regression_concise",
        "generalization",
        "weight_decay",
    ]


def test_keys_are_unique_and_in_snake_case():
    chapters = read_contents()
    keys = [section.key for chapter in chapters for section in chapter.sections]
    assert len(keys) == len(set(keys))
    assert "convolutional_neural_networks/lenet" in keys
    assert all(re.fullmatch(r"[a-z_]+/[a-z0-9_]+", key) for key in keys)


def test_kinds_say_where_modules_are():
    sections = read_sections()
    assert {section.kind for section in sections.values()} <= KINDS.keys()
    lenet = sections["convolutional_neural_networks/lenet"]
    assert (lenet.kind, lenet.trees) == ("model", tuple(FRAMEWORKS))
    pooling = sections["convolutional_neural_networks/pooling"]
    assert (pooling.kind, pooling.trees) == ("functions", tuple(FRAMEWORKS))
    planning = sections["reinforcement_learning/value_iter"]
    assert (planning.kind, planning.trees) == ("shared", ("common",))
    text = sections["convolutional_neural_networks/why_conv"]
    assert (text.kind, text.trees) == ("text", ())
    assert lenet.is_in("jax")
    assert planning.is_in("jax")
    assert not text.is_in("jax")


def listed(*entries):
    """A list of one chapter with these entries."""
    return f'[[chapters]]\nkey = "a"\ntitle = "A"\nsections = [{", ".join(entries)}]\n'


def entry(kind, more=""):
    return f'{{ key = "b", title = "B", kind = "{kind}"{more} }}'


BOUND = ', frameworks = ["jax", "torch"], reason = "No other compiles."'


def test_what_is_bound_lists_its_frameworks():
    ((section,),) = (c.sections for c in parse_contents(listed(entry("bound", BOUND))))
    assert section.trees == section.frameworks == ("jax", "torch")
    assert section.reason == "No other compiles."
    assert section.is_in("torch")
    assert not section.is_in("mxnet")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (listed(entry("odd")), "a/b: there is no kind 'odd', but model, functions, "),
        (listed('{ key = "b", title = "B" }'), "a/b: a section says its key, its ti"),
        (listed('{ title = "B", kind = "text" }'), "a/: a section says its key, its "),
        (listed(entry("text", ", page = 3")), "a/b: there is no 'page', but key, ti"),
        (listed(entry("text"), entry("text")), "a/b: it is listed 2 times"),
        (listed(entry("text").replace('"b"', '"B-1"')), "a/B-1: a key has small lett"),
        (listed(entry("model", BOUND)), "a/b: only the kind 'bound' has frameworks"),
        (listed(entry("bound")), "a/b: it is bound to some frameworks, not to none"),
        (
            listed(entry("bound", BOUND.replace("No other compiles.", ""))),
            "a/b: it needs a reason why other frameworks lack it",
        ),
        (
            listed(entry("bound", BOUND.replace("jax", "theano"))),
            "a/b: there is no framework 'theano', but torch, ",
        ),
        (
            listed(entry("bound", f', reason = "", frameworks = {list(FRAMEWORKS)}')),
            "a/b: it is bound to some frameworks, not to none or all",
        ),
        ('[[chapters]]\nkey = "a"\n', "a: a chapter says its key, its title and "),
        ("[[chapters]\n", "The list of sections is not TOML: "),
    ],
)
def test_a_wrong_entry_is_refused_in_a_sentence(text, said):
    with pytest.raises(D2LError) as refused:
        parse_contents(text)
    assert str(refused.value).startswith(said)
