"""Which environments are not there to be installed."""

from __future__ import annotations

_DIRECTORIES = frozenset({"test", "tests", "testing", "testdata", "fixtures", "fixture", "template", "templates"})


def is_sample(path: str) -> bool:
    """Whether the file is most likely kept to test something with, or to be completed by a program."""
    return not _DIRECTORIES.isdisjoint(path.lower().split("/")[:-1])
