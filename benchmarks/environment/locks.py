"""Every lock below a directory of checkouts: what stale-lockfile says of it, and what the tool that writes it says.

    python -m benchmarks.environment.locks CHECKOUTS [--tools DIRECTORY]

``--tools`` is a directory with ``uv``, ``poetry``, ``pdm`` and ``pipenv``; each is asked in a copy of the lock's
directory, and uv may build nothing. What differs between the two is printed below the table.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from repro_lint.api import Environment, Finding, NotApplicable, Project
from repro_lint.files import open_view
from repro_lint_rules.environment.stale_lockfile.rule import StaleLockfile

_QUESTIONS = {
    "uv.lock": ("uv", "lock", "--check", "--no-build", "--no-config"),
    "poetry.lock": ("poetry", "check", "--lock"),
    "pdm.lock": ("pdm", "lock", "--check"),
    "Pipfile.lock": ("pipenv", "verify"),
}
# What the tools say when it is the lock that they refuse. Other failures (no network, no Python) are no answer.
_REFUSALS = (
    "needs to be updated",
    "changed significantly since",
    "doesn't satisfy the project requirements",
    "out-of-date",
)


@dataclass(frozen=True)
class Lock:
    """A lock and what is said of it: fresh, stale or abstained, and why."""

    repository: str
    path: str
    kind: str
    verdict: str
    reason: str = ""


def locks_in(checkout: Path) -> Iterator[Lock]:
    """Every lock of a kind that the rule compares."""
    project = Project(open_view(checkout))
    said = {
        item.place.path if isinstance(item, Finding) else item.path: item for item in StaleLockfile().check(project)
    }
    for lock in project.fact(Environment).locks:
        name = lock.path.rpartition("/")[2]
        explicit = lock.tool == "conda-lock" and name.endswith(".lock")
        if (name not in _QUESTIONS and lock.tool not in ("pip-compile", "pixi", "conda-lock", "PEP 751")) or explicit:
            continue
        item = said.get(lock.path)
        kind = name if name in _QUESTIONS else lock.tool
        if isinstance(item, Finding):
            yield Lock(checkout.name, lock.path, kind, "stale", item.message)
        elif isinstance(item, NotApplicable):
            yield Lock(checkout.name, lock.path, kind, "abstained", item.reason)
        else:
            yield Lock(checkout.name, lock.path, kind, "fresh")


def asked(lock: Lock, checkouts: Path, tools: Path) -> str:
    """What the tool says of the lock: fresh, stale, or nothing that could be understood."""
    question = _QUESTIONS.get(lock.kind)
    if question is None or not (tools / question[0]).exists():
        return ""
    with tempfile.TemporaryDirectory() as copy:
        source = checkouts / lock.repository / Path(lock.path).parent
        shutil.copytree(source, copy, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        command = [str(tools / question[0]), *question[1:]]
        try:
            done = subprocess.run(
                command, cwd=copy, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False
            )
        except subprocess.TimeoutExpired:
            return ""
    said = done.stdout + done.stderr
    if any(refusal in said for refusal in _REFUSALS):
        return "stale"
    return "" if done.returncode and lock.kind != "poetry.lock" else "fresh"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--tools", type=Path)
    arguments = parser.parse_args()
    found = [lock for path in sorted(arguments.checkouts.iterdir()) if path.is_dir() for lock in locks_in(path)]
    answers = {lock: asked(lock, arguments.checkouts, arguments.tools) if arguments.tools else "" for lock in found}
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for lock in found:
        counts[lock.kind][lock.verdict] += 1
        counts[lock.kind]["asked"] += bool(answers[lock])
        counts[lock.kind]["agreed"] += bool(answers[lock]) and answers[lock] == lock.verdict
    columns = ("fresh", "stale", "abstained", "asked", "agreed")
    print(f"| lock | locks | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 2)}")
    for kind, count in sorted(counts.items()):
        total = sum(count[verdict] for verdict in columns[:3])
        print(f"| {kind} | {total} | {' | '.join(str(count[column]) for column in columns)} |")
    print()
    for lock in found:
        if lock.verdict == "stale" or answers[lock] not in ("", lock.verdict):
            said = f" (its tool says {answers[lock]})" if answers[lock] else ""
            print(f"{lock.repository} {lock.path}: {lock.verdict}{said}: {lock.reason}")


if __name__ == "__main__":
    main()
