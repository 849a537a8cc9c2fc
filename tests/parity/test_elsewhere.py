"""Frameworks in other interpreters and on GPUs: what is checked where, and refusals."""

import ast
import json
import sys
from types import SimpleNamespace

import pytest

from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.parity.backend import Backend
from d2l.parity.environment import with_device
from d2l.parity.evidence import Evidence
from d2l.parity.measure import Measurement
from d2l.parity.session import Session
from parity_tests.elsewhere import gpus, newest, places as finding
from parity_tests.elsewhere.places import APART, Places, find_places
from parity_tests.elsewhere.pools import opened
from parity_tests.quick_pool import QuickPool
from parity_tests.spread.fingerprint import difference, fingerprint

pytest_plugins = "pytester"
needs_torch = pytest.mark.skipif("torch" not in installed(), reason="needs PyTorch")
TRIAL = {"trial": "linear_regression", "data": None}
FOUND = {"python": "3.14.0", "jax": "9.0", "flax": "1.0", "numpy": "3.0"}


@pytest.fixture
def program(tmp_path):
    """Writes a program that stands for an interpreter."""

    def write(*lines):
        path = tmp_path / "python"
        path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
        path.chmod(0o755)
        return str(path)

    return write


def answering(program, absent=(), versions=FOUND):
    """An interpreter that says what it has."""
    answer = json.dumps({"absent": list(absent), "versions": versions})
    return program(f"echo '{answer}'")


def refusal(*given, device="cpu"):
    with pytest.raises(pytest.UsageError) as caught:
        find_places(given, device)
    return str(caught.value)


def test_interpreters_that_are_refused(program):
    assert "did you mean jax" in refusal("jx=/bin/sh")
    assert "there is no program /no/such" in refusal("jax=/no/such")
    for lines in (["exit 1"], ["echo hello"], ["echo '[]'"], ["echo '{}'"]):
        path = program(*lines)
        sentence = f"--python jax={path}: that is no Python that runs d2l."
        assert refusal(f"jax={path}") == sentence
    path = answering(program, absent=["flax", "optax"])
    assert refusal(f"jax={path}").endswith(
        "JAX is not installed there (no flax, optax)."
    )


def test_an_interpreter_that_does_not_answer(program, monkeypatch):
    monkeypatch.setattr(finding, "PATIENCE", 0.1)
    assert "no Python that runs d2l" in refusal(f"jax={program('exec sleep 60')}")


def test_this_interpreter_answers():
    key = installed()[0]
    found = find_places([f"{key}={sys.executable}"], "cpu")
    assert found.pythons == {key: sys.executable}
    version = FRAMEWORKS[key].version().partition("+")[0]
    assert found.versions[key][FRAMEWORKS[key].packages[0]] == version
    assert {"python", "numpy"} <= set(found.versions[key])


def test_a_link_stays_one(program, tmp_path, monkeypatch):
    """In an environment, Python is a link to another, which lacks its packages."""
    (tmp_path / "linked").symlink_to(answering(program))
    monkeypatch.chdir(tmp_path)
    found = find_places(["jax=./linked"], "cpu")
    assert found.pythons == {"jax": str(tmp_path / "linked")}


@pytest.mark.parametrize(
    ("here", "pythons", "device", "checked", "reference"),
    [
        (["torch", "jax", "mxnet"], [], "cpu", ["torch", "jax", "mxnet"], "torch"),
        (["torch", "jax"], ["jax"], "cpu", ["jax"], "torch"),
        (["torch", "jax"], ["torch"], "cpu", ["torch"], APART),
        (["jax"], ["torch", "jax"], "cpu", ["torch", "jax"], "torch"),
        (["jax"], [], "cpu", ["jax"], None),
        (["torch", "jax", "mxnet"], [], "gpu", ["torch", "jax"], APART),
        (["torch"], ["mxnet", "jax"], "gpu", ["jax"], APART),
        (["jax"], ["torch"], "gpu", ["torch"], APART),
    ],
)
def test_who_is_checked_against_whom(
    monkeypatch, here, pythons, device, checked, reference
):
    monkeypatch.setattr(finding, "installed", lambda: here)
    found = Places(dict.fromkeys(pythons, "python"), {}, device)
    assert found.frameworks == checked
    assert found.reference == reference


def test_frameworks_that_are_nowhere(monkeypatch):
    monkeypatch.setattr(type(FRAMEWORKS["jax"]), "missing", lambda self: ["it"])
    Places({"jax": "python"}).refuse_absent(["jax"])
    with pytest.raises(pytest.UsageError, match="TensorFlow is not installed"):
        Places({"jax": "python"}).refuse_absent(["jax", "tensorflow"])


