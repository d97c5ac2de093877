"""Compare what removed-api says of notebooks with what happened when the notebooks were executed.

    python -m benchmarks.environment.removed_api LABELS.jsonl CHECKOUTS ENVIRONMENT [--older ENVIRONMENT]

LABELS and CHECKOUTS are those of ``benchmarks.notebooks.executed``; a row may hold, under ``env_b``, what happened with
the older releases. ENVIRONMENT is what was installed, one ``name==version`` a line: the notebooks and modules of each
repository are copied beside it, and it is their requirements.txt. Run it from the root of this repository;
removed-api.md has the figures.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.notebooks.executed import Executed, executed_notebooks
from benchmarks.notebooks.figures import Share, table
from benchmarks.notebooks.linters import Finding, beside_python, repro_lint_findings

_RULE = "ENV014"
_CAUSE = "api-removed"


@dataclass(frozen=True)
class Verdicts:
    """The findings of one notebook by what is known of their cells."""

    one: Executed
    findings: Sequence[Finding]

    @property
    def is_failure(self) -> bool:
        """Whether the notebook failed first for the lack of an API."""
        return not self.one.ran and self.one.cause == _CAUSE

    @property
    def hit(self) -> bool:
        """Whether a finding is on the cell that failed."""
        return any(finding.cell == self.one.cell for finding in self.findings)

    def on_cells_that_ran(self, *, errors_only: bool) -> list[Finding]:
        """The findings on cells of which it is known that they ran."""
        return [
            finding
            for finding in self.findings
            if (self.one.ran or (self.one.cell is not None and finding.cell < self.one.cell))
            and (finding.is_error or not errors_only)
        ]


def verdicts(executed: Sequence[Executed], environment: Path, repro_lint: Path) -> list[Verdicts]:
    """What the rule says of each notebook where that environment is required."""
    with tempfile.TemporaryDirectory() as scratch:
        copies: dict[Path, tuple[Path, Path]] = {}
        for repository in sorted({one.repository for one in executed}):
            root = Path(scratch).resolve() / repository.name
            for path in (
                *repository.rglob("*.py"),
                *(one.notebook for one in executed if one.repository == repository),
            ):
                copy = root / path.relative_to(repository)
                if path.name == "setup.py" or not path.is_file():  # it speaks of another environment
                    continue
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
                copies[path] = root, copy
            shutil.copy(environment, root / "requirements.txt")
            subprocess.run(["git", "init", "--quiet", str(root)], check=True)  # which makes it the root
        found = repro_lint_findings(repro_lint, [_RULE], [copies[one.notebook] for one in executed])
        return [Verdicts(one, found[copies[one.notebook][1]]) for one in executed]


def main() -> int:
    """Print the figures, then every miss and every false finding."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--older", type=Path, help="the environment that env_b speaks of")
    parser.add_argument("--repro-lint", type=Path, default=beside_python("repro-lint"))
    options = parser.parse_args()
    executed = [
        one
        for one in executed_notebooks(options.labels, options.checkouts)
        if one.notebook.is_file() and one.is_decided
    ]
    found = verdicts(executed, options.environment, options.repro_lint)
    failures = [one for one in found if one.is_failure]
    rows = [
        ("failures with a finding on the cell", Share(sum(v.hit for v in failures), len(failures))),
        ("notebooks with an error on a cell that ran", _share_false(found, errors_only=True)),
        ("notebooks with any finding on a cell that ran", _share_false(found, errors_only=False)),
    ]
    print(table(("current releases", f"of {len(executed)} notebooks"), rows), "\n")
    for v in failures:
        if not v.hit:
            print(f"  missed: {v.one.label} cell {v.one.cell}: {v.one.ename}: {v.one.evalue[:90]}")
    for v in found:
        for finding in v.on_cells_that_ran(errors_only=False):
            print(f"  false ({finding.severity}): {v.one.label} cell {finding.cell}: {finding.message}")
    if options.older:
        _print_older(options, executed, found)
    return 0


def _share_false(found: Sequence[Verdicts], *, errors_only: bool) -> Share:
    return Share(sum(bool(v.on_cells_that_ran(errors_only=errors_only)) for v in found), len(found))


def _print_older(options: argparse.Namespace, executed: Sequence[Executed], found: Sequence[Verdicts]) -> None:
    """What becomes of the findings on the cells that failed, where the older releases are required."""
    outcomes = {}
    for line in options.labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        outcomes[f"{row['repo']}:{row['path']}"] = row
    retried = [one for one in executed if outcomes[one.label].get("env_b")]
    older = {v.one.label: v for v in verdicts(retried, options.older, options.repro_lint)}
    print(f"\n{len(retried)} notebooks were executed with the older releases, too")
    for v in found:
        if v.one.label not in older or not v.hit:
            continue
        row = outcomes[v.one.label]
        same = not row["env_b"]["ran"] and row["env_b"]["evalue"] == row["evalue"]
        kept = older[v.one.label].hit
        verdict = "as it should" if kept is same else "NOT as it should"
        print(
            f"  {'kept' if kept else 'gone'}, {verdict}: {v.one.label}: {row['evalue'][:60]!r} then "
            f"{'ran' if row['env_b']['ran'] else row['env_b']['evalue'][:60]!r}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
