"""`d2l doctor`: what works on this machine, and what is missing."""

from __future__ import annotations

import os
import platform
import sys
import time
from typing import TYPE_CHECKING, Any

import typer

import d2l
from d2l.cli import options
from d2l.cli.options import Json, Pythons
from d2l.cli.problems import IMPOSSIBLE
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS

if TYPE_CHECKING:
    from d2l.parity.pool import Pool

THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def doctor(python: Pythons = None, json: Json = False) -> None:
    """Say what works here: each framework is started and asked."""
    pythons = options.parse_pythons(python)
    found: dict[str, Any] = {
        "version": d2l.__version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
        "packages": packages(),
        "threads": threads(),
        "data": data(),
        "frameworks": frameworks(pythons),
    }
    if json:
        from d2l.cli.output import print_json

        print_json(found)
    else:
        _show(found)
    if not any(f["works"] for f in found["frameworks"]):
        raise typer.Exit(IMPOSSIBLE)


def packages() -> dict[str, str]:
    """The versions of what every framework's side relies on."""
    from importlib import metadata

    names = ("numpy", "safetensors", "matplotlib", "pooch", "scikit-learn", "rich")
    return {name: metadata.version(name) for name in names}


def threads() -> dict[str, Any]:
    """How many threads there may be; the backends of comparisons have one each."""
    asked = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    return {"processors": os.cpu_count(), "blas": _blas_threads(), **asked}


def _blas_threads() -> int | None:
    """What NumPy's linear algebra uses in this process, where it can be told."""
    import numpy  # noqa: F401

    try:
        # It comes with scikit-learn.
        from threadpoolctl import threadpool_info
    except ImportError:
        return None
    counts = [i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"]
    return max(counts, default=None)


def data() -> dict[str, Any]:
    """The folder of the data, and which of them are there."""
    from d2l.common.data import catalogue

    present = {name: catalogue.is_present(name) for name in catalogue.catalogue()}
    return {"folder": str(catalogue.data_folder()), "present": present}


def frameworks(pythons: dict[str, str]) -> list[dict[str, Any]]:
    """Start a process for each framework, all at once, and ask it."""
    from concurrent.futures import ThreadPoolExecutor

    from d2l.parity.pool import Pool

    with Pool(pythons) as pool, ThreadPoolExecutor(len(FRAMEWORKS)) as executor:
        try:
            asked = [
                executor.submit(_examine, pool, key, key in pythons)
                for key in FRAMEWORKS
            ]
            return [answer.result() for answer in asked]
        except BaseException:
            # Threads wait for their processes: end those first.
            pool.close()
            raise


def _examine(pool: Pool, key: str, elsewhere: bool) -> dict[str, Any]:
    """One framework: whether it works, and if not, why."""
    from d2l.parity.pool import TaskFailed

    framework = FRAMEWORKS[key]
    reason = None if elsewhere else framework.why_absent()
    facts: dict[str, Any] = {"works": False, "reason": reason}
    try:
        if reason is None:
            facts = _ask(pool, key)
    except TaskFailed as error:
        facts["reason"] = error.args[0]
    except D2LError as error:
        facts["reason"] = str(error)
    return {"framework": key, "title": framework.title, **facts}


def _ask(pool: Pool, key: str) -> dict[str, Any]:
    began = time.perf_counter()
    worker = pool.start(key, "float32")
    worker.wait_until_ready()
    seconds = round(time.perf_counter() - began, 1)
    _, answer = worker.run("call", name="num_gpus")
    return {
        "works": True,
        "reason": None,
        "version": worker.version,
        "gpus": int(answer["output"]),
        "seconds_to_start": seconds,
    }


def _show(found: dict[str, Any]) -> None:
    from rich.markup import escape

    from d2l.cli.output import console

    screen = console()
    screen.print(f"d2l-suite {found['version']}, Python {escape(found['python'])}")
    screen.print(found["platform"], markup=False)
    screen.print(", ".join(f"{k} {v}" for k, v in found["packages"].items()))
    counts = {k: v for k, v in found["threads"].items() if v is not None}
    screen.print("threads: " + ", ".join(f"{k} {v}" for k, v in counts.items()))
    screen.print(f"data in {found['data']['folder']}:", markup=False)
    for name, present in found["data"]["present"].items():
        mark = "[green]there[/green]" if present else "[dim]absent[/dim]"
        screen.print(f"  {name}: {mark}")
    for row in found["frameworks"]:
        screen.print(f"{row['title']}: {_verdict(row)}")


def _verdict(row: dict[str, Any]) -> str:
    from rich.markup import escape

    if not row["works"]:
        return f"[red]does not work[/red]. {escape(row['reason'])}"
    gpus = f"GPUs: {row['gpus']}" if row["gpus"] else "no GPU"
    began = f"started in {row['seconds_to_start']} s"
    return f"[green]works[/green], version {row['version']}, {began}, {gpus}"
