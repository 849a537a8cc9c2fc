"""What is generated is current, and what is not is said."""

import ast

import pytest

from d2l import interface
from d2l.common.contents import Section
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS
from d2l.interface.declared import Declaration
from tools import coverage, generate, generated


def names_in(text):
    """Each name that a text imports, and the module that it comes from."""
    nodes = [n for n in ast.parse(text).body if isinstance(n, ast.ImportFrom)]
    return {
        alias.asname: f"{'.' * node.level}{node.module}"
        for node in nodes
        for alias in node.names
    }


def test_all_is_current():
    generate.main(["--check"])


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_stub_has_the_public_names(framework):
    names = names_in(generated.stub(framework))
    assert names.keys() == interface.public_names(framework)
    assert names["LeNet"] == ".convolutional_neural_networks.lenet"
    assert names["reshape"] == ".tensor"
    assert names["GridWorld"] == ".shared"
    assert names["Data"] == ".linear_regression.weight_decay"
    assert ("TrainCallback" in names) == (framework == "tensorflow")


def test_what_is_shared_comes_from_its_sections():
    names = names_in(generated.shared())
    assert names["TabularMDP"] == "d2l.common.reinforcement_learning.mdp"
    assert set(names.values()) == {
        f"d2l.common.reinforcement_learning.{name}" for name in ("mdp", "value_iter")
    }


def test_what_is_bound_is_in_few_stubs(monkeypatch):
    section = Section("a/b", "A", "bound", ("jax",), "No other compiles.")
    declaration = Declaration("compiled", section)
    monkeypatch.setitem(interface.DECLARATIONS, "compiled", declaration)
    assert names_in(generated.stub("jax"))["compiled"] == ".a.b"
    assert "compiled" not in names_in(generated.stub("torch"))


@pytest.fixture(name="root")
def _root(tmp_path, monkeypatch):
    """A folder with generated files, one of which was changed by hand."""
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    files = {"a.pyi": "from .a import A as A\n", "b.md": "| b |\n"}
    monkeypatch.setattr(generated, "all_files", lambda: files)
    (tmp_path / "a.pyi").write_text("from .a import B as B\n")
    (tmp_path / "b.md").write_text(files["b.md"])
    return tmp_path


def test_what_is_not_current_is_said_and_written(root, capsys):
    with pytest.raises(SystemExit, match=r"contents\.toml say: a\.pyi\. `make genera"):
        generate.main(["--check"])
    assert (root / "a.pyi").read_text() == "from .a import B as B\n"
    generate.main([])
    assert capsys.readouterr().out == "Written: a.pyi\n"
    assert (root / "a.pyi").read_text() == "from .a import A as A\n"
    generate.main(["--check"])
    with pytest.raises(SystemExit, match="usage: "):
        generate.main(["--chekc"])


def test_a_contradiction_is_said(root, monkeypatch):
    def contradict():
        raise D2LError("train is declared by a/b and c/d.")

    monkeypatch.setattr(generated, "all_files", contradict)
    with pytest.raises(SystemExit, match=r"^train is declared by a/b"):
        generate.main([])


def test_the_table_needs_its_place():
    text = f"before\n{coverage.BEGIN}\nold\n{coverage.END}\nafter\n"
    found = coverage.with_table(text)
    assert found == text.replace("old", coverage.table())
    assert "| Convolutional Neural Networks | 1 | 4 |" in found
    with pytest.raises(D2LError, match="lacks one of the lines"):
        coverage.with_table("before\nafter\n")
