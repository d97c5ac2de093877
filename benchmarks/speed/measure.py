"""Times and memory of a command as a whole, its children included."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """What one run took: seconds on the clock, seconds of processors (user and system), peak memory in MiB."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Command:
    """A command with its name in the table; ``prepare`` is done before each run and not timed."""

    name: str
    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    prepare: Callable[[], object] = lambda: None
    folder: Path | None = None


_WATCHED = """
import os, resource, subprocess, sys
nothing = subprocess.DEVNULL
code = subprocess.run(sys.argv[2:], stdin=nothing, stdout=nothing, stderr=nothing).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(f"{code} {used.ru_utime + used.ru_stime} {used.ru_maxrss}")
"""


def figures(command: Command, report: Path) -> Figures:
    """What one run of the command took. Raises ``RuntimeError`` for one that did not run to its end."""
    command.prepare()
    watched = [sys.executable, "-I", "-S", "-c", _WATCHED, str(report), *map(str, command.arguments)]
    start = time.perf_counter()
    subprocess.run(watched, env={**os.environ, **command.environment}, cwd=command.folder, check=True)
    wall = time.perf_counter() - start
    code, cpu, memory = report.read_text().split()
    if int(code) not in (0, 1):
        raise RuntimeError(f"{command.name} ended with exit code {code}")
    # Kilobytes on Linux, bytes on macOS.
    return Figures(wall, float(cpu), int(memory) / (2**20 if sys.platform == "darwin" else 2**10))


def in_turn(commands: Sequence[Command], runs: int, report: Path) -> dict[str, list[Figures]]:
    """The figures of each command, after one run that is not counted. What fails is left out, and said."""
    found: dict[str, list[Figures]] = {command.name: [] for command in commands}
    for run in range(runs + 1):
        for command in commands:
            if command.name not in found:
                continue
            try:
                taken = figures(command, report)
            except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                print(f"  {command.name}: left out ({error})", file=sys.stderr)
                del found[command.name]
                continue
            if run or runs == 0:
                found[command.name].append(taken)
    return found


def ratio(ours: Sequence[Figures], theirs: Sequence[Figures], figure: str) -> float:
    """The median over the runs of our figure divided by theirs."""
    pairs = ((float(getattr(a, figure)), float(getattr(b, figure))) for a, b in zip(ours, theirs, strict=True))
    return statistics.median(a / max(b, 1e-6) for a, b in pairs)


def median(taken: Sequence[Figures], figure: str) -> float:
    """The median of one figure."""
    return statistics.median(float(getattr(one, figure)) for one in taken)
