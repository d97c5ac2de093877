"""Looking at files in several processes, where there are enough of them for that to pay."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

from repro_lint.file_pass import FilePass, FileResult

Task = tuple[str, bool]
"""A path, and whether the rules judge the file: otherwise only its facts are collected."""

_WORTH = 3 * 2**20
"""Bytes of code for each process: starting one takes as long as looking at a few hundred kilobytes (benchmarks/)."""
_CODE = (".py", ".pyw", ".ipynb")
_COLLECT_EVERY = 50
"""Files between two collections: memory stays bounded, and time is not spent on looking for little."""
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
        for count, (path, judged) in enumerate(tasks[done:], 1):
            yield path, file_pass.look(path, judged=judged)
            if count % _COLLECT_EVERY == 0:
                gc.collect(0)  # what came since the last time: what has stayed is facts


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
    for count, (path, judged) in enumerate(tasks, 1):
        found.append(file_pass.look(path, judged=judged))
        if count % _COLLECT_EVERY == 0:
            gc.collect(0)
    gc.collect(0)
    return found


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
