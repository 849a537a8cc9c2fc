"""Pages run in kernels, and what they show is kept in a form that stays the same."""

import pytest

from d2l.book.pages import parse_page
from d2l.book.run import CellFailed, Job, run, run_all

PLOT = """import matplotlib.pyplot as plt

print("a")
print("b", object())
_ = plt.plot([1, 2])"""


def _job(*sources, tags="torch"):
    cells = (f"```{{code-cell}}\n:tags: [{tags}]\n{s}\n```\n" for s in sources)
    return Job(parse_page("a/b", "".join(cells)), "torch")


def test_outputs():
    """Prints in a row are one output, figures vector graphics, addresses gone."""
    job = _job(PLOT, "1 + 1")
    outputs = run(job)
    printed, figure = outputs[0]
    assert printed["text"] == "a\nb <object object>\n"
    assert figure["data"].keys() == {"image/svg+xml"}
    assert outputs[1][0]["data"] == {"text/plain": "2"}
    assert run(job) == outputs


def test_failures():
    """An error and a warning are refused, with page, framework and cell."""
    warns = _job("pass", "import warnings; warnings.warn('old')")
    with pytest.raises(CellFailed, match=r"a/b, PyTorch, cell 2 warns: .*old"):
        run(warns)
    failed = run_all([_job("1 / 0")], 1, run)
    assert ["a/b, PyTorch, cell 1: ZeroDivisionError" in str(e) for e in failed] == [1]


def test_meant_error():
    """A cell that is tagged for it may show an error."""
    [[output]] = run(_job("1 / 0", tags="torch, raises-exception"))
    assert output["traceback"] == ["ZeroDivisionError: division by zero"]
