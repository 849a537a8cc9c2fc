"""The notebooks that readers download run in a folder of their own."""

import os

import pytest

from d2l.book.run import ENVIRONMENT
from d2l.common.frameworks import FRAMEWORKS, installed

#: Of five chapters one section each.
PAGES = [
    "preliminaries/autograd",
    "linear_regression/linear_regression_scratch",
    "multilayer_perceptrons/dropout",
    "builders_guide/custom_layer",
    "convolutional_neural_networks/lenet",
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("key", PAGES)
def test_from_top_to_bottom(key, framework, site, tmp_path):
    """Every cell of a file of the site runs, with nothing beside it."""
    import nbformat
    from nbclient import NotebookClient

    if framework not in installed():
        pytest.skip(f"{framework} is not installed")
    notebook = nbformat.read(site / "notebooks" / framework / f"{key}.ipynb", 4)
    folder = {"metadata": {"path": str(tmp_path)}}
    client = NotebookClient(notebook, resources=folder)
    client.execute(env={**os.environ, **ENVIRONMENT})
