"""Run programs, each in a fork of a process that has imported the usual libraries. `oracle.py` starts it.

Reads a line of JSON for each run: ``program``, ``folder`` to run in, ``order`` of directory listings and ``output``,
the file for what is printed. Answers with a line: nothing if the program ended well, else its last words.

File systems promise no order; in which order one lists depends on the machine and on the history of the folder. Two
opposite orders stand for two machines. `os.walk`, glob and pathlib all read directories through the two functions that
are replaced here.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import runpy
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

TIMEOUT = 60
"""Seconds that a program may take."""
_LIBRARIES = """
numpy pandas networkx matplotlib.pyplot statsmodels.api scipy.cluster.hierarchy scipy.optimize scipy.stats scipy.sparse
sklearn.cluster sklearn.datasets sklearn.decomposition sklearn.ensemble sklearn.impute sklearn.inspection
sklearn.linear_model sklearn.manifold sklearn.model_selection sklearn.neural_network sklearn.svm"""
_LISTDIR, _SCANDIR = os.listdir, os.scandir


def order_listings(descending: bool) -> None:
    """Let this process list directories in one order."""

    class Entries:
        """What `os.scandir` returns, in order: an iterator that can be closed."""

        def __init__(self, path: Any = ".") -> None:
            with _SCANDIR(path) as entries:
                self._entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=descending))

        def __iter__(self) -> Iterator[Any]:
            return self._entries

        def __next__(self) -> Any:
            return next(self._entries)

        def __enter__(self) -> Entries:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def close(self) -> None:
            """Nothing is open."""

    def listdir(path: Any = None) -> list[Any]:
        """What `os.listdir` returns, in order."""
        return sorted(_LISTDIR(path), reverse=descending)

    os.listdir = listdir
    os.scandir = Entries  # type: ignore[assignment]


def run(program: str, folder: str, order: str, output: str) -> None:
    """Run a program as a script with fresh generators; returns when it ends, raises what it raises."""
    signal.alarm(TIMEOUT)
    os.chdir(folder)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT)
    os.dup2(descriptor, 1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)
    sys.argv, sys.path[0] = [program], str(Path(program).parent)
    random.seed()
    if "numpy" in sys.modules:  # its generator was made before the fork: without this all runs would draw the same
        sys.modules["numpy"].random.seed()
    order_listings(order == "reversed")
    try:
        runpy.run_path(program, run_name="__main__")
    finally:
        sys.stdout.flush()


def forked(job: dict[str, str]) -> str:
    """The last words of a program that failed; nothing if it ended well."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 0
        try:
            run(**job)
        except SystemExit as end:
            status = int(bool(end.code))
        except BaseException:
            os.write(writing, traceback.format_exc().strip().rpartition("\n")[2].encode()[:4000])
            status = 1
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        words = pipe.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    return words or (f"ended with status {status}" if status else "")


def main() -> None:
    """Answer until there are no more lines."""
    for name in _LIBRARIES.split():
        with suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(forked(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
