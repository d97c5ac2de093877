"""How many findings of the configuration rules are right, on repositories whose findings somebody has read.

    python -m benchmarks.configuration.precision CHECKOUTS [--labels FILE] [--write FILE]

CHECKOUTS holds repositories as folders OWNER__NAME. Each is linted as a whole; findings of low confidence, which are
hidden by default, are left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RULES = ("absolute-path", "hardcoded-endpoint", "path-hack", "scattered-constant", "unparametrised-run")
LABELS = Path(__file__).with_name("labels.jsonl")


@dataclass(frozen=True)
class Reading:
    """One finding: what identifies it. ``cell`` counts from 1, and is 0 outside of notebooks."""

    repo: str
    rule: str
    path: str
    cell: int
    line: int


def findings(checkout: Path) -> Iterator[Reading]:
    """What the rules report in one repository. Raises ``subprocess.TimeoutExpired`` after ten minutes."""
    options = ("--isolated", "--level=production", f"--select={','.join(RULES)}", "--output-format=jsonl")
    command = [sys.executable, "-m", "repro_lint", "check", *options, "."]
    run = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=600, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{checkout.name}: {run.stderr.strip() or run.returncode}")
    for line in run.stdout.splitlines():
        if line.startswith("{"):
            found = json.loads(line)
            place = found["locations"][0]
            cell = (place["cell"] or {}).get("index") or 0
            yield Reading(checkout.name, found["rule"], place["path"], cell, place["line"] or 0)


def read_labels(path: Path) -> dict[Reading, bool]:
    """The findings that somebody has read, and whether each is right."""
    labels = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        labels[Reading(row["repo"], row["rule"], row["path"], row["cell"], row["line"])] = row["right"]
    return labels


def report(found: list[Reading], labels: dict[Reading, bool]) -> str:
    """A row for each rule: how many findings were read, how many of those are right, how many nobody has read."""
    counts = Counter((finding.rule, labels.get(finding)) for finding in found)
    lines = ["| rule | read | right | precision | not read |", "|---|---|---|---|---|"]
    for rule in RULES:
        right, wrong = counts[rule, True], counts[rule, False]
        share = f"{right / (right + wrong):.2f}" if right + wrong else ""
        lines.append(f"| {rule} | {right + wrong} | {right} | {share} | {counts[rule, None]} |")
    return "\n".join(lines)


def main() -> None:
    """Lint, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--write", type=Path, help="write what nobody has read here, to be labelled")
    options = parser.parse_args()
    labels = read_labels(options.labels)
    repositories = sorted({reading.repo for reading in labels})
    found: list[Reading] = []
    for checkout in sorted(path for path in options.checkouts.iterdir() if path.is_dir()):
        found += findings(checkout)
    print(report(found, labels))
    present = {finding.repo for finding in found}
    if missing := [repo for repo in repositories if repo not in present]:
        print(f"\nno findings in, or no checkout of: {', '.join(missing)}")
    if options.write:
        unread = [vars(finding) | {"right": None} for finding in found if finding not in labels]
        options.write.write_text("".join(json.dumps(row) + "\n" for row in unread), "utf-8")


if __name__ == "__main__":
    main()