def test_evidence_tells_the_versions_that_were_measured(monkeypatch, tmp_path):
    monkeypatch.setattr(finding, "installed", lambda: ["torch", "jax"])
    own = FRAMEWORKS["torch"].version()
    found = Places({"jax": "python"}, {"jax": FOUND}).all_versions()
    assert found["jax"] == "9.0"
    assert (found["flax of jax"], found["numpy of jax"]) == ("1.0", "3.0")
    assert found["torch"] == own
    assert APART not in found
    newer = {"torch": {"torch": "99", "numpy": "3.0"}}
    versions = Places({"torch": "python"}, newer, "gpu").all_versions()
    assert (versions["torch"], versions[APART]) == ("99", own)
    assert versions["device"] == "gpu"
    evidence = Evidence(20, versions)
    measured = [Measurement("torch", APART, "forward", "output", 1e-16, 1e-12)]
    evidence.add("chapter/section", "subject", "float64", measured)
    evidence.write(tmp_path)
    written = json.loads((tmp_path / "chapter" / "section.json").read_text())
    assert written["versions"].items() >= versions.items()


def test_servers_must_have_the_same_elsewhere():
    here, there = (
        fingerprint([], Places({"jax": "python"}, {"jax": {**FOUND, "flax": flax}}))
        for flax in ("1.0", "1.1")
    )
    assert difference(here, here) == ""
    assert difference(here, there) == "it has flax of jax 1.1, not 1.0"


@needs_torch
def test_the_reference_stays_here(program, tmp_path):
    """One framework is in two interpreters, and what is asked of which is told."""
    told = tmp_path / "told"
    path = program(f'echo "$@" >> {told}', f'exec {sys.executable} "$@"')
    places = Places({"torch": path})
    with opened(places, QuickPool) as pool:
        _, expected = pool.run(APART, "float64", "batches", **TRIAL, steps=1)
        assert not told.exists()
        _, found = pool.run("torch", "float64", "batches", **TRIAL, steps=1)
        assert "d2l.parity.worker torch float64" in told.read_text()
        assert pool.own.folder != pool.others.folder
    assert found.keys() == expected.keys()


def test_devices():
    plain = {"JAX_PLATFORMS": "tpu", "XLA_FLAGS": "--a", "OTHER": "1"}
    assert with_device(plain, None) == plain
    cpu = with_device(plain, "cpu")
    assert (cpu["JAX_PLATFORMS"], cpu["CUDA_VISIBLE_DEVICES"]) == ("cpu", "-1")
    gpu = with_device(plain | {"CUDA_VISIBLE_DEVICES": "2"}, "gpu")
    assert "JAX_PLATFORMS" not in gpu
    assert gpu["CUDA_VISIBLE_DEVICES"] == "2"
    assert gpu["XLA_FLAGS"].startswith("--a --xla_gpu")
    assert gpu["D2L_DEVICE"] == "gpu"
    assert plain["XLA_FLAGS"] == "--a"


class Device(Backend):
    """A framework with so many GPUs."""

    name = "jax"

    def __init__(self, count):
        self.namespace = lambda: SimpleNamespace(num_gpus=lambda: count)


# Nothing else is asked of it.
Device.__abstractmethods__ = frozenset()


def test_a_framework_without_a_gpu_says_so():
    Device(1).use_gpu()
    with pytest.raises(D2LError, match=r"^JAX has no GPU to use here: "):
        Device(0).use_gpu()


@needs_torch
def test_a_session_is_on_the_processor_unless_asked(monkeypatch):
    asked = []
    backend = Session("torch", "float32").backend
    monkeypatch.setattr(type(backend), "use_gpu", lambda self: asked.append(self))
    for device, count in (("cpu", 0), (None, 0), ("gpu", 1)):
        monkeypatch.delenv("D2L_DEVICE", raising=False)
        if device:
            monkeypatch.setenv("D2L_DEVICE", device)
        Session("torch", "float32")
        assert len(asked) == count


@pytest.fixture
def gpu_of(monkeypatch):
    """Says of which frameworks there is a GPU."""

    def say(**found):
        class Worker:
            def __init__(self, framework):
                self.error = found[framework]

            def wait_until_ready(self):
                if self.error:
                    raise self.error

        class FewPools:
            def __init__(self, pythons, device):
                assert device == "gpu"

            def __enter__(self):
                return self

            def __exit__(self, *_):
                pass

            def start(self, framework, precision):
                return Worker(framework)

        monkeypatch.setattr(gpus, "Pool", FewPools)

    return say


