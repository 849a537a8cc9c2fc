"""`d2l weights`: look into files of weights, carry them between layouts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from d2l.cli import options
from d2l.cli.options import Data, Json, Pythons
from d2l.common.errors import DataError, InputError
from d2l.common.frameworks import FRAMEWORKS

if TYPE_CHECKING:
    import numpy as np

    from d2l.parity.comparison import Plan

CANONICAL = "canonical"

weights = typer.Typer(help="Look into files of weights; carry them between layouts.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="A safetensors file.")]
Target = Annotated[Path, typer.Argument(metavar="OUT", help="Written, if all fits.")]
Trial = Annotated[
    str | None, typer.Option(metavar="NAME", help="Else what the file says.")
]
To = Annotated[str, typer.Option(metavar="LAYOUT", help="canonical, or a framework.")]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="LAYOUT", help="Else what the file says."),
]


@weights.command()
def inspect(file: File, as_json: Json = False) -> None:
    """Show the tensors in a file, without reading their values."""
    from rich.markup import escape
    from rich.table import Table

    from d2l.cli.output import console, print_json

    tensors, metadata = read_header(file)
    total = sum(t["size"] for t in tensors)
    if as_json:
        facts = {"file": str(file), "metadata": metadata, "parameters": total}
        print_json(facts | {"tensors": tensors})
        return
    table = Table("tensor", "type", "shape", "numbers")
    table.columns[3].justify = "right"
    for t in tensors:
        shape = " x ".join(map(str, t["shape"])) or "scalar"
        table.add_row(escape(t["name"]), t["type"], shape, f"{t['size']:,}")
    screen = console()
    screen.print(table)
    screen.print(f"{len(tensors)} tensors, {total:,} numbers")
    for name, value in sorted(metadata.items()):
        screen.print(f"{name}: {value}", markup=False)


def read_header(file: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Names, types and shapes, in any precision, and the text beside them."""
    from safetensors import SafetensorError, safe_open

    if not file.is_file():
        raise DataError(f"There is no file {file}.")
    try:
        with safe_open(file, framework="numpy") as content:
            metadata = dict(content.metadata() or {})
            slices = {name: content.get_slice(name) for name in content.keys()}  # noqa: SIM118
            tensors = [_describe(name, part) for name, part in slices.items()]
    except SafetensorError as error:
        raise DataError(f"{file} is not a whole safetensors file ({error}).") from error
    return tensors, metadata


def _describe(name: str, part: Any) -> dict[str, Any]:
    shape, size = list(part.get_shape()), 1
    for length in shape:
        size *= length
    return {"name": name, "type": part.get_dtype(), "shape": shape, "size": size}


@weights.command()
def convert(
    file: File,
    out: Target,
    to: To,
    trial: Trial = None,
    source: From = None,
    data: Data = None,
    python: Pythons = None,
) -> None:
    """Carry weights from one layout to another; the values stay the same.

    The canonical layout is PyTorch's, and what `d2l train` writes. A framework's
    layout has the same names, and each tensor as that framework keeps it: a
    Keras kernel as (height, width, inputs, outputs). Every tensor of the trial's
    model must be there, in its shape, and no other.
    """
    from d2l.common.training.checkpoints import load_arrays, save_arrays

    arrays, metadata = load_arrays(file)
    layouts = _layout(source or metadata.get("layout", CANONICAL)), _layout(to)
    if layouts[0] == layouts[1]:
        raise InputError(f"The weights in {file} are in the layout {to} already.")
    pythons = options.parse_pythons(python)
    plan = _plan(file, metadata, trial, data, layouts, pythons)
    options.check_file(out)
    found = carry(arrays, layouts, plan, pythons, _outline(metadata, plan))
    told = {"trial": plan.trial.name, "data": plan.data or "", "layout": layouts[1]}
    save_arrays(out, found, metadata | told)
    typer.echo(f"Written: {out} ({len(found)} tensors, layout {to})", err=True)


def _plan(
    file: Path,
    metadata: dict[str, str],
    trial: str | None,
    data: str | None,
    layouts: tuple[str, str],
    pythons: dict[str, str],
) -> Plan:
    """Whose weights they are, and the frameworks that must be there for them."""
    # What the file says of its data goes with what it says of its trial.
    if trial is None or trial == metadata.get("trial"):
        trial, data = metadata.get("trial"), data or metadata.get("data")
    if trial is None:
        raise InputError(f"{file} does not say what it holds: add --trial NAME.")
    names = ",".join(name for name in layouts if name != CANONICAL)
    chosen = options.choose_frameworks(names, pythons)
    needs_data = trial != metadata.get("trial") or "outline" not in metadata
    return options.make_plan(
        trial, data, 1, 0, "float32", chosen, command="weights", with_data=needs_data
    )


def _outline(metadata: dict[str, str], plan: Plan) -> dict[str, Any] | None:
    """What the file says of the data, if they are the ones that are meant."""
    subject = {"trial": plan.trial.name, "data": plan.data or ""}
    if "outline" not in metadata or subject.items() - metadata.items():
        return None
    try:
        return json.loads(metadata["outline"])
    except ValueError:
        raise DataError("The file's outline of its model is not JSON.") from None


def _layout(name: str) -> str:
    if name == CANONICAL:
        return name
    try:
        return options.check_framework(name)
    except options.FrameworkError as error:
        message = str(error).replace("framework", "layout", 1)
        message = message.replace("choose", f"choose {CANONICAL},")
        raise InputError(message) from None


def carry(
    arrays: dict[str, np.ndarray],
    layouts: tuple[str, str],
    plan: Plan,
    pythons: dict[str, str],
    outline: dict[str, Any] | None = None,
) -> dict[str, np.ndarray]:
    """From one layout to the canonical one, and on to the other."""
    from d2l.parity.pool import Pool
    from d2l.trials.observed import prefixed

    subject = {"trial": plan.trial.key, "data": plan.data, "outline": outline}
    tasks = ("import_weights", "export_weights")
    with Pool(pythons) as pool:
        for task, layout in zip(tasks, layouts, strict=True):
            if layout in FRAMEWORKS:
                given = prefixed("weights", arrays)
                _, arrays = pool.run(layout, plan.precision, task, given, **subject)
    return arrays
