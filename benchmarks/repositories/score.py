"""Compare what repro-lint knows of repositories with labels that people gave them by hand.

    python benchmarks/repositories/score.py LABELS.jsonl CHECKOUTS

Each line of LABELS is a repository: ``repo`` (OWNER/NAME), ``commit`` and ``facts``. CHECKOUTS holds a work tree of
each, named OWNER__NAME. A fact that has no label is not compared. The exit code is 1 if a fact agrees in less than
95 % of them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repro_lint.api import Documentation, Finding, Project
from repro_lint.files import open_view
from repro_lint_rules.review.licences import Licences
from repro_lint_rules.running.installing import InstallInstructions
from repro_lint_rules.running.instruction_names_missing_file.rule import InstructionNamesMissingFile
from repro_lint_rules.running.instructions import RunInstructions
from repro_lint_rules.testing.ci_runs import CiTests
from repro_lint_rules.testing.presence import Tests

WANTED = 0.95
LARGE = 5_000_000  # bytes: the labels call nothing smaller large

Answer = tuple[object, str]
"""What is known, in the form of the label, and the evidence."""


@dataclass(frozen=True)
class Fact:
    """A fact of the labels, and how repro-lint answers it."""

    name: str
    label: Callable[[dict[str, Any]], object]
    known: Callable[[Project], Answer]


def readme(project: Project) -> Answer:
    """The path of the README."""
    found = project.fact(Documentation).readme
    return found, str(found)


def install(project: Project) -> Answer:
    """Whether a document says what to install."""
    first = project.fact(InstallInstructions).first
    return first is not None, f"{first.path}:{first.line} {first.kind}" if first else ""


def run(project: Project) -> Answer:
    """Whether a document says how to run."""
    first = project.fact(RunInstructions).first
    return first is not None, f"{first.path}:{first.line} {first.kind}" if first else ""


def missing(project: Project) -> Answer:
    """Whether a documented command names what is not there."""
    found = [f for f in InstructionNamesMissingFile().check(project) if isinstance(f, Finding)]
    return bool(found), "; ".join(f.message for f in found)


def tests(project: Project) -> Answer:
    """Whether there are tests."""
    found = project.fact(Tests).files
    return bool(found), ", ".join(found[:3])


def ci_tests(project: Project) -> Answer:
    """Whether continuous integration runs tests, where there are any."""
    ci = project.fact(CiTests)
    return ci.answer == "yes" and bool(project.fact(Tests).files), f"{ci.answer} {ci.where or ''}"


def large_data(project: Project) -> Answer:
    """Whether a tracked file is large: by its size in git's index where a checkout left it out."""
    sizes = dict(_sizes(project))
    large = sorted((path for path, size in sizes.items() if size >= LARGE), key=lambda path: -sizes[path])
    return bool(large), ", ".join(large[:3])


def _sizes(project: Project) -> Iterator[tuple[str, int]]:
    for path in project.view.paths():
        try:
            yield path, project.view.size(path)
        except OSError:
            yield path, LARGE  # mirrors leave out what is large
    listed = subprocess.run(
        ["git", "ls-files", "--deleted"], cwd=project.root, capture_output=True, text=True, check=True
    )
    for path in listed.stdout.splitlines():
        yield path, LARGE


def licence(project: Project) -> Answer:
    """Whether anything states terms."""
    found = project.fact(Licences).paths
    return bool(found), ", ".join(found[:3])


def _value(entry: object) -> object:
    return entry.get("value") if isinstance(entry, dict) else entry


FACTS = (
    Fact("README", lambda facts: facts.get("readme"), readme),
    Fact("install", lambda facts: _value(facts["has_install_instructions"]), install),
    Fact("run", lambda facts: _value(facts["has_run_instructions"]), run),
    Fact("missing names", lambda facts: bool(facts["readme_names_missing_files"]), missing),
    Fact("tests", lambda facts: _value(facts["has_tests"]), tests),
    Fact("CI runs tests", lambda facts: _value(facts["ci_runs_tests"]), ci_tests),
    Fact("large data", lambda facts: bool(facts["large_data_in_git"]), large_data),
    Fact("licence", lambda facts: _value(facts["license"]), licence),
)


def main() -> int:
    """Print the agreement for each fact, and every difference with the evidence of both sides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    arguments = parser.parse_args()
    same: dict[str, int] = dict.fromkeys((fact.name for fact in FACTS), 0)
    compared = dict(same)
    for line in arguments.labels.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        root = arguments.checkouts / record["repo"].replace("/", "__")
        if not root.is_dir():
            print(f"{record['repo']}: no checkout")
            continue
        project = Project(open_view(root))
        for fact in FACTS:
            try:
                label = fact.label(record["facts"])
            except KeyError:
                continue
            known, evidence = fact.known(project)
            compared[fact.name] += 1
            same[fact.name] += known == label
            if known != label:
                print(f"{record['repo']}: {fact.name}: labelled {label!r}, known {known!r} ({evidence})")
    print()
    for fact in FACTS:
        total = compared[fact.name]
        print(f"{fact.name:15} {same[fact.name]:3} of {total:3}  {same[fact.name] / max(total, 1):.3f}")
    return int(any(same[fact.name] < WANTED * compared[fact.name] for fact in FACTS))


if __name__ == "__main__":
    sys.exit(main())
