"""Compare what linters say of notebooks with what happened when the notebooks were executed.

    python -m benchmarks.notebooks.executed LABELS.jsonl CHECKOUTS [--pynblint PROGRAM]

LABELS holds one executed notebook a line: repo (OWNER/NAME), path, ran, ename, evalue, failing_cell_index (from 0 over
all cells), cause, and optionally snapshot_artifact and targeted. CHECKOUTS holds a folder OWNER__NAME for each
repository. Run it from the root of this repository; README.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.notebooks.figures import Share, table
from benchmarks.notebooks.linters import (
    Finding,
    Findings,
    as_json,
    available_rules,
    beside_python,
    pynblint_slugs,
    repro_lint_findings,
    ruff_findings,
)

_CALL_ERROR = re.compile(
    r"missing \d+ required|takes \d+ positional|takes from \d+ to \d+ positional|unexpected keyword argument"
    r"|got multiple values for|takes no (keyword )?arguments|positional-only"
)


@dataclass(frozen=True)
class Executed:
    """A notebook and what happened top to bottom. ``cell`` is the one that failed first, from 0 over all cells."""

    repository: Path
    notebook: Path
    label: str
    ran: bool
    ename: str
    evalue: str
    cause: str
    cell: int | None
    targeted: bool
    artifact: bool

    @property
    def is_decided(self) -> bool:
        """Whether the outcome speaks of the notebook: it ended, and nothing was missing from the copy that ran."""
        return not self.artifact and self.cause != "timeout"

    @property
    def name(self) -> str | None:
        """The name of a NameError."""
        match = re.match(r"name '(\w+)' is not defined|.*variable '(\w+)'", self.evalue)
        return (match.group(1) or match.group(2)) if match and self.ename in _NAME_ERRORS else None


_NAME_ERRORS = {"NameError", "UnboundLocalError"}

# The failures that a rule claims to find. A TypeError stands for a stale call only when it speaks of arguments.
_CLAIMS: dict[str, Callable[[Executed], bool]] = {
    "NBK001": lambda one: one.ename in _NAME_ERRORS,
    "NBK004": lambda one: not one.ran,
    "NBK007": lambda one: one.ename in {"SyntaxError", "IndentationError", "TabError"},
    "NBK019": lambda one: one.ename == "TypeError" and _CALL_ERROR.search(one.evalue) is not None,
    "NBK020": lambda one: one.ename in {"StdinNotImplementedError", "EOFError"},
}


def executed_notebooks(labels: Path, checkouts: Path) -> list[Executed]:
    """The labelled notebooks, whether or not the checkouts hold them."""
    found = []
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        repository = (checkouts / row["repo"].replace("/", "__")).absolute()
        found.append(
            Executed(
                repository,
                repository / row["path"],
                f"{row['repo']}:{row['path']}",
                bool(row["ran"]),
                row["ename"] or "",
                row["evalue"] or "",
                row["cause"],
                row["failing_cell_index"],
                bool(row.get("targeted")),
                bool(row.get("snapshot_artifact")),
            )
        )
    return found


@dataclass(frozen=True)
class Verdict:
    """The figures of one rule. A finding is false when its cell ran: in a notebook that ran, or before the failure."""

    on_cell: Share
    elsewhere: int
    false_on_ran: Share
    false_before_failure: int
    precision: Share
    misses: list[str]
    false: list[str]


def verdict(
    executed: Sequence[Executed], found: Findings, claims: Callable[[Executed], bool], speaks_of_cell: bool
) -> Verdict:
    """The figures of findings that speak of failures of the claimed kind.

    ``speaks_of_cell``: a finding says that its own cell fails, so one on a cell that ran is false even in a notebook
    that failed further down. Precision counts the notebooks whose first finding is decided: right when that cell
    failed first as claimed, wrong when it ran. Findings further down than the failure cannot be verified.
    """
    hits = elsewhere = right = wrong = before = 0
    misses, false = [], []
    for one in executed:
        findings = found[one.notebook]
        target = not one.ran and claims(one)
        hit = target and any(_matches(finding, one) for finding in findings)
        hits += hit
        if target and not hit:
            elsewhere += any(_is_named(finding, one) for finding in findings)
            misses.append(f"{one.label} cell {one.cell}: {one.ename}: {one.evalue[:80]}")
        passed = [each for each in findings if one.ran or (speaks_of_cell and _precedes(each, one))]
        before += bool(passed) and not one.ran
        for finding in dict.fromkeys((each.cell, each.message) for each in passed):
            false.append(f"{one.label} cell {finding[0]}: {finding[1]}")
        wrong += bool(passed)
        right += not passed and (hit if speaks_of_cell else target and bool(findings))
    ran = [one for one in executed if one.ran]
    return Verdict(
        Share(hits, sum(not one.ran and claims(one) for one in executed)),
        elsewhere,
        Share(sum(bool(found[one.notebook]) for one in ran), len(ran)),
        before,
        Share(right, right + wrong),
        misses,
        false,
    )


def _precedes(finding: Finding, one: Executed) -> bool:
    """Whether the finding is on a cell that ran before the one that failed."""
    return one.cell is not None and finding.cell < one.cell


def _is_named(finding: Finding, one: Executed) -> bool:
    """Whether a finding about an undefined name has the name of the NameError; true of findings about other things."""
    return finding.rule not in {"NBK001", "F821"} or one.name is None or finding.names(one.name)


def _matches(finding: Finding, one: Executed) -> bool:
    """Whether a finding is on the cell that failed first and, for a NameError, has the name."""
    return finding.cell == one.cell and _is_named(finding, one)


def of_rule(found: Findings, rule: str, errors_only: bool) -> Findings:
    """The findings of one rule, of its error tier if so asked."""
    return {
        path: [one for one in findings if one.rule == rule and (one.is_error or not errors_only)]
        for path, findings in found.items()
    }


def print_rules(executed: Sequence[Executed], ours: Findings, rules: Sequence[str], ruffs: Findings) -> None:
    """One line for each rule and tier, then each miss and false alarm."""
    rows, lists = [], []
    contestants = [(rule, tier, of_rule(ours, rule, tier == "error")) for rule in rules for tier in ("error", "all")]
    contestants.append(("F821", "ruff", ruffs))
    for rule, tier, found in contestants:
        claims = _CLAIMS["NBK001" if rule == "F821" else rule]
        # A stored error was met in some other run: it predicts that the notebook fails, not where.
        result = verdict(executed, found, claims, speaks_of_cell=rule != "NBK004")
        rows.append(
            (
                rule,
                tier,
                result.on_cell,
                result.elsewhere,
                result.false_on_ran,
                result.false_before_failure,
                result.precision,
            )
        )
        if tier != "all":
            lists += [f"  {rule} missed: {line}" for line in result.misses if rule != "NBK004"]
        lists += [f"  {rule} ({tier}) false: {line}" for line in result.false]
    header = (
        "rule",
        "tier",
        "on the failing cell",
        "on another",
        "ran, yet flagged",
        "flagged before failure",
        "precision",
    )
    print(table(header, rows))
    print("\n".join(lists), "\n")


def print_together(executed: Sequence[Executed], ours: Findings, ruffs: Findings) -> None:
    """The share of all failures that the error tier of the set places on the cell that failed first."""
    failed = [one for one in executed if not one.ran]
    ran = [one for one in executed if one.ran]
    rows = []
    for name, found, errors_only in (
        ("set, error tier", ours, True),
        ("set, all tiers", ours, False),
        ("ruff F821", ruffs, False),
    ):
        kept = {path: [one for one in findings if one.is_error or not errors_only] for path, findings in found.items()}
        on_cell = sum(any(each.cell == one.cell for each in kept[one.notebook]) for one in failed)
        anywhere = sum(bool(kept[one.notebook]) for one in failed)
        alarms = sum(bool(kept[one.notebook]) for one in ran)
        rows.append((name, Share(on_cell, len(failed)), Share(anywhere, len(failed)), Share(alarms, len(ran))))
    print(table(("together", "failures: on the cell", "failures: on the notebook", "ran, yet flagged"), rows), "\n")


def print_pynblint(pynblint: Path, executed: Sequence[Executed]) -> None:
    """How pynblint's lints, which speak of whole notebooks, divide those that failed from those that ran."""
    failed, ran, crashes = Counter[str](), Counter[str](), Counter[str]()
    answered = Counter[bool]()
    for one in executed:
        slugs = pynblint_slugs(pynblint, one.notebook)
        if isinstance(slugs, str):
            crashes[slugs] += 1
            continue
        answered[one.ran] += 1
        (ran if one.ran else failed).update(slugs)
    rows = [
        (
            slug,
            Share(failed[slug], answered[False]),
            Share(ran[slug], answered[True]),
            Share(failed[slug], failed[slug] + ran[slug]),
        )
        for slug in sorted(failed | ran, key=lambda slug: -failed[slug])
    ]
    print(table(("pynblint", "of failed notebooks", "of notebooks that ran", "failed, of flagged"), rows))
    print("  notebooks it gave no answer for:", dict(crashes) or "none", "\n")


