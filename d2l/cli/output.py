"""What goes to standard output."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console

#: Where there is no terminal to fit into.
PIPE_WIDTH = 160


def console() -> Console:
    """Standard output, in colour and fitted if it is a terminal."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(width=width, highlight=False)


def print_json(content: Any) -> None:
    """Exactly one JSON object; what JSON has no name for is an error."""
    print(json.dumps(content, allow_nan=False, ensure_ascii=False))
