"""Writes what follows from the declarations, so that nobody types it.

`python -m tools.generate` writes each framework's `__init__.pyi` and `shared.py`, from
d2l/interface and d2l/common/contents.toml, and the README's table. With `--check` it
writes nothing, and fails where one of them is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from d2l.common.errors import D2LError
from d2l.common.training.checkpoints import write_atomically

ROOT = Path(__file__).parents[1]


def main(arguments: list[str]) -> None:
    """Write, or check: SystemExit says in a sentence what is wrong."""
    if arguments not in ([], ["--check"]):
        sys.exit("usage: python -m tools.generate [--check]")
    try:
        # Declarations that contradict one another fail as soon as they are read.
        from tools.generated import all_files

        changed = {p: text for p, text in all_files().items() if text != _read(p)}
    except D2LError as error:
        sys.exit(str(error))
    if arguments and changed:
        sys.exit(
            "Not as d2l/interface and d2l/common/contents.toml say: "
            f"{', '.join(changed)}. `make generated` writes them."
        )
    for path, text in changed.items():
        write_atomically(ROOT / path, text.encode())
        print(f"Written: {path}")


def _read(path: str) -> str:
    file = ROOT / path
    return file.read_text("utf-8") if file.is_file() else ""


if __name__ == "__main__":
    main(sys.argv[1:])