def main() -> int:
    """Print the figures of the random sample, then of the notebooks that were picked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, help="executed notebooks, one JSON object a line")
    parser.add_argument("checkouts", type=Path, help="a folder of repositories named OWNER__NAME")
    parser.add_argument("--repro-lint", type=Path, default=beside_python("repro-lint"))
    parser.add_argument("--ruff", type=Path, default=beside_python("ruff"))
    parser.add_argument("--pynblint", type=Path, help="left out unless given")
    parser.add_argument("--findings", type=Path, help="write all findings to this file, as JSON")
    options = parser.parse_args()

    labelled = executed_notebooks(options.labels, options.checkouts)
    absent = [one for one in labelled if not one.notebook.is_file()]
    left_out = [one for one in labelled if one not in absent and not one.is_decided]
    executed = [one for one in labelled if one not in absent and one.is_decided]
    print(f"{len(labelled)} labelled, {len(absent)} absent from the checkouts, {len(left_out)} undecided and left out")
    for one in absent:
        print(f"  absent: {one.label}")

    places = [(one.repository, one.notebook) for one in executed]
    rules = available_rules(options.repro_lint, _CLAIMS)
    if lacking := [rule for rule in _CLAIMS if rule not in rules]:
        print(f"  this repro-lint has no {', '.join(lacking)}")
    ours = repro_lint_findings(options.repro_lint, rules, places) if rules else {path: [] for _, path in places}
    ruffs = ruff_findings(options.ruff, places)
    for title, targeted in (("random sample", False), ("picked notebooks", True)):
        part = [one for one in executed if one.targeted is targeted]
        failed = sum(not one.ran for one in part)
        print(f"\n## {title}: {len(part)} notebooks, {failed} failed, {len(part) - failed} ran\n")
        if part:
            print_rules(part, ours, rules, ruffs)
            print_together(part, ours, ruffs)
        if part and options.pynblint and not targeted:
            print_pynblint(options.pynblint.absolute(), part)
    if options.findings:
        options.findings.write_text(json.dumps([*as_json(ours), *as_json(ruffs)], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
