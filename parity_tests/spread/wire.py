"""Reports and warnings as JSON can say them, and back."""

from __future__ import annotations

import builtins
import warnings


def packed_report(config, report):
    """A report as plain values."""
    return config.hook.pytest_report_to_serializable(config=config, report=report)


def unpacked_report(config, data):
    """A report as it was before JSON, which knows no tuples."""
    report = config.hook.pytest_report_from_serializable(config=config, data=data)
    if isinstance(report.longrepr, list):  # of a skipped test
        report.longrepr = tuple(report.longrepr)
    report.location = tuple(report.location)
    report.sections = [tuple(section) for section in report.sections]
    report.user_properties = [tuple(pair) for pair in report.user_properties]
    return report


def packed_warning(warning, nodeid):
    """A warning that a test raised."""
    return {
        "category": warning.category.__name__,
        "message": str(warning.message),
        "filename": warning.filename,
        "lineno": warning.lineno,
        "nodeid": nodeid,
    }


def unpacked_warning(data):
    """What the hook `pytest_warning_recorded` takes."""
    name, message = data["category"], data["message"]
    category = getattr(builtins, name, None)
    if category is None:  # of some package, which need not be imported here
        category, message = UserWarning, f"{name}: {message}"
    place = data["filename"], data["lineno"]
    warning = warnings.WarningMessage(category(message), category, *place)
    return {
        "warning_message": warning,
        "nodeid": data["nodeid"],
        "when": "runtest",
        "location": None,
    }
