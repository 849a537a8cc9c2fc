"""Options and fixtures of the parity tests.

`pytest parity_tests --framework jax` checks one framework; `--steps 100` is the
deep tier; `--evidence FOLDER` writes what was measured; `--workers N` and
`--cluster ADDRESS` run them on several processes or machines.
"""

from __future__ import annotations

import pytest

from d2l import trials
from d2l.common.frameworks import FRAMEWORKS
from d2l.interface import is_missing
from d2l.parity.checks import TRUTH, Checker
from d2l.parity.pool import Pool
from parity_tests.elsewhere.places import places_of
from parity_tests.elsewhere.pools import opened
from parity_tests.listed_trials import add_listed_trials
from parity_tests.measured import Collector, Recorder
from parity_tests.quick_pool import QuickPool
from parity_tests.sections import section_of
from parity_tests.spread.role import is_server, shared_folder

pytest_plugins = [
    "parity_tests.elsewhere.plugin",
    "parity_tests.spread.plugin",
    "parity_tests.spread.shard",
    "parity_tests.proof.plugin",
]

PRECISIONS = ("float64", "float32")
#: From so many steps of training on, everything is as users have it.
DEEP = 100


def pytest_addoption(parser):
    parser.addoption("--framework", action="append", choices=list(FRAMEWORKS))
    parser.addoption("--steps", type=int, default=20)
    parser.addoption("--evidence", metavar="FOLDER")


def pytest_configure(config):
    """What is measured is gathered where all reports come together."""
    if not is_server(config):
        settings = config.getoption("--evidence"), config.getoption("--steps")
        versions = places_of(config).all_versions()
        config.pluginmanager.register(Collector(*settings, versions), "measured")


def frameworks_of(config):
    """The frameworks to check: the chosen ones, those elsewhere, or all here."""
    return config.getoption("--framework") or places_of(config).frameworks


class SectionModule(pytest.Module):
    """A section's file of tests, with those of the trials listed for the section."""

    def collect(self):
        add_listed_trials(self.obj, self.path)
        return super().collect()


def pytest_pycollect_makemodule(module_path, parent):
    """Every file of tests here may be a section's."""
    return SectionModule.from_parent(parent, path=module_path)


def pytest_generate_tests(metafunc):
    """One case for each framework and precision, where a test asks for them."""
    section = section_of(metafunc.definition.path)
    frameworks = [
        f for f in frameworks_of(metafunc.config) if not is_missing(f, section)
    ]
    names = metafunc.fixturenames
    cases = [(f, p) for f in frameworks for p in PRECISIONS]
    if "run" in names:
        # Runs that are compared with the truth, which is not a case itself.
        reference = places_of(metafunc.config).reference
        cases = [case for case in cases if case != (reference, TRUTH)]
        metafunc.parametrize("run", cases, ids=map("-".join, cases))
    elif "any_run" in names:
        metafunc.parametrize("any_run", cases, ids=map("-".join, cases))
    elif "framework" in names:
        metafunc.parametrize("framework", frameworks)
    if "optimizer" in names and hasattr(metafunc.cls, "trial"):
        metafunc.parametrize("optimizer", trials.find(metafunc.cls.trial).optimizers)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave out what a class says does not apply to it."""
    items[:] = [i for i in items if _applies(i)]


def _applies(item):
    applies = getattr(getattr(item, "cls", None), "applies", None)
    return applies is None or applies(item.originalname)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(request, tmp_path_factory):
    """JAX compiles a step once for all tests of a run, which is most of its time."""
    # Others may write there too: what JAX finds half written it compiles itself.
    folder = shared_folder(request.config) or tmp_path_factory.mktemp("compiled")
    settings = {
        "JAX_COMPILATION_CACHE_DIR": str(folder / "jax"),
        # To write what takes less takes longer than to compile it again.
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.1",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "0",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in settings.items():
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def pool(request):
    """The backend processes, shared by all tests."""
    is_deep = request.config.getoption("--steps") >= DEEP
    places = places_of(request.config)
    with opened(places, Pool if is_deep else QuickPool) as processes:
        yield processes


@pytest.fixture(scope="session")
def checker(pool, request):
    """Checks against PyTorch in float64."""
    reference = places_of(request.config).reference
    if reference is None:
        pytest.skip("PyTorch, the reference of trials, is not installed")
    steps = request.config.getoption("--steps")
    return Checker(pool, reference, steps=steps, keeps_all=True)


@pytest.fixture
def oracle_checker(request, pool):
    """Checks against NumPy, for which a framework may be installed alone."""
    if places_of(request.config).reference:
        return request.getfixturevalue("checker")
    framework, _ = request.getfixturevalue("any_run")
    steps = request.config.getoption("--steps")
    return Checker(pool, framework, steps=steps, keeps_all=True)


@pytest.fixture
def evidence(request):
    """Takes what was measured, which travels in the test's report."""
    return Recorder(request.node.user_properties)
