"""The keys of the parity cases: what changes them, and what does not."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from d2l.keys import versions as installed_versions
from d2l.keys.sources import ROOT, Sources
from parity_tests.listed_trials import add_listed_trials
from parity_tests.meta.table import BREAKAGES
from parity_tests.proof.keys import CaseKeys

SOURCES = Sources()


def case(file, name, **parameters):
    """A case as pytest has it: `Class.test` or `test` of a file."""
    module = import_module(f"parity_tests.{file.replace('/', '.')}")
    add_listed_trials(module, Path(module.__file__))
    owner, _, test = name.rpartition(".")
    cls = getattr(module, owner) if owner else None
    return SimpleNamespace(
        cls=cls,
        function=getattr(cls or module, test),
        callspec=SimpleNamespace(params=parameters),
        _fixtureinfo=SimpleNamespace(name2fixturedefs={}),
    )


LENET = "convolutional_neural_networks/test_lenet"
HOUSES = "multilayer_perceptrons/test_kaggle_house_price"
PADDING = "convolutional_neural_networks/test_padding_and_strides"
ATTENTION = "attention_and_transformers/test_attention_scoring_functions"
BROKEN = {b.name: b for b in BREAKAGES}
CASES = {
    "lenet jax": case(LENET, "Test_lenet.test_forward", run=("jax", "float64")),
    "lenet single": case(LENET, "Test_lenet.test_forward", run=("jax", "float32")),
    "lenet torch": case(LENET, "Test_lenet.test_forward", run=("torch", "float32")),
    "lenet update": case(
        LENET, "Test_lenet.test_update", run=("jax", "float64"), optimizer="adam"
    ),
    "lenet sgd": case(
        LENET, "Test_lenet.test_update", run=("jax", "float64"), optimizer="default"
    ),
    "houses jax": case(HOUSES, "Test_kaggle_house.test_data", run=("jax", "float64")),
    "dot jax": case(
        ATTENTION, "TestDotProductAttention.test_oracle", any_run=("jax", "float64")
    ),
    "padding jax": case(PADDING, "TestPadding.test_oracle", any_run=("jax", "float64")),
    "broken norm": case(
        "meta/test_breakages",
        "test_breakage_is_seen",
        breakage=BROKEN["norm_too_large"],
    ),
    "broken noise": case(
        "meta/test_breakages",
        "test_breakage_is_seen",
        breakage=BROKEN["generator_trained_to_be_caught"],
    ),
}


def keys(sources=SOURCES):
    """The keys of these cases."""
    found = CaseKeys(sources)
    return {name: found.key(item) for name, item in CASES.items()}


@pytest.fixture(scope="module")
def now():
    """The keys as everything is."""
    return keys()


def changed(now, file, old, new):
    """The cases whose keys are others when a piece of a file is."""
    text = (ROOT / file).read_text("utf-8")
    assert text.count(old) >= 1, "the file has changed: choose another piece"
    after = keys(SOURCES.but({file: text.replace(old, new, 1)}))
    return {name for name in now if now[name] != after[name]}


JAX = {"lenet jax", "lenet single", "lenet update", "lenet sgd"}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "d2l/jax/convolutional_neural_networks/lenet.py",
            "84",
            "85",
            JAX,
            id="a section",
        ),
        pytest.param(
            "d2l/torch/convolutional_neural_networks/lenet.py",
            "84",
            "85",
            JAX | {"lenet torch"},
            id="a section of the reference",
        ),
        pytest.param(
            "d2l/jax/convolutional_neural_networks/lenet.py",
            '"""',
            '"""See: ',
            set(),
            id="a docstring",
        ),
        pytest.param(
            "d2l/common/data/catalogue.toml",
            'path = "embedded/house_prices_small_train.csv"',
            'path = "embedded/house_prices_small_test.csv"',
            {"houses jax"},
            id="a table of a TOML file",
        ),
        pytest.param(
            "d2l/common/data/embedded/house_prices_small_train.csv",
            ",",
            ";",
            {"houses jax"},
            id="an embedded CSV file",
        ),
        pytest.param(
            f"parity_tests/{PADDING}.py",
            "(3, 5), (1, 2)",
            "(3, 5), (1, 3)",
            {"padding jax"},
            id="a builder in the test's own file",
        ),
        pytest.param(
            f"parity_tests/{PADDING}.py",
            "strides=(3, 4)",
            "strides=(3, 5)",
            set(),
            id="its neighbour, which builds for another test",
        ),
        pytest.param(
            "parity_tests/meta/breakages/jax.py",
            "def norm_too_large():",
            "def norm_too_large(x=1):",
            {"broken norm"},
            id="a breakage, found by its name",
        ),
    ],
)
def test_what_changes_which_keys(now, file, old, new, expected):
    """Those of what depends on it, and of nothing else."""
    assert changed(now, file, old, new) == expected


@pytest.mark.parametrize(
    ("file", "old", "new", "some", "others"),
    [
        pytest.param(
            "d2l/parity/tolerances.py",
            '("rounding", "float32"): Tolerance(',
            '("rounding", "float32"): Tolerance(0.01 + ',
            {"lenet single", "lenet torch"},
            {"dot jax"},
            id="a tolerance",
        ),
        pytest.param(
            "d2l/jax/optimizers.py",
            "def adam(",
            "def adam(*more, ",
            {"lenet update"},
            {"lenet torch", "dot jax"},
            id="an optimizer, found by its name",
        ),
        pytest.param(
            "parity_tests/tasks/blocks.py",
            "def outputs(session, ",
            "def outputs(session, *, ",
            {"dot jax"},
            {"lenet jax", "lenet update"},
            id="a task, found by its file and name",
        ),
        pytest.param(
            "d2l/parity/tasks.py",
            "steps: int = 20",
            "steps: int = 21",
            {"lenet update", "lenet sgd"},
            set(),
            id="a task of the engine, listed by its decorator",
        ),
        pytest.param(
            "parity_tests/trial_parity.py",
            'self.check("forward"',
            'self.check(*[], "forward"',
            {"lenet jax", "lenet single", "lenet torch"},
            {"lenet update", "houses jax"},
            id="one test of a class",
        ),
    ],
)
def test_what_changes_at_least_some(now, file, old, new, some, others):
    """What depends on it, and not everything."""
    found = changed(now, file, old, new)
    assert some <= found
    assert found.isdisjoint(others)


def test_versions(now, monkeypatch):
    """A release changes what it computes; NumPy's, everything."""
    real = installed_versions._version
    for name, expected in {
        "optax": set(now) - {"lenet torch", "broken noise"},
        "numpy": set(now),
    }.items():
        monkeypatch.setattr(
            installed_versions,
            "_version",
            lambda n, name=name: real(n) + (n == name) * "1",
        )
        after = keys()
        assert {case for case in now if now[case] != after[case]} == expected


def test_parameters_tell_cases_apart(now):
    """Two cases of one test have two keys."""
    assert len(set(now.values())) == len(now)


def test_a_known_difference_is_of_its_case():
    """Entries of a list are found by what they name."""
    entry = '[[difference]]\nframework = "jax"\ncase = "{}"\n'
    file = "parity_tests/known_differences.toml"
    none, own, other = (
        keys(SOURCES.but({file: text}))["lenet jax"]
        for text in ("", entry.format("lenet"), entry.format("vgg"))
    )
    assert none == other != own
