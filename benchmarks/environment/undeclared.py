"""Undeclared imports: what undeclared-import, deptry and FawltyDeps say of the same repositories, and who is right.

    python -m benchmarks.environment.undeclared run CHECKOUTS FINDINGS [--only LIST] [--deptry X] [--fawltydeps X]
    python -m benchmarks.environment.undeclared score FINDINGS [--judgements JSONL]

``run`` asks the three tools about each checkout with their defaults, prints the times, and writes one line for each
import that any of them calls undeclared: the repository, its commit, the first part of the imported name, the tools
that name it and where. LIST is a file with the names of the directories to take. ``score`` compares that with
judgements made by hand, by the policy in undeclared.md, and prints what is wrong or missed.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.notebooks.figures import Share, table

_JUDGEMENTS = Path(__file__).with_name("undeclared-judgements.jsonl")
_OURS, _DEPTRY, _FAWLTYDEPS = "repro-lint", "deptry", "FawltyDeps"
_TOOLS = (_OURS, _DEPTRY, _FAWLTYDEPS)
_NOTED = "repro-lint without notes"
_OPTIONS = ("--isolated", "--no-cache", "--fail-on", "never", "--quiet")
_TIMEOUT = 600

Found = dict[str, list[str]]
"""For the first part of each undeclared name, where it is imported."""


@dataclass(frozen=True)
class Answer:
    """What a tool says of a repository; ``found`` is None where it gives up."""

    found: Found | None
    seconds: float
    notes: frozenset[str] = frozenset()
    """The names of which it says no more than that they come from elsewhere."""


def ask_repro_lint(checkout: Path) -> Answer:
    """The findings of undeclared-import by the first part of the name."""
    command = [sys.executable, "-m", "repro_lint", "check", ".", *_OPTIONS, "--select", "ENV005"]
    output, seconds = _run([*command, "--output-format", "json"], checkout)
    found: defaultdict[str, list[str]] = defaultdict(list)
    loud: set[str] = set()
    for diagnostic in json.loads(output)["diagnostics"]:
        match = re.match(r"`([^`]+)` is imported", diagnostic["message"])
        if diagnostic["code"] != "ENV005" or match is None:
            continue
        name = match[1].partition(".")[0]
        found[name] += [_at(place) for place in (*diagnostic["locations"], *diagnostic.get("related", ()))]
        if diagnostic["severity"] != "note":
            loud.add(name)
    return Answer(dict(found), seconds, frozenset(found.keys() - loud))


def ask_deptry(deptry: Path, checkout: Path) -> Answer:
    """The findings DEP001; None where it ends without a report."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.json")
        _, seconds = _run([str(deptry), ".", "--json-output", str(report)], checkout)
        if not report.is_file():
            return Answer(None, seconds)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in json.loads(report.read_text(encoding="utf-8")):
            if row["error"]["code"] == "DEP001":
                found[row["module"].partition(".")[0]].append(f"{row['location']['file']}:{row['location']['line']}")
        return Answer(dict(found), seconds)


def ask_fawltydeps(fawltydeps: Path, checkout: Path) -> Answer:
    """What ``--check-undeclared`` finds; None where it ends without a report."""
    output, seconds = _run([str(fawltydeps), "--check-undeclared", "--json"], checkout)
    try:
        rows = json.loads(output)["undeclared_deps"] or ()
    except (ValueError, KeyError):
        return Answer(None, seconds)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        for place in row["references"]:
            found[row["name"].partition(".")[0]].append(f"{place.get('path')}:{place.get('lineno')}")
    return Answer(dict(found), seconds)


def _at(place: Mapping[str, Any]) -> str:
    cell = place.get("cell")
    inside = f"cell {cell['index']}:" if cell else ""
    return f"{place['path']}:{inside}{place.get('line')}"


def _run(command: Sequence[str], checkout: Path) -> tuple[str, float]:
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=checkout, capture_output=True, text=True, timeout=_TIMEOUT, check=False, errors="replace"
    )
    return done.stdout, time.perf_counter() - begun


