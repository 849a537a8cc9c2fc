"""Which section a file of tests is about."""

from __future__ import annotations


def section_of(path):
    """The section's key, such as `convolutional_modern/nin`, by the file's path."""
    return f"{path.parent.name}/{path.stem.removeprefix('test_')}"
