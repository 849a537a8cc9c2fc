"""Run pages as notebooks, each in each framework, in a kernel of its own."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from subprocess import DEVNULL
from typing import TYPE_CHECKING

from d2l.book.pages import RAISES, Cell, Output, Page
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError

#: Seconds that a cell may take.
TIMEOUT = 600
#: Seeds, so that a page shows the same whenever it is run.
SEEDS = {
    "torch": "import torch\n\ntorch.manual_seed(0)",
    "tensorflow": "import keras\n\nkeras.utils.set_random_seed(0)",
    "jax": "import numpy\n\nnumpy.random.seed(0)",
    # The library first: it lets MXNet run on today's NumPy.
    "mxnet": "import d2l.mxnet\nimport mxnet\n\nmxnet.random.seed(0)",
}
#: Figures as small vector graphics, the same ones each time.
FIGURES = """
import matplotlib
get_ipython().run_line_magic("config", "InlineBackend.figure_formats = ['svg']")
matplotlib.rcParams.update({
    "svg.hashsalt": "d2l", "svg.fonttype": "none", "savefig.transparent": True,
})
"""
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "JAX_PLATFORMS": "cpu",
    "SOURCE_DATE_EPOCH": "0",
    "PYTHONHASHSEED": "0",
}
#: What of an output is kept.
MIME_TYPES = ("text/plain", "text/html", "text/latex", "image/svg+xml")
#: Where an object lies in memory is different each time.
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class CellFailed(D2LError):
    """A cell of a page raised an error, or warned."""


@dataclass(frozen=True)
class Job:
    """A page to be run in a framework."""

    page: Page
    framework: str

    @property
    def title(self) -> str:
        """For progress and errors."""
        return f"{self.page.key}, {FRAMEWORKS[self.framework].title}"


Report = Callable[[int, int, Job], None]


def run_all(
    jobs: Sequence[Job],
    workers: int,
    work: Callable[[Job], None],
    report: Report = lambda number, total, job: None,
) -> list[CellFailed]:
    """Do something with pages, `workers` at a time; returns what failed.

    work: runs a page and looks at its outputs.
    report: called after each, with how many are done, and how many there are.
    """
    failed = []
    with ThreadPoolExecutor(workers) as executor:
        waiting = {executor.submit(work, job): job for job in jobs}
        try:
            for number, future in enumerate(as_completed(waiting), 1):
                error = future.exception()
                if isinstance(error, CellFailed):
                    failed.append(error)
                elif error is not None:
                    raise error
                report(number, len(jobs), waiting[future])
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return failed


def run(job: Job) -> list[list[Output]]:
    """Run a page's cells in a new kernel; returns the outputs of each."""
    import nbformat.v4 as v4
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    cells = job.page.cells(job.framework)
    prelude = f"{SEEDS[job.framework]}\n{FIGURES}"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(prelude)])
    for cell in cells:
        tags = {"tags": [RAISES]} if RAISES in cell.tags else {}
        notebook.cells.append(v4.new_code_cell(cell.source, metadata=tags))
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )
        try:
            # What a kernel says of itself is not what its cells say.
            client.execute(env={**os.environ, **ENVIRONMENT}, stderr=DEVNULL)
        except CellExecutionError as error:
            raise CellFailed(_what_failed(job, notebook.cells[1:], error)) from None
    return [
        _joined([_cleaned(job, cell, output) for output in done.outputs])
        for cell, done in zip(cells, notebook.cells[1:], strict=True)
    ]


def _what_failed(job: Job, done: list[Output], error: CellExecutionError) -> str:
    numbers = [
        cell.number
        for cell, ran in zip(job.page.cells(job.framework), done, strict=True)
        if any(output["output_type"] == "error" for output in ran["outputs"])
    ]
    where = f"cell {numbers[-1]}" if numbers else "the first lines"
    return f"{job.title}, {where}: {error.ename}: {error.evalue}"


def _joined(outputs: list[Output]) -> list[Output]:
    """What is printed in a row as one output, however it arrived."""
    joined: list[Output] = []
    for output in outputs:
        is_printed = output["output_type"] == "stream"
        if is_printed and joined and joined[-1]["output_type"] == "stream":
            joined[-1] = {**output, "text": joined[-1]["text"] + output["text"]}
        else:
            joined.append(output)
    return joined


def _cleaned(job: Job, cell: Cell, output: Output) -> Output:
    """An output without what changes from run to run, or is not kept."""
    kind = output["output_type"]
    if kind == "stream":
        if output["name"] == "stderr":
            raise CellFailed(f"{job.title}, cell {cell.number} warns: {output['text']}")
        return {**output, "text": _ADDRESS.sub("", output["text"])}
    if kind == "error":
        return {**output, "traceback": [f"{output['ename']}: {output['evalue']}"]}
    data = {mime: output["data"][mime] for mime in MIME_TYPES if mime in output["data"]}
    if "image/svg+xml" in data:
        data = {"image/svg+xml": data["image/svg+xml"]}
    elif "text/plain" in data:
        data["text/plain"] = _ADDRESS.sub("", data["text/plain"])
    cleaned: Output = {"output_type": kind, "data": data, "metadata": {}}
    return cleaned | ({"execution_count": None} if kind == "execute_result" else {})
