"""Python's own hook at its start: writes down which functions of the project run.

TRACED_ROOT is the folder whose functions count, TRACED_FILE what they are written to.
What runs while a module is imported is none of a case's own business.
"""

import os
import sys
import threading

ROOT = os.environ.get("TRACED_ROOT")
#: What is written down already since the last request.
seen = set()


def _is_importing(frame):
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _is_function(code):
    return code.co_filename.startswith(ROOT) and code.co_flags & 1


def _trace(frame, event, argument):
    code = frame.f_code
    if event != "call" or code in seen:
        return
    seen.add(code)
    if _is_function(code) and not _is_importing(frame):
        FILE.write(f"{code.co_filename}\t{code.co_qualname}\n")
        if code.co_qualname == "Server._run":
            seen.clear()


if ROOT:
    FILE = open(os.environ["TRACED_FILE"], "a", buffering=1)  # noqa: SIM115
    threading.setprofile(_trace)
    sys.setprofile(_trace)
