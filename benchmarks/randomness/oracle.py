"""Run programs several times and tell whether what they print and write repeats.

    python -m benchmarks.randomness.oracle PROGRAMS TRUTH.jsonl [--python PYTHON] [--check AGAIN.jsonl]
        [--only PATTERN] [--limit N]

PROGRAMS is a folder of programs, PYTHON an interpreter that has what they import. Every program runs twice under each
combination of two hash seeds and two orders of directory listings, in a new folder that holds the files of `inputs`,
forked from a process that has imported the usual libraries (another process for each hash seed and each of the two).
Its result is what it prints on standard output and the files it leaves, numbers to twelve digits, as the last bits of a
sum follow where its array lies in memory; standard error is no result. TRUTH gets a line
for each program: ``id``, ``sha256`` of the program, and ``causes`` (none for a program whose results agree):

- ``run``: two runs under the same settings differ (generators, clocks, identifiers, completion order), or a difference
  follows no setting. The causes below are then not looked for.
- ``hash``: the result follows the hash seed under both orders. ``listing``: it follows the order under both hash seeds.

A program that fails has ``error`` in place of ``causes``. Nobody's judgement enters the file, least of all a linter's.

Each line is written as soon as it is known, and a program that has one is not run again until it changes (one that
failed is, after the others): what was cut off goes on where it was, and ``--limit`` or ``--only`` make slices of it.
With ``--check`` the lines go to AGAIN.jsonl, TRUTH is left as it is, and 1 is returned if the two disagree about a
program that has been run.

What the oracle cannot see: a result that changes less often than eight runs in a minute (the date of today), with the
machine or with the releases of libraries, and a difference that eight runs did not happen to show, such as that of a
set which both hash seeds order alike.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

HASH_SEEDS = (1, 2)
ORDERS = ("sorted", "reversed")
REPEATS = 2
_NUMBER = re.compile(rb"\d+\.\d+(?:e[+-]?\d+)?")
_WORKER = Path(__file__).with_name("worker.py")
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class ProgramError(Exception):
    """A program ended with an error, not at all or without a result."""


def inputs(folder: Path) -> None:
    """Write the files that the programs read into a folder: tables, notes, logs and a tree of images."""
    words = "river stone winter light harbour meadow copper lantern orchard thunder velvet saddle".split()
    for kind in ("sites", "notes", "logs", *(f"images/{name}" for name in ("cat", "dog", "bird", "newt"))):
        (folder / "data" / kind).mkdir(parents=True)
    for n, site in enumerate(("oslo", "bergen", "lima", "quito", "perth")):
        rows = [f"{i},{20 + (i * 7 + n) % 50},{60 + (i * 13 + n * 5) % 40 + n / 10}" for i in range(8 + n)]
        _write(folder / f"data/sites/{site}.csv", ["id,age,weight", *rows])
    for n, note in enumerate(("river", "harvest", "letters", "voyage", "market", "snow")):
        lines = [" ".join(words[(i * (n + 2) + j) % len(words)] for j in range(6)) for i in range(5)]
        _write(folder / f"data/notes/{note}.txt", lines)
    for n in range(5):
        _write(folder / f"data/logs/run_{n:02}.log", [f"epoch {i} loss {(n + 3) / (i + 1):.3f}" for i in range(4)])
    for name in ("cat", "dog", "bird", "newt"):
        for n in range(4):
            _write(folder / f"data/images/{name}/{name}_{n}.txt", [f"{name} {n}"])
    groups = ("north", "south", "east", "west")
    table = [
        f"{i},{(i * 37 % 101) / 10},{(i * i * 11 % 97) / 7:.4f},{i * 5 % 3 % 2},{groups[i * (i + 1) // 2 % 4]}"
        for i in range(60)
    ]
    _write(folder / "data/points.csv", ["id,x,y,label,group", *table])


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Worker:
    """A process with a hash seed that runs programs one after the other."""

    def __init__(self, python: Path, hash_seed: int) -> None:
        environment = {**os.environ, **_THREADS, "PYTHONHASHSEED": str(hash_seed), "MPLBACKEND": "Agg"}
        command = [str(python), "-W", "ignore", "-B", str(_WORKER)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1)

    def result(self, program: Path, order: str) -> str:
        """A digest of what one run prints and leaves.

        Raises:
            ProgramError: the program did not end well, or has no result.
        """
        with tempfile.TemporaryDirectory() as name:
            folder, output = Path(name) / "work", Path(name) / "output"
            inputs(folder)
            before = _files(folder)
            job = {"program": str(program), "folder": str(folder), "order": order, "output": str(output)}
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(f"{json.dumps(job)}\n")
            if problem := json.loads(self._process.stdout.readline()):
                raise ProgramError(problem)
            printed = _rounded(output.read_bytes())
            left = {path: digest for path, digest in _files(folder).items() if before.get(path) != digest}
        if not printed.strip() and not left:
            raise ProgramError("no result: nothing printed, nothing written")
        return hashlib.sha256(repr((printed, sorted(left.items()))).encode()).hexdigest()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _files(folder: Path) -> dict[str, str]:
    """The digest of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(_rounded(path.read_bytes())).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _rounded(text: bytes) -> bytes:
    """The text with its numbers to twelve digits."""
    return _NUMBER.sub(lambda number: f"{float(number[0]):.12g}".encode(), text)


