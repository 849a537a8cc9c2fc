"""Where the code is running."""

import sys


def in_notebook() -> bool:
    """Say whether output goes to a notebook, that is, to a Jupyter kernel's client.

    IPython is not imported for it: in a kernel it has been imported already.
    """
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython is not None else None
    # IPython in a terminal has a shell too, but no kernel behind it.
    return getattr(shell, "kernel", None) is not None
