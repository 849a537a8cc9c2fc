"""`d2l code`: implementations side by side."""

import pytest
from rich.console import Console

from d2l.cli import code
from d2l.parity.sources import Source, name_sources, own_lines, section_sources


def test_a_trial_a_section_and_its_end_are_the_same_code(d2l):
    paths = [
        [s["path"] for s in d2l.json("code", what)["sources"]]
        for what in ("lenet", "convolutional_neural_networks/lenet")
    ]
    assert paths[0] == paths[1]
    assert paths[0][0] == "d2l/torch/convolutional_neural_networks/lenet.py"
    found = d2l.json("code", "lenet", "--frameworks", "jax,torch")["sources"]
    assert [s["framework"] for s in found] == ["jax", "torch"]


def test_a_public_name_shows_its_definition_alone():
    source = name_sources("LeNet", ["torch"])[0]
    assert source.lines[0] == "class LeNet(Classifier):"
    whole = section_sources("convolutional_neural_networks/lenet", ["torch"])[0]
    assert whole.lines[source.first_line - 1] == source.lines[0]
    assert "init_cnn" not in source.text


def test_a_name_that_is_handed_on_is_found_where_it_is_defined():
    source = name_sources("DATA_HUB", ["torch"])[0]
    assert source.text.startswith("DATA_HUB")
    assert source.path.startswith("d2l/common/")


@pytest.mark.parametrize("more", [[], ["--frameworks", "torch,jax"]])
@pytest.mark.parametrize("what", ["value_iter", "policy_evaluation", "GridWorld"])
def test_what_is_shared_is_shown_once(d2l, what, more):
    (source,) = d2l.json("code", what, *more)["sources"]
    assert source["framework"] is None
    assert source["path"].startswith("d2l/common/")
    text = d2l("code", what, *more).stdout
    assert text.startswith("# One for all frameworks: d2l/common/")
    assert text.count("# One for all") == 1


def test_a_pipe_gets_plain_text(d2l):
    text = d2l("code", "lenet", "--frameworks", "torch").stdout
    assert text.startswith("# PyTorch: d2l/torch/")
    assert "\x1b" not in text


def test_lines_of_ones_own():
    one, other = Source("torch", "", "a\n  b\n\nc"), Source("jax", "", "b\na\nd\n")
    assert own_lines([one, other]) == [{3}, {2}]
    assert own_lines([one]) == [set()]


@pytest.mark.parametrize(("width", "together"), [(200, True), (90, False)])
def test_columns_where_they_fit(d2l, monkeypatch, width, together):
    screen = Console(width=width, force_terminal=True)
    monkeypatch.setattr("d2l.cli.output.console", lambda: screen)
    monkeypatch.setattr(code, "_is_terminal", lambda: True)
    lines = d2l("code", "lenet", "--frameworks", "torch,jax").stdout.splitlines()
    assert any("PyTorch:" in line and "JAX:" in line for line in lines) == together
