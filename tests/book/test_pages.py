"""Pages are taken apart as they are written."""

import pytest

from d2l.book.notebooks import notebook
from d2l.book.pages import Cell, Text, page_file, page_keys, parse_page, read_page
from d2l.common.errors import InputError
from d2l.common.frameworks import FRAMEWORKS

PAGE = """# Title

Text.

```{code-cell}
:tags: [torch]
1 + 1
```
```{code-cell}
:tags: [jax, agree]
2
```

More.

```{code-cell}
3
```

```python
not_run()
```
"""


def test_parts():
    """Text and cells in order; fenced code of another kind is text."""
    page = parse_page("a/b", PAGE)
    kinds = [type(part) for part in page.parts]
    assert kinds == [Text, Cell, Cell, Text, Cell, Text]
    assert [c.source for c in page.cells("torch")] == ["1 + 1", "3"]
    assert [c.source for c in page.cells("mxnet")] == ["3"]
    assert [c.number for c in page.cells("jax")] == [2, 3]
    assert page.cells("jax")[0].tags == ("agree",)
    assert page.frameworks == list(FRAMEWORKS)


def test_unknown_tag():
    """A tag that nothing knows is an error that names the cell."""
    with pytest.raises(InputError, match=r"a/b, cell 1: there is no tag 'trch'"):
        parse_page("a/b", PAGE.replace("[torch]", "[trch]"))


def test_two_frameworks():
    """A cell of some frameworks would be in no one's tab."""
    with pytest.raises(InputError, match=r"a/b, cell 1: a cell is one framework's"):
        parse_page("a/b", PAGE.replace("[torch]", "[torch, mxnet]"))


@pytest.mark.parametrize("key", page_keys())
def test_every_page(key):
    """Every page of the contents is there, and begins with its title."""
    assert page_file(key).read_text("utf-8").startswith("# ")
    page = read_page(key)
    # All four or none: a page leaves no reader out.
    assert page.frameworks in ([], list(FRAMEWORKS))


@pytest.mark.parametrize("key", page_keys())
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_notebook(key, framework):
    """A notebook has its framework's cells, and no directive or role is left."""
    page = read_page(key)
    made = notebook(page, framework)
    code = [cell.source for cell in made.cells if cell.cell_type == "code"]
    assert code[1:] == [cell.source for cell in page.cells(framework)]
    for cell in made.cells:
        if cell.cell_type == "markdown":
            assert ":::" not in cell.source
            assert "```{" not in cell.source
            assert "}`" not in cell.source
    assert made.metadata.kernelspec.name == "python3"
    assert FRAMEWORKS[framework].title in made.metadata.kernelspec.display_name
