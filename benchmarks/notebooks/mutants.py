"""Plant name errors in notebooks that run, execute the mutants, and write down what happened to each.

    python -m benchmarks.notebooks.mutants LABELS.jsonl CHECKOUTS OUTPUT --python ENVIRONMENT/bin/python

LABELS and CHECKOUTS are those of executed.py; ENVIRONMENT holds the libraries that the notebooks need, nbformat and
IPython. OUTPUT receives, for each repository, its mutants where the notebook lay, beside the Python files and notebooks
that it may read, and truth.jsonl. The same seed gives the same mutants, and a run that
was interrupted goes on where it stopped. scoring.py lints them without executing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.notebooks.executed import Executed, executed_notebooks
from benchmarks.notebooks.execution import Outcome, execute, jobs_of
from benchmarks.notebooks.figures import Share
from benchmarks.notebooks.mutations import NEUTRAL, PLANTED, changes

_HARMFUL = re.compile(
    r"os\.(system|remove|unlink|rmdir|removedirs|rename|replace|popen|kill|exec|spawn|fork)|subprocess|socket|shutil\."
    r"|\.unlink\(|\.rmdir\(|rmtree|multiprocessing|^\s*!|=\s*!|%%?(bash|sh|script|system|sx)\b|smtplib|ctypes",
    re.MULTILINE,
)
_CONTEXT = {".py", ".ipynb", ".toml", ".cfg", ".ini", ".txt", ".yml", ".yaml", ".in"}
_CONTEXT_BYTES = 5_000_000


def fit_to_run(executed: Iterable[Executed]) -> tuple[list[Executed], list[str]]:
    """The notebooks that ran and do nothing that could harm, and why each other one is left out."""
    fit, left_out = [], []
    for one in executed:
        if not one.ran or not one.notebook.is_file():
            continue
        cells = json.loads(one.notebook.read_text(encoding="utf-8")).get("cells", [])
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        if match := _HARMFUL.search(code):
            left_out.append(f"{one.label}: holds {match.group().strip()!r}")
        elif not cells:
            left_out.append(f"{one.label}: a format before 4")
        else:
            fit.append(one)
    return fit, left_out


def plant(one: Executed, output: Path, per_kind: int, seed: int) -> list[dict[str, Any]]:
    """Write mutants of a notebook, and a copy of itself; one row for each."""
    content = json.loads(one.notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []  # of no use to what is measured, and most of the file
    folder = output / one.repository.name / one.notebook.relative_to(one.repository).parent
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [("unchanged", "nothing changed", content["cells"])]
    for kind, found in changes(content["cells"]).items():
        draw = random.Random(f"{seed} {one.label} {kind}").sample(found, min(per_kind, len(found)))
        chosen += [(change.kind, change.detail, change.cells) for change in draw]
    rows = []
    for number, (kind, detail, cells) in enumerate(chosen):
        path = folder / f"{one.notebook.stem}--{number:03}.ipynb"
        path.write_text(json.dumps({**content, "cells": cells}, ensure_ascii=False, indent=1), encoding="utf-8")
        mutant = path.relative_to(output).as_posix()
        rows.append({"mutant": mutant, "notebook": one.label, "kind": kind, "detail": detail})
    return rows


def copy_context(repository: Path, output: Path) -> None:
    """Copy what a linter may read beside the notebooks: modules, other notebooks, configuration.

    The copy is a git repository as well, or linters would take another folder for its root.
    """
    (output / repository.name).mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet", str(output / repository.name)], check=True)
    for path in repository.rglob("*"):
        inside = path.relative_to(repository)
        if path.suffix not in _CONTEXT or ".git" in inside.parts or not path.is_file():
            continue
        if path.stat().st_size <= _CONTEXT_BYTES:
            target = output / repository.name / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def truth(outcome: Outcome) -> Outcome:
    """An outcome as the truth about a mutant: ok, name-error (of the notebook's own code), error, timeout or died."""
    status = outcome["status"]
    if status == "error" and outcome.get("name"):
        status = "name-error"
    return {**outcome, "status": status}


def compare(
    python: Path, rows: Sequence[dict[str, Any]], output: Path, checkouts: Path, sample: int, limit: float
) -> None:
    """Execute a sample again in real kernels, and print where the two disagree."""
    drawn = random.Random(0).sample(list(rows), min(sample, len(rows)))
    drawn.sort(key=lambda row: str(row["mutant"]))
    kept = output / "outcomes-kernel"
    kernel = execute(python, jobs_of(drawn, output, checkouts), kept, 3 * limit, workers=2, nbclient=True)
    same = 0
    for row in drawn:
        other = truth(kernel[row["mutant"]])
        keys = ("status", "cell", "ename", "name")
        agrees = all(row.get(key) == other.get(key) for key in keys)
        same += agrees
        if not agrees:
            print(
                f"  {row['mutant']}: {[row.get(key) for key in keys]}, in a kernel {[other.get(key) for key in keys]}"
            )
    print(f"the same outcome, cell, exception and name in a kernel: {Share(same, len(drawn))}")


def main() -> int:
    """Plant, execute, and print how many mutants of each kind ended how."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--python", type=Path, required=True, help="of the environment that executes")
    parser.add_argument("--per-kind", type=int, default=3, help="mutants of each kind of each notebook, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=60.0, help="wall seconds of one mutant")
    parser.add_argument("--base-limit", type=float, default=20.0, help="leave out notebooks that need longer")
    parser.add_argument("--check", type=int, metavar="N", help="only execute N of OUTPUT's mutants again, in kernels")
    options = parser.parse_args()
    written = options.output / "truth.jsonl"
    if options.check:
        rows = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
        compare(options.python, rows, options.output, options.checkouts, options.check, options.limit)
        return 0
    kept = options.output / "outcomes"

    notebooks, left_out = fit_to_run(executed_notebooks(options.labels, options.checkouts))
    for repository in dict.fromkeys(one.repository for one in notebooks):
        copy_context(repository, options.output)
    planted = {one.label: plant(one, options.output, options.per_kind, options.seed) for one in notebooks}
    base = [rows[0] for rows in planted.values()]
    places = (options.output, options.checkouts)
    outcomes = execute(options.python, jobs_of(base, *places), kept, options.base_limit, workers=options.workers)
    for row in base:
        outcome = outcomes[row["mutant"]]
        if outcome["status"] != "ok":
            left_out.append(f"{row['notebook']}: {outcome}")
            for dropped in planted.pop(row["notebook"]):
                (options.output / dropped["mutant"]).unlink()
    print(f"{len(planted)} notebooks run here; left out:")
    print("".join(f"  {line}\n" for line in left_out), end="", flush=True)

    rows = [row for group in planted.values() for row in group]
    new = [row for row in rows if row["kind"] != "unchanged"]
    outcomes |= execute(options.python, jobs_of(new, *places), kept, options.limit, workers=options.workers)
    decided = [{**row, **truth(outcomes[row["mutant"]])} for row in rows]
    written.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in decided), encoding="utf-8")
    ends = Counter((row["kind"], row["status"]) for row in decided)
    for kind in ("unchanged", *PLANTED, *NEUTRAL):
        counts = {status: number for (of, status), number in sorted(ends.items()) if of == kind}
        print(f"{kind:<22} {sum(counts.values()):>4}  {counts}")
    print(f"{len(decided)} notebooks written to {written}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
