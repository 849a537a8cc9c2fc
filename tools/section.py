"""Begins a section: `make section KEY=chapter/section KIND=model TITLE='Its Title'`.

Writes the skeleton, and says what is missing then, as the tests do. A key that is
taken, a kind or a chapter that is none, are refused in a sentence before anything is
written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from d2l.common.contents import KINDS, Section
from d2l.common.errors import D2LError
from d2l.common.training.checkpoints import write_atomically
from tools.missing import missing
from tools.skeleton import skeleton

ROOT = Path(__file__).parents[1]


def main(arguments: list[str], root: Path = ROOT) -> None:
    """Write a section's skeleton; exits with 2 where that is refused.

    arguments: key, kind and title; then the frameworks, with commas, and the reason
        why no others, of a section that is bound to them.
    """
    key, kind, title, frameworks, reason, *_ = [*arguments, *[""] * 5]
    try:
        bound_to = tuple(filter(None, frameworks.split(",")))
        section = Section(key, title, kind, bound_to, reason)
        written = begin(root, section)
    except D2LError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print("Written:", *written, sep="\n  ")
    print("Missing:", *missing(root, section), sep="\n  ")
    print("Then `make generated`, and `make test`.")


def begin(root: Path, section: Section) -> list[str]:
    """Write a section's skeleton below a folder; returns the paths from there."""
    if "/" not in section.key or not section.title.strip():
        raise D2LError(
            "A section needs a KEY such as convolutional_modern/resnet, a KIND "
            f"({', '.join(KINDS)}) and a TITLE."
        )
    if not section.title.isprintable() or {'"', "\\"} & set(section.title):
        raise D2LError(
            f"A TITLE has no quotes, backslashes or breaks: {section.title!r}."
        )
    files = skeleton(root, section)
    for path, text in files.items():
        write_atomically(root / path, text.encode())
    return list(files)


if __name__ == "__main__":
    main(sys.argv[1:])
