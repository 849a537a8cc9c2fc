"""A page's import cells, from the one line that says what it needs."""

import pytest

from d2l.book.imports import expand_imports, import_lines
from d2l.book.pages import page_file, page_keys, parse_page, read_page
from d2l.common.errors import InputError
from d2l.common.frameworks import FRAMEWORKS


def test_what_belongs_to_a_framework_is_imported_there_alone():
    names = ["time", "numpy", "torch", "torch.nn", "jax.numpy", "safetensors.flax.save"]
    assert import_lines("torch", names) == [
        "import time",
        "",
        "import numpy as np",
        "from d2l import torch as d2l",
        "import torch",
        "from torch import nn",
    ]
    assert import_lines("jax", names)[3:] == [
        "from d2l import jax as d2l",
        "from jax import numpy as jnp",
        "from safetensors.flax import save",
    ]


def test_what_comes_from_one_module_is_on_one_line():
    lines = import_lines("mxnet", ["mxnet.autograd", "mxnet.np", "mxnet.gluon.nn"])
    assert lines[1:] == ["from mxnet import autograd, np", "from mxnet.gluon import nn"]


def test_numpy_keeps_its_name_where_np_is_mxnets():
    names = ["numpy", "mxnet.np"]
    for framework in FRAMEWORKS:
        assert import_lines(framework, names)[0] == "import numpy"


def test_the_line_becomes_a_cell_of_each_framework():
    text = "# Title\n\n```{imports} numpy\nkeras\n```\n\nText.\n"
    page = parse_page("ch/sec", text)
    cells = page.cells()
    assert [cell.frameworks for cell in cells] == [(name,) for name in FRAMEWORKS]
    assert "keras" in cells[1].source
    assert all("numpy" in cell.source for cell in cells)
    assert page.parts[-1].source == "Text."


def test_no_names_import_the_book_alone():
    assert expand_imports("ch/sec", "```{imports}\n```").count("import") == 4


@pytest.mark.parametrize("name", ["np;print()", "torch.", "*", "torch,nn"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(InputError, match=r"ch/sec imports .*no module's name"):
        expand_imports("ch/sec", f"```{{imports}} {name}\n```")


def test_pages_import_the_book_by_that_line():
    """Sections that offer the same names say which they mean in cells of their own."""
    by_hand = [
        key
        for key in page_keys()
        if read_page(key).cells() and "```{imports}" not in page_file(key).read_text()
    ]
    assert by_hand == ["generative_adversarial_networks/gan"]
