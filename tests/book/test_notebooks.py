"""The notebooks that readers download run in a folder of their own."""

import os

import pytest

from d2l.book.notebooks import notebook
from d2l.book.pages import read_page
from d2l.book.run import ENVIRONMENT
from d2l.common.frameworks import FRAMEWORKS, installed

PAGES = ["convolutional_neural_networks/lenet"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("key", PAGES)
def test_from_top_to_bottom(key, framework, tmp_path):
    """Every cell runs, with nothing beside the notebook."""
    from nbclient import NotebookClient

    if framework not in installed():
        pytest.skip(f"{framework} is not installed")
    folder = {"metadata": {"path": str(tmp_path)}}
    client = NotebookClient(notebook(read_page(key), framework), resources=folder)
    client.execute(env={**os.environ, **ENVIRONMENT})