def test_gpus_are_looked_for_first(gpu_of):
    none, died = D2LError("JAX has no GPU."), gpus.BackendDied("JAX has died.")
    gpu_of(torch=None, jax=None)
    gpus.require_gpus(Places(device="gpu"), ["torch", "jax"])
    gpu_of(torch=none, jax=none)
    with pytest.raises(pytest.UsageError, match="no GPU here for PyTorch or JAX: see"):
        gpus.require_gpus(Places(device="gpu"), ["torch", "jax"])
    for error in (none, died):
        gpu_of(torch=None, jax=error)
        with pytest.raises(pytest.UsageError, match=f"^{error}$"):
            gpus.require_gpus(Places(device="gpu"), ["torch", "jax"])


def test_what_is_left_out_on_gpus_exists():
    """Each entry is about a folder, a file or a test that there is."""
    assert gpus.LEFT_OUT
    for entry in gpus.LEFT_OUT:
        assert set(entry) == {"tests", "reason"}
        place, _, name = entry["tests"].partition("::")
        found = [p for p in newest.ROOT.glob("parity_tests/**/") if place in f"{p}/"]
        found += [
            p for p in newest.ROOT.glob("parity_tests/**/*.py") if place in str(p)
        ]
        assert found, place
        test = name.partition("[")[0]
        assert not test or any(f"def {test}(" in p.read_text() for p in found)


def imported_by(path, seen):
    """The packages that a file of tests imports, also by way of others of them."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in getattr(node, "names", [])]
        if isinstance(node, ast.ImportFrom):
            base = node.module or ""
            # A module of a package, or a name of a module.
            is_package = (newest.ROOT / base.replace(".", "/")).is_dir()
            names = [f"{base}.{name}" for name in names] if is_package else [base]
        elif not isinstance(node, ast.Import):
            continue
        for name in names:
            own = newest.ROOT / f"{name.replace('.', '/')}.py"
            if name.startswith("parity_tests") and own not in seen:
                seen.add(own)
                yield from imported_by(own, seen)
            yield name.partition(".")[0]


def test_tasks_need_no_more_than_a_framework_has():
    """They run in its interpreter, which has the project's dependencies alone."""
    folder = newest.ROOT / "parity_tests"
    files = [*folder.glob("tasks/*.py"), folder / "elsewhere" / "answer.py"]
    files += [*folder.glob("meta/breakages/*.py"), *folder.glob("own_trials/**/*.py")]
    seen = set(files)
    found = {name for path in files for name in imported_by(path, seen)}
    assert folder / "small_files.py" in seen
    frameworks = {p for f in FRAMEWORKS.values() for p in f.packages}
    own = {"d2l", "parity_tests", "numpy", "matplotlib", *frameworks}
    assert found - own - set(sys.stdlib_module_names) == set()


OWN = ["-p", "no:cacheprovider", "-p", "parity_tests.elsewhere.plugin"]
SUITE = "def test_it(): pass"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--python", "jx=/bin/sh"], "*did you mean jax*"),
        (["--device", "tpu"], "*invalid choice: 'tpu'*"),
    ],
)
def test_bad_options_are_a_sentence(pytester, arguments, words):
    pytester.makepyfile(SUITE)
    found = pytester.runpytest_inprocess(*OWN, *arguments)
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    found.stderr.fnmatch_lines([words])


EVIDENCE = """
def pytest_addoption(parser):
    parser.addoption("--keep", action="store_true")
    parser.addoption("--changed", action="store_true")
"""


@pytest.mark.parametrize("option", ["--keep", "--changed"])
@pytest.mark.parametrize("where", ["--python", "--device gpu"])
def test_kept_evidence_is_about_this_environment(pytester, program, option, where):
    pytester.makeconftest(EVIDENCE)
    pytester.makepyfile(SUITE)
    given = where.split() if "gpu" in where else [where, f"jax={answering(program)}"]
    found = pytester.runpytest_inprocess(*OWN, option, *given)
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    found.stderr.fnmatch_lines([f"*{option} does not go with {where}: *"])


def test_the_header_names_other_interpreters(pytester, program):
    pytester.makepyfile(SUITE)
    found = pytester.runpytest_inprocess(*OWN, "--python", f"jax={answering(program)}")
    assert found.ret == pytest.ExitCode.OK
    found.stdout.fnmatch_lines(["jax: */python: python 3.14.0, jax 9.0, *"])
