"""Run a program as a script in a Python that lists directories in one given order.

    python ordered_listings.py sorted|reversed PROGRAM

File systems promise no order; in which order one lists depends on the machine and on the history of the folder. Two
opposite orders stand for two machines. `os.walk`, glob and pathlib all read directories through the two functions that
are replaced here.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Iterator
from typing import Any

_LISTDIR, _SCANDIR = os.listdir, os.scandir
_REVERSED = sys.argv[1] == "reversed"


class OrderedEntries:
    """What `os.scandir` returns, in order: an iterator that can be closed."""

    def __init__(self, path: Any = ".") -> None:
        with _SCANDIR(path) as entries:
            self._entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=_REVERSED))

    def __iter__(self) -> Iterator[Any]:
        return self._entries

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> OrderedEntries:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        """Nothing is open."""


def listdir(path: Any = None) -> list[Any]:
    """What `os.listdir` returns, in order."""
    return sorted(_LISTDIR(path), reverse=_REVERSED)


if __name__ == "__main__":
    os.listdir = listdir
    os.scandir = OrderedEntries  # type: ignore[assignment, misc]
    program = sys.argv[2]
    sys.argv = sys.argv[2:]
    sys.path[0] = os.path.dirname(program)  # noqa: PTH120 (pathlib is the program's to import first)
    runpy.run_path(program, run_name="__main__")
