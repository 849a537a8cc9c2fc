"""`d2l parity`: trials, and a reader's own models."""

import json
from textwrap import dedent
from xml.etree import ElementTree

import numpy as np
import pytest

MODELS = {
    "torch": """
        from torch import nn
        def make():
            return nn.Sequential(nn.Linear(4, 5), nn.Sigmoid(), nn.Linear(5, 3))
        def make_other():
            return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))
        """,
    "mxnet": """
        from mxnet.gluon import nn
        def make():
            net = nn.HybridSequential()
            net.add(nn.Dense(5, in_units=4), nn.Activation("sigmoid"))
            net.add(nn.Dense(3, in_units=5))
            net.initialize()
            return net
        """,
    "jax": """
        from flax import nnx
        def make():
            rngs = nnx.Rngs(0)
            kind = {"param_dtype": float, "rngs": rngs}
            return nnx.Sequential(
                nnx.Linear(4, 5, **kind), nnx.sigmoid, nnx.Linear(5, 3, **kind)
            )
        """,
}


def check(frameworks, *more):
    names = ",".join(frameworks)
    chosen = ("--frameworks", names, "--precision", "float64", "--steps", 2)
    return ("parity", "linear_regression", *chosen, *more)


@pytest.mark.usefixtures("shared_backends")
def test_agreement_is_reported_everywhere(d2l, frameworks, tmp_path):
    found = d2l.json(*check(frameworks, "--junit", "j.xml", "--html", "p.html"))
    assert found["passed"]
    checks = {(c["framework"], c["check"]) for c in found["checks"]}
    assert (frameworks[1], "forward") in checks
    assert (frameworks[1], "update adam") in checks
    assert (frameworks[0], "scratch") in checks
    for row in found["checks"]:
        assert row["tensors"] > 0
        assert row["worst"] <= row["tolerance"]
    suite = ElementTree.parse("j.xml").getroot().find("testsuite")
    assert int(suite.get("tests")) == len(found["checks"])
    assert suite.get("failures") == suite.get("errors") == "0"
    page = (tmp_path / "p.html").read_text()
    assert "checks passed" in page
    assert "http" not in page


@pytest.mark.usefixtures("shared_backends")
def test_disagreement_names_framework_and_tensor(
    d2l, frameworks, monkeypatch, tmp_path
):
    monkeypatch.setattr("d2l.parity.checks.tolerance", lambda *_, **__: -1.0)
    few = [("forward", {}), ("gradients", {})]
    monkeypatch.setattr("d2l.cli.parity_run.checks_of", lambda *_: few)
    result = d2l(*check(frameworks, "--junit", "j.xml", "--html", "p.html"))
    assert result.exit_code == 1
    assert f"FAILED {frameworks[1]} gradients parameter.net.weight" in result.stdout
    suite = ElementTree.parse("j.xml").getroot().find("testsuite")
    assert int(suite.get("failures")) == int(suite.get("tests"))
    texts = [failure.text for failure in suite.iterfind("testcase/failure")]
    assert any("parameter.net.weight: error" in text for text in texts)
    assert "checks failed" in (tmp_path / "p.html").read_text()


def test_dead_backend_is_an_error(d2l):
    given = ("parity", "linear_regression", "--frameworks", "torch", "--steps", 2)
    result = d2l(*given, "--python", "torch=/bin/false", "--junit", "j.xml", "--json")
    assert result.exit_code == 2
    assert "has died" in result.stderr
    assert not json.loads(result.stdout)["passed"]
    suite = ElementTree.parse("j.xml").getroot().find("testsuite")
    assert int(suite.get("errors")) > 0


@pytest.fixture
def models(frameworks, tmp_path, shared_backends):
    """Options that name a model in both frameworks, and a batch."""
    rng = np.random.default_rng(0)
    inputs, labels = rng.standard_normal((6, 4)), rng.integers(0, 3, 6)
    np.savez(tmp_path / "batch.npz", inputs=inputs, labels=labels)
    options = []
    for name in frameworks:
        (tmp_path / f"{name}_model.py").write_text(dedent(MODELS[name]))
        options += ["--model", f"{name}={tmp_path / name}_model.py:make"]
    return [*options, "--batch", "batch.npz"]


def test_models_of_ones_own(d2l, frameworks, models):
    found = d2l.json("parity", *models)
    assert found["passed"]
    assert {c["framework"] for c in found["checks"]} == {frameworks[1]}
    assert {c["check"] for c in found["checks"]} == {"forward", "gradients"}


def test_models_that_differ(d2l, frameworks, models):
    if frameworks[0] != "torch":
        pytest.skip("the other model is written for PyTorch")
    models[1] = models[1].replace(":make", ":make_other")
    result = d2l("parity", *models)
    assert result.exit_code == 1
    assert f"FAILED {frameworks[1]} forward" in result.stdout


def test_batches_that_are_none(d2l, models, tmp_path):
    (tmp_path / "batch.npz").write_text("no arrays")
    assert "batch.npz is not a file of arrays" in d2l.refused("parity", *models)
    np.savez(tmp_path / "batch.npz", x=np.zeros(3))
    assert "must hold arrays `inputs`" in d2l.refused("parity", *models)
    (tmp_path / "batch.npz").unlink()
    assert "There is no file batch.npz" in d2l.refused("parity", *models)


def test_options_of_models_are_checked(d2l, models):
    assert "choose cross_entropy" in d2l.refused("parity", *models, "--loss", "hinge")
    assert "There is no file n.json" in d2l.refused(
        "parity", *models, "--names", "n.json"
    )
    assert "add --batch" in d2l.refused("parity", *models[:-2])
    assert "twice" in d2l.refused("parity", *models[:2], *models[:2])
