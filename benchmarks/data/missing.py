"""Compare missing-input-file and undescribed-data with what happened when notebooks were executed.

    python -m benchmarks.data.missing LABELS.jsonl CHECKOUTS

LABELS and CHECKOUTS are those of ``benchmarks.notebooks.executed``. Run it from the root of this repository. Unlike the
rules about notebooks these compare a notebook with the whole tree, so each repository is checked as a whole.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from benchmarks.notebooks.executed import Executed, executed_notebooks
from benchmarks.notebooks.figures import Share
from benchmarks.notebooks.linters import beside_python

_RULES = "missing-input-file,undescribed-data"
Errors = dict[Path, dict[int, str]]


def errors_in(repro_lint: Path, repository: Path) -> Errors:
    """The messages of the error tier by notebook and cell, which is counted from 0."""
    command = [str(repro_lint), "check", "--isolated", "--level", "production", "--select", _RULES]
    finished = subprocess.run(
        [*command, "--output-format", "json", str(repository)], capture_output=True, text=True, check=False
    )
    found: Errors = defaultdict(dict)
    for diagnostic in json.loads(finished.stdout)["diagnostics"]:
        place = next(one for one in diagnostic["locations"] if one["primary"])
        if diagnostic["severity"] == "error" and place["cell"]:
            found[repository / place["path"]][place["cell"]["index"] - 1] = diagnostic["message"]
    return found


def figures(executed: Iterable[Executed], errors: Errors) -> tuple[Share, list[str], list[str]]:
    """The share of failures for lack of a file whose cell is named, the others, and errors on cells that ran."""
    hits, targets = 0, 0
    missed, false = [], []
    for one in executed:
        cells = errors.get(one.notebook, {})
        if one.cause == "missing-file":
            targets += 1
            hits += one.cell in cells
            if one.cell not in cells:
                missed.append(f"{one.label} cell {one.cell}: {one.evalue[:90]}")
        for cell, message in cells.items():
            if one.ran or (one.cell is not None and cell < one.cell):
                false.append(f"{one.label} cell {cell}: {message}")
    return Share(hits, targets), missed, false


def main() -> int:
    """Print the figures, then each miss and each false alarm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, help="executed notebooks, one JSON object a line")
    parser.add_argument("checkouts", type=Path, help="a folder of repositories named OWNER__NAME")
    parser.add_argument("--repro-lint", type=Path, default=beside_python("repro-lint"))
    options = parser.parse_args()
    executed = [one for one in executed_notebooks(options.labels, options.checkouts) if one.is_decided]
    executed = [one for one in executed if one.notebook.is_file()]
    errors: Errors = {}
    for repository in dict.fromkeys(one.repository for one in executed):
        errors.update(errors_in(options.repro_lint, repository))
    share, missed, false = figures(executed, errors)
    print(f"{len(executed)} notebooks; failures for lack of a file, told on the cell that failed first: {share}")
    print(f"errors on cells that ran: {len(false)}")
    print("\n".join([*(f"  missed: {line}" for line in missed), *(f"  false: {line}" for line in false)]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
