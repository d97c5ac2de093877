"""Count how many labelled lines of public repositories repro-lint's randomness rules name.

    python -m benchmarks.randomness.lines LABELS.jsonl CHECKOUTS [--show]

Each line of LABELS has ``repo`` (OWNER/NAME) and ``facts``, with ``unseeded_randomness`` and ``seeded_ok_examples``:
places as ``path:line`` or, in a notebook, ``path#cCELL:line``, with words behind them. CHECKOUTS holds each repository,
at the commit that was labelled, in a folder OWNER__NAME; those that are not there are left out, as are files in R.

A place is named if a finding, or a related place of one, begins at most one line off, or is a call that goes over the
line. Prints how many places are named as draws without a seed, and how many that are seeded, by which rules; ``--show``
also prints those that count against the linter.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

_PLACE = re.compile(r"(.+?\.(?:py|ipynb))(?:#c(\d+))?:(\d+)")


class Named(NamedTuple):
    """A place of a finding: its file, its cell (from 0), its lines, and the rule."""

    path: str
    cell: int | None
    first: int
    last: int
    rule: str


def named(tree: Path) -> Iterator[Named]:
    """All places of the findings in a tree."""
    command = [sys.executable, "-m", "repro_lint", "--isolated", "--level", "production", "--select", "randomness"]
    done = subprocess.run([*command, "--output-format", "json", str(tree)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    for finding in json.loads(done.stdout)["diagnostics"]:
        for place in finding["locations"]:
            cell = place["cell"]["index"] if place["cell"] else None
            yield Named(
                place["path"], cell, place["line"] or 0, place["end_line"] or place["line"] or 0, finding["code"]
            )


def rules_at(place: str, found: list[Named]) -> list[str] | None:
    """The rules that name the place; None for what is no place in Python."""
    match = _PLACE.match(place)
    if match is None:
        return None
    path, cell, line = match[1], match[2], int(match[3])
    return [
        other.rule
        for other in found
        if other.path == path
        and (cell is None or other.cell in (int(cell), int(cell) + 1))  # labels count cells from 0 or from 1
        and other.first - 1 <= line <= max(other.first + 1, other.last)
    ]


def main() -> int:
    """Print the figures; 1 if a place that is seeded is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--show", action="store_true", help="print the places that count against the linter")
    options = parser.parse_args()
    totals: Counter[str] = Counter()
    by_rule: Counter[str] = Counter()
    against: list[str] = []
    for label in map(json.loads, options.labels.read_text(encoding="utf-8").splitlines()):
        tree = options.checkouts / label["repo"].replace("/", "__")
        facts: dict[str, Any] = label["facts"]
        unseeded, seeded = facts.get("unseeded_randomness") or [], facts.get("seeded_ok_examples") or []
        if not (unseeded or seeded) or not tree.is_dir():
            continue
        found = list(named(tree))
        for kind, places in (("unseeded", unseeded), ("seeded", seeded)):
            for place in places:
                rules = rules_at(place, found)
                if rules is None:
                    continue
                totals[kind] += 1
                totals[f"{kind} named"] += bool(rules)
                by_rule.update(rules[:1] if kind == "unseeded" else ())
                if bool(rules) is (kind == "seeded"):
                    against.append(f"{kind}: {label['repo']} {place}")
    for kind in ("unseeded", "seeded"):
        print(f"{kind}: {totals[f'{kind} named']} of {totals[kind]} places are named")
    print(", ".join(f"{rule} {count}" for rule, count in sorted(by_rule.items())))
    print("\n".join(against) if options.show else "", end="")
    return int(totals["seeded named"] > 0)


if __name__ == "__main__":
    sys.exit(main())
