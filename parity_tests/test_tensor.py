"""The tensor vocabulary means the same in every framework: what it does in NumPy."""

import ast
import re
from pathlib import Path

import pytest

import d2l
from d2l.parity.checks import require, rounded_to
from d2l.parity.measure import measure
from d2l.parity.tolerances import tolerance
from parity_tests.known_differences import expect
from parity_tests.tasks.vocabulary import CALLS, in_numpy
from parity_tests.workers import run_task


@pytest.fixture(scope="module")
def results(pool):
    """What all calls return, by framework and precision; each is asked once."""
    found = {}

    def ask(run):
        if run not in found:
            found[run] = run_task(pool, run, "vocabulary", "in_framework")
        return found[run]

    return ask


@pytest.mark.parametrize("call", CALLS)
def test_call(any_run, results, call):
    """Shape, kind of number and values."""
    framework, precision = any_run
    errors, found = results(any_run)
    if call in errors:
        pytest.fail(f"{framework} {call}: {errors[call]}")
    expected = in_numpy(call)
    # Whatever the default precision, float32 was asked for.
    asked = "float32" if "float32" in call else precision
    names = (framework, "NumPy", "tensor", call)
    limit = tolerance("function", precision)
    found = measure(names, found[call], rounded_to(asked, expected), limit)
    require(expect([found], "tensor", precision))


def test_size_is_a_number(any_run, pool):
    """Not a tensor, which a compiled step would trace."""
    result, _ = run_task(pool, any_run, "numbers", "size")
    assert result == {"type": "int", "size": 12}


def test_seeds(any_run, pool):
    """`get_seed` returns whole numbers; a key is one or, in JAX, a key."""
    result, _ = run_task(pool, any_run, "numbers", "seeds")
    assert 0 <= result["seed"] < 1_000_000
    assert result["key_differs_from_the_next"]


def test_every_name_of_the_vocabulary_is_called():
    """A name that is added to tensor.py is to be added to the table."""
    called = set(re.findall(r"\w+", " ".join(CALLS)))
    assert vocabulary() - called == set()


def vocabulary():
    """The names that tensor.py defines in PyTorch's tree."""
    path = Path(d2l.__file__).parent / "torch" / "tensor.py"
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets}
    # By distribution, in test_randomness.py; or no function of tensors at all.
    return names - {"rand", "randn", "normal", "get_seed", "get_key", "nn_Module"}
