"""Looking at files in several processes, where there are enough of them for that to pay."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

from repro_lint.file_pass import FilePass, FileResult
from repro_lint.project import Project

Task = tuple[str, bool]
"""A path, and whether the rules judge the file: otherwise only its facts are collected."""

_WORTH = 3 * 2**20
"""Bytes of code for each process: starting one takes as long as looking at a few hundred kilobytes (benchmarks/)."""
_CODE = (".py", ".pyw", ".ipynb")
_COLLECT_EVERY = 50
"""Files between two collections: memory stays bounded, and time is not spent on looking for little."""
_COLLECT_AFTER = 2 * 2**20
"""Bytes of what has been parsed meanwhile: notebooks are large."""
_MUCH = 12 * 2**20
"""The same where what is kept has to be searched, too."""
_CHUNKS = 6
"""For each process: few enough to cost nothing, enough that the processes end at the same time."""

_shared: list[FilePass] = []
"""What a process works with: one pass, which a fork gets without being told."""


def look_at(
    file_pass: FilePass, tasks: Sequence[Task], jobs: int | None = None
) -> Generator[tuple[str, FileResult], None, None]:
    """What each file gives, in the order of the tasks, whoever has looked at it.

    ``jobs`` is the number of processes; None takes as many as the machine has and the files are worth.
    """
    number = min(_suggested(file_pass, tasks) if jobs is None else jobs, len(tasks))
    done = 0
    if number > 1:
        for path, result in _in_processes(file_pass, tasks, number):
            done += 1
            yield path, result
    with rare_collection():  # all of them, or what is left when a process has died
        garbage = Garbage(file_pass.project)
        for path, judged in tasks[done:]:
            yield path, file_pass.look(path, judged=judged)
            garbage.of_file()


def processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _suggested(file_pass: FilePass, tasks: Sequence[Task]) -> int:
    available = processors()
    if available == 1 or not file_pass.project.view.can_be_shared:
        return 1
    size = 0
    for path, _ in tasks:
        if path.endswith(_CODE):
            size += file_pass.size(path)
            if size >= available * _WORTH:
                return available
    return max(size // _WORTH, 1)


def _in_processes(file_pass: FilePass, tasks: Sequence[Task], number: int) -> Iterator[tuple[str, FileResult]]:
    """As far as it gets: a process that dies, for want of memory, say, ends it early."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    size = max(len(tasks) // (number * _CHUNKS), 1)
    chunks = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    method = _start_method()
    _shared[:] = [file_pass]
    told = () if method == "fork" else (file_pass,)
    context = multiprocessing.get_context(method)
    try:
        with rare_collection(), ProcessPoolExecutor(number, context, _begin, told) as pool:
            for chunk, results in zip(chunks, pool.map(_look, chunks), strict=True):
                yield from zip((path for path, _ in chunk), results, strict=True)
    except (BrokenProcessPool, OSError):
        return
    finally:
        _shared.clear()


def _start_method() -> str:
    """Forking costs nothing, and is sound where no other thread can hold a lock; macOS is known to be otherwise."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if forks else "spawn"


def _begin(file_pass: FilePass | None = None) -> None:
    if file_pass is not None:
        _shared[:] = [file_pass]
    gc.disable()
    gc.freeze()


def _look(tasks: Sequence[Task]) -> list[FileResult]:
    (file_pass,) = _shared
    found = []
    garbage = Garbage(file_pass.project)
    for path, judged in tasks:
        found.append(file_pass.look(path, judged=judged))
        garbage.of_file()
    gc.collect(0)
    return found


class Garbage:
    """Frees what files leave behind, once it is worth it: trees of programs refer to themselves in circles."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._files = 0
        self._loaded = project.bytes_loaded

    def of_file(self) -> None:
        """A file has been looked at: all that came since the last time is garbage, or a fact that stays."""
        self._files += 1
        if self._files >= _COLLECT_EVERY or self._project.bytes_loaded - self._loaded > _COLLECT_AFTER:
            self._collect(0)

    def of_subject(self) -> None:
        """A part of the tree has been looked at, for which files were kept that may not be needed any more."""
        if self._project.bytes_loaded - self._loaded > _MUCH:
            self._collect(2)

    def _collect(self, generation: int) -> None:
        gc.collect(generation)
        self._files, self._loaded = 0, self._project.bytes_loaded


@contextmanager
def rare_collection() -> Iterator[None]:
    """Collect cycles between files only: what a file leaves is garbage as a whole; searching it before is vain."""
    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()  # what is there before the pass is there after it
    try:
        yield
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()
