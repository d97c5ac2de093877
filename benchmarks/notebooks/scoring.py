"""Lint executed mutants and compare with what happened to them; nothing is executed.

    python -m benchmarks.notebooks.scoring MUTANTS

MUTANTS is what mutants.py wrote. Run it from the root of this repository; README.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.notebooks.figures import Share, table
from benchmarks.notebooks.linters import (
    Finding,
    Findings,
    available_rules,
    beside_python,
    repro_lint_findings,
    ruff_findings,
)
from benchmarks.notebooks.mutations import NEUTRAL, PLANTED

_KINDS = ("unchanged", *PLANTED, *NEUTRAL)


@dataclass(frozen=True)
class Mutant:
    """An executed mutant. ``cell``, from 0 over all cells, failed first; ``name`` is that of a NameError of its own."""

    id: str
    source: str
    kind: str
    detail: str
    status: str
    cell: int | None
    name: str | None
    ename: str | None

    def failure(self) -> str:
        """What happened, in words."""
        if self.status == "ok":
            return "ran"
        what = f"NameError {self.name}" if self.status == "name-error" else self.ename
        return f"cell {self.cell} raised {what}"


@dataclass(frozen=True)
class Judgement:
    """What one tool said of one mutant.

    ``hit``: whether a finding with the right name is on the cell that raised the NameError; None when none was raised.
    ``precise``: whether the first finding is on the cell that raised a NameError first; None without findings, or when
    the first is on or below a cell that failed otherwise, where it cannot be verified. ``false``: on cells that ran.
    """

    mutant: Mutant
    hit: bool | None
    named_elsewhere: bool
    precise: bool | None
    false: list[Finding]


def mutants_in(folder: Path) -> list[Mutant]:
    """The mutants whose outcome is decided, in the order of the file."""
    keys = ("mutant", "notebook", "kind", "detail", "status", "cell", "name", "ename")
    rows = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    return [Mutant(*(row.get(key) for key in keys)) for row in rows if row["status"] in {"ok", "name-error", "error"}]


def judgement(mutant: Mutant, findings: Sequence[Finding]) -> Judgement:
    """Compare findings, in the order of the notebook, with what happened."""
    end = mutant.cell
    false = [finding for finding in findings if end is None or finding.cell < end]
    hit, elsewhere = None, False
    if mutant.status == "name-error" and mutant.name:
        named = [finding for finding in findings if finding.names(mutant.name)]
        hit = any(finding.cell == end for finding in named)
        elsewhere = bool(named) and not hit
    precise = None
    if false:
        precise = False
    elif findings and findings[0].cell == end and mutant.status == "name-error":
        precise = True
    return Judgement(mutant, hit, elsewhere, precise, false)


def print_kinds(judged: Mapping[str, Sequence[Judgement]]) -> None:
    """A table for each tool: one line for each kind of change."""
    header = ("kind", "mutants", "recall", "right name elsewhere", "precision", "false", "their notebooks")
    for tool, judgements in judged.items():
        rows = []
        for kind in (*_KINDS, "all"):
            part = [one for one in judgements if kind in ("all", one.mutant.kind)]
            hits = [one.hit for one in part if one.hit is not None]
            precise = [one.precise for one in part if one.precise is not None]
            false = [one for one in part if one.false]
            rows.append(
                (
                    kind,
                    len(part),
                    Share(sum(hits), len(hits)),
                    sum(one.named_elsewhere for one in part),
                    Share(sum(precise), len(precise)),
                    len(false),
                    len({one.mutant.source for one in false}),
                )
            )
        print(f"\n## {tool}\n\n{table(header, rows)}")


def print_errors(judged: Mapping[str, Sequence[Judgement]]) -> None:
    """Every miss and every finding on a cell that ran, by tool."""
    for tool, judgements in judged.items():
        print(f"\n## {tool}: misses and false alarms\n")
        for one in judgements:
            mutant = one.mutant
            if one.hit is False:
                elsewhere = ", found elsewhere" if one.named_elsewhere else ""
                print(f"missed  {mutant.id}: {mutant.failure()}{elsewhere} ({mutant.detail})")
            for (cell, message), times in Counter((each.cell, each.message) for each in one.false).items():
                print(f"false   {mutant.id}: cell {cell} {message} × {times}; {mutant.failure()} ({mutant.detail})")


def main() -> int:
    """Print the tables, then each miss and false alarm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mutants", type=Path)
    parser.add_argument("--repro-lint", type=Path, default=beside_python("repro-lint"))
    parser.add_argument("--ruff", type=Path, default=beside_python("ruff"))
    parser.add_argument("--quiet", action="store_true", help="print the tables only")
    options = parser.parse_args()

    folder = options.mutants.absolute()
    mutants = mutants_in(folder)
    places = [(folder / Path(one.id).parts[0], folder / one.id) for one in mutants]
    found: dict[str, Findings] = {}
    if available_rules(options.repro_lint, ["NBK001"]):
        every = repro_lint_findings(options.repro_lint, ["NBK001"], places)
        found["NBK001, error tier"] = {path: [one for one in said if one.is_error] for path, said in every.items()}
        found["NBK001, all tiers"] = every
    else:
        print("this repro-lint has no NBK001")
    found["ruff F821"] = ruff_findings(options.ruff, places)

    ends = Counter(one.status for one in mutants)
    sources = len({one.source for one in mutants})
    print(f"{len(mutants)} executed notebooks made from {sources} that run: {dict(ends)}")
    judged = {tool: [judgement(one, said[folder / one.id]) for one in mutants] for tool, said in found.items()}
    print_kinds(judged)
    if not options.quiet:
        print_errors(judged)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