def run(options: argparse.Namespace) -> None:
    """Ask the tools about the checkouts, write the union of their findings, and print the times."""
    wanted = options.only.read_text(encoding="utf-8").split() if options.only else None
    checkouts = [p for p in sorted(options.checkouts.iterdir()) if p.is_dir() and (wanted is None or p.name in wanted)]
    seconds: defaultdict[str, float] = defaultdict(float)
    gave_up: defaultdict[str, int] = defaultdict(int)
    with options.findings.open("w", encoding="utf-8") as lines:
        for checkout in checkouts:
            answers = {
                _OURS: ask_repro_lint(checkout),
                _DEPTRY: ask_deptry(options.deptry, checkout),
                _FAWLTYDEPS: ask_fawltydeps(options.fawltydeps, checkout),
            }
            for tool, answer in answers.items():
                seconds[tool] += answer.seconds
                gave_up[tool] += answer.found is None
            lines.writelines(json.dumps(row) + "\n" for row in _rows(checkout, answers))
    rows = [(tool, f"{seconds[tool]:.1f} s", str(gave_up[tool])) for tool in _TOOLS]
    print(table(("tool", "wall", "gave up"), rows), f"\n{len(checkouts)} repositories")


def _rows(checkout: Path, answers: Mapping[str, Answer]) -> Iterable[dict[str, Any]]:
    commit, _ = _run(["git", "rev-parse", "HEAD"], checkout)
    repository = checkout.name.replace("__", "/", 1)
    for name in sorted({name for answer in answers.values() for name in answer.found or ()}):
        said = [tool for tool, answer in answers.items() if name in (answer.found or ())]
        where = sorted({place for tool in said for place in (answers[tool].found or {})[name]})
        note = name in answers[_OURS].notes
        row = {"repository": repository, "commit": commit.strip(), "import": name, "tools": said, "places": where[:5]}
        yield row | ({"note": True} if note else {})


def score(options: argparse.Namespace) -> int:
    """Print precision and recall of each tool against the judgements, and every finding of ours that is wrong."""
    found = _read(options.findings)
    judged = {_key(row): row for row in _read(options.judgements)}
    scope = {_key(row) for row in found}
    if unjudged := [row for row in found if _key(row) not in judged]:
        print(f"{len(unjudged)} findings are not judged:", *(_key(row) for row in unjudged[:20]), sep="\n  ")
        return 1
    found = [row for row in found if judged[_key(row)]["true"] is not None]
    said = {tool: {_key(row) for row in found if tool in row["tools"]} for tool in _TOOLS}
    said[_NOTED] = said[_OURS] - {_key(row) for row in found if row.get("note")}
    true = {key for key, row in judged.items() if row["true"] and row["repository"] in {key[0] for key in scope}}
    rows = [
        (tool, Share(len(keys & true), len(keys)), Share(len(keys & true), len(true))) for tool, keys in said.items()
    ]
    print(table((f"{len(true)} true of {len(found)}", "precision", "recall"), rows), "\n")
    for title, keys in (("false", said[_OURS] - true), ("missed", true - said[_OURS])):
        for key in sorted(keys):
            print(f"  {title}: {' '.join(key)}: {judged[key]['why']}")
    return 0


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["repository"], row["import"]


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, dest="command")
    running = commands.add_parser("run")
    running.add_argument("checkouts", type=Path)
    running.add_argument("findings", type=Path)
    running.add_argument("--only", type=Path)
    running.add_argument("--deptry", type=Path, default=Path("deptry"))
    running.add_argument("--fawltydeps", type=Path, default=Path("fawltydeps"))
    scoring = commands.add_parser("score")
    scoring.add_argument("findings", type=Path)
    scoring.add_argument("--judgements", type=Path, default=_JUDGEMENTS)
    options = parser.parse_args()
    if options.command == "score":
        return score(options)
    run(options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