def causes(results: Mapping[tuple[int, str], set[str]]) -> list[str]:
    """Why the results of a program, by hash seed and order, differ between runs; empty if they agree."""
    hashed = [results[HASH_SEEDS[0], order] != results[HASH_SEEDS[1], order] for order in ORDERS]
    listed = [results[seed, ORDERS[0]] != results[seed, ORDERS[1]] for seed in HASH_SEEDS]
    # What follows a setting does so whatever the other one is; a rare other result comes under any of them.
    causes = [name for name, found in (("hash", hashed), ("listing", listed)) if all(found)]
    if any(len(found) > 1 for found in results.values()) or (not causes and any(hashed + listed)):
        return ["run"]
    return causes


def truths(programs: Sequence[Path], python: Path) -> Iterator[dict[str, Any]]:
    """The line of each program."""
    workers = [(seed, Worker(python, seed)) for seed, _ in product(HASH_SEEDS, range(REPEATS))]
    try:
        for program in programs:
            yield _truth(program, workers)
    finally:
        for _, worker in workers:
            worker.close()


def _truth(program: Path, workers: Sequence[tuple[int, Worker]]) -> dict[str, Any]:
    line: dict[str, Any] = {"id": program.stem, "sha256": _digest(program)}
    results: dict[tuple[int, str], set[str]] = defaultdict(set)
    try:
        for (seed, worker), order in product(workers, ORDERS):
            results[seed, order].add(worker.result(program, order))
    except ProgramError as problem:
        return {**line, "error": str(problem)}
    return {**line, "causes": causes(results)}


def _digest(program: Path) -> str:
    return hashlib.sha256(program.read_bytes()).hexdigest()


def _lines(path: Path) -> dict[str, dict[str, Any]]:
    """The lines of a file by program; none if there is no such file."""
    if not path.is_file():
        return {}
    return {line["id"]: line for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def _save(path: Path, lines: Mapping[str, dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(lines[name])}\n" for name in sorted(lines)), encoding="utf-8")


def main() -> int:
    """Write or check the truth of a folder of programs; 1 if a program fails or the files disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    parser.add_argument("--check", type=Path, metavar="AGAIN", help="run again into this file, and compare")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="only programs whose name matches")
    parser.add_argument("--limit", type=int, metavar="N", help="run so many programs at most")
    options = parser.parse_args()
    programs = {path.stem: path for path in sorted(options.programs.absolute().glob(f"{options.only}.py"))}
    target = options.check or options.truth
    lines = _lines(target)
    known = {name for name, path in programs.items() if lines.get(name, {}).get("sha256") == _digest(path)}
    waiting = [path for name, path in programs.items() if name not in known]
    waiting += [programs[name] for name in sorted(known) if "error" in lines[name]]
    for line in truths(waiting[: options.limit], options.python.absolute()):
        lines[line["id"]] = line
        _save(target, lines)
    lines = {name: line for name, line in lines.items() if name in programs}
    failed = [line for line in lines.values() if "error" in line]
    for line in failed:
        print(f"{line['id']}: {line['error']}")
    agree = sum(line.get("causes") == [] for line in lines.values())
    print(f"{len(lines)} of {len(programs)} programs were run, results of {agree} repeat")
    if not options.check:
        return int(bool(failed))
    stored = _lines(options.truth)
    changed = [line for name, line in lines.items() if stored.get(name) != line]
    for line in changed:
        print(f"{line['id']}: {line}, stored {stored.get(line['id'])}")
    print(f"{len(lines) - len(changed)} of {len(lines)} agree with {options.truth.name}")
    return int(bool(failed or changed))


if __name__ == "__main__":
    sys.exit(main())
