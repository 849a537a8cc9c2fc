"""A reader's own models are compared, and what differs is named."""

from pathlib import Path

import numpy as np
import pytest

import d2l
from d2l.common.errors import D2LError
from d2l.common.frameworks import installed
from d2l.common.weights import WeightError
from d2l.parity.models import compare_models, match_names

EXAMPLES = Path(d2l.__file__).parents[1] / "docs" / "examples"
TORCH = f"{EXAMPLES / 'classifier_torch.py'}:network"
needs_both = pytest.mark.skipif(
    not {"torch", "jax"} <= set(installed()), reason="needs PyTorch and JAX"
)


AXES = {"inputs.0": "n c h w"}


@pytest.fixture
def batch():
    random = np.random.default_rng(0)
    return random.random((5, 1, 8, 8)), np.array([3, 1, 4, 1, 5])


@needs_both
def test_a_faithful_port_agrees(batch):
    port = f"{EXAMPLES / 'classifier_jax.py'}:network"
    report = compare_models({"torch": TORCH, "jax": port}, *batch, axes=AXES)
    assert report.passed, report.first_divergence()
    assert {m.tensor for m in report.measurements} >= {
        "part.0",
        "part.2",
        "part.6",
        "output",
        "loss",
        "gradient.0.weight",
        "gradient.6.bias",
        "input.0",
    }


@needs_both
def test_the_first_divergent_part_is_named(batch):
    port = f"{EXAMPLES / 'classifier_jax.py'}:wrong_network"
    report = compare_models({"torch": TORCH, "jax": port}, *batch, axes=AXES)
    first = report.first_divergence()
    assert not report.passed
    assert (first.framework, first.tensor) == ("jax", "part.2")
    assert "part.0" in {m.tensor for m in report.measurements if m.passed}
    assert report.as_dict()["first_divergence"]["tensor"] == "part.2"


@pytest.mark.skipif("torch" not in installed(), reason="needs PyTorch")
@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nowhere.py:network", "no file nowhere.py"),
        ("no_such_module:network", "no module no_such_module"),
        (TORCH + "k", "has no function networkk"),
        ("network", "does not name a function"),
    ],
)
def test_a_wrong_specification_is_one_sentence(batch, spec, message):
    with pytest.raises(D2LError, match=message):
        compare_models({"torch": spec, "tensorflow": spec}, *batch)


def test_one_model_is_not_enough(batch):
    with pytest.raises(WeightError, match="at least two"):
        compare_models({"torch": TORCH}, *batch)


REFERENCE = {"0.weight": (4, 3), "0.bias": (4,), "2.weight": (2, 4), "2.bias": (2,)}


def test_names_match_in_order():
    own = {"a.weight": (4, 3), "a.bias": (4,), "b.weight": (2, 4), "b.bias": (2,)}
    assert match_names(REFERENCE, own) == {
        "a.weight": "0.weight",
        "a.bias": "0.bias",
        "b.weight": "2.weight",
        "b.bias": "2.bias",
    }


def test_equal_names_match_whatever_the_order():
    own = dict(reversed(REFERENCE.items()))
    assert match_names(REFERENCE, own) == {name: name for name in own}


def test_given_names_come_first():
    own = {"b.weight": (2, 4), "b.bias": (2,), "a.weight": (4, 3), "a.bias": (4,)}
    given = {"b.weight": "2.weight", "b.bias": "2.bias"}
    assert match_names(REFERENCE, own, given)["a.bias"] == "0.bias"


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"a.weight": (4, 3)}, "0.bias has no counterpart"),
        ({**REFERENCE, "more.bias": (1,)}, "more.bias has no counterpart"),
        ({**REFERENCE, "0.weight": (3, 4)}, r"0.weight of shape \(3, 4\)"),
        (
            {"a.bias": (4,), "a.weight": (4, 3), "b.weight": (2, 4), "b.bias": (2,)},
            "a.bias",
        ),
    ],
)
def test_what_does_not_match_is_named(own, message):
    with pytest.raises(WeightError, match=message):
        match_names(REFERENCE, own)


@needs_both
def test_keywords_and_trees():
    """Arrays of four axes stay as they are; what has channels is declared."""
    models = Path(d2l.__file__).parents[1] / "parity_tests" / "own_trials" / "models"
    random = np.random.default_rng(0)
    report = compare_models(
        {name: f"{models / name}.py:TwoLosses" for name in ("torch", "jax")},
        inputs={
            "tokens": random.integers(0, 7, (4, 5)),
            "features": random.standard_normal((4, 3, 5)),
            "mask": random.standard_normal((4, 1, 5, 5)),
        },
        labels=np.array([3, 1, 0, 2]),
        loss="cross_entropy:logits",
        axes={"inputs.features": "n c t", "output.more.0": "n c t"},
    )
    # Its gradient is nothing but rounding: a number that is added to all scores.
    failed = {m.tensor for m in report.measurements if not m.passed}
    assert failed <= {"gradient.keys.bias"}
    assert {m.tensor for m in report.measurements} >= {
        *("output.logits", "output.more.0", "output.more.1", "part.conv"),
        *("input.features", "input.mask", "gradient.embed.weight"),
    }


@pytest.mark.skipif("torch" not in installed(), reason="needs PyTorch")
def test_an_array_with_other_axes_than_declared(batch):
    with pytest.raises(D2LError, match="cannot have the axes 'n c t'"):
        compare_models(
            {"torch": TORCH, "tensorflow": TORCH}, *batch, axes={"inputs.0": "n c t"}
        )
