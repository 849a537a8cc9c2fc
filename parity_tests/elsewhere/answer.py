"""What another interpreter says of its framework: `python -m ... KEY`, as JSON."""

from __future__ import annotations

import json
import platform
import sys

# Nothing else: the other interpreter may have no more.
from d2l.common.frameworks import FRAMEWORKS
from d2l.keys.versions import versions


def main():
    """Print why the framework cannot be used, or None, and the versions."""
    key = sys.argv[1]
    found = [f"python {platform.python_version()}", *versions([key], ["numpy"])]
    absent = FRAMEWORKS[key].missing()
    print(json.dumps({"absent": absent, "versions": dict(map(str.split, found))}))


if __name__ == "__main__":
    main()
