"""Run repro-lint, ruff and pynblint on notebooks, and bring what they say into one form."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

_BATCH = 400  # notebooks on one command line


@dataclass(frozen=True)
class Finding:
    """One finding of one tool. ``cell`` counts all cells from 0, ``line`` counts from 1 inside the cell."""

    notebook: Path
    rule: str
    cell: int
    line: int
    severity: str
    confidence: str
    message: str

    @property
    def is_error(self) -> bool:
        """Whether the tool says that the cell fails, not that it may."""
        return self.severity == "error"

    def names(self, name: str) -> bool:
        """Whether the message holds the name as a whole word."""
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.message) is not None


Findings = dict[Path, list[Finding]]


def beside_python(program: str) -> Path:
    """Where a program lies that was installed into the environment that runs this."""
    return Path(sys.executable).parent / program


def available_rules(repro_lint: Path, wanted: Iterable[str]) -> list[str]:
    """Those of the wanted codes that this repro-lint has, in the order given."""
    rules = json.loads(_output([str(repro_lint), "rules", "--format", "json"], Path.cwd()))
    codes = {rule["code"] for rule in (rules if isinstance(rules, list) else rules["rules"])}
    return [code for code in wanted if code in codes]


def repro_lint_findings(repro_lint: Path, rules: Sequence[str], notebooks: Iterable[tuple[Path, Path]]) -> Findings:
    """What repro-lint says of each notebook, given as (repository, notebook); empty lists where it says nothing.

    Suppressed and low-confidence findings are counted: the first because no figure may hang on a comment, the second
    because the error tier is told apart by its severity. A notebook that was not checked at all is an error.
    """
    options = ["--isolated", "--level", "production", "--min-confidence", "low", "--fail-on", "never", "--quiet"]
    found: Findings = {}
    for repository, paths in _batches(notebooks):
        command = [str(repro_lint), "check", *options, "--select", ",".join(rules), "--output-format", "json"]
        report = json.loads(_output([*command, *map(str, paths)], repository))
        seen = {(repository / summary["path"]).resolve() for summary in report["notebooks"]}
        if unseen := [path for path in paths if path.resolve() not in seen]:
            raise RuntimeError(f"not checked by repro-lint: {', '.join(map(str, unseen))}")
        found.update({path: [] for path in paths})
        given = {path.resolve(): path for path in paths}
        for diagnostic in report["diagnostics"]:
            place = diagnostic["locations"][0]
            notebook = given.get((repository / place["path"]).resolve())
            if notebook is None or place.get("cell") is None or diagnostic["code"] not in rules:
                continue
            found[notebook].append(
                Finding(
                    notebook,
                    diagnostic["code"],
                    place["cell"]["index"] - 1,
                    place.get("line") or 1,
                    diagnostic["severity"],
                    diagnostic["confidence"],
                    diagnostic["message"],
                )
            )
    return _sorted(found)


def ruff_findings(ruff: Path, notebooks: Iterable[tuple[Path, Path]]) -> Findings:
    """What ``ruff check --select F821`` says of each notebook; ruff's ``cell`` counts all cells from 1."""
    found: Findings = {}
    for repository, paths in _batches(notebooks):
        options = ["--isolated", "--no-cache", "--exit-zero", "--quiet", "--select", "F821"]
        given = {path.resolve(): path for path in paths}
        found.update({path: [] for path in paths})
        command = [str(ruff), "check", *options, "--output-format", "json", *map(str, paths)]
        for diagnostic in json.loads(_output(command, repository)):
            if diagnostic["code"] != "F821":  # ruff also reports what it cannot parse, under no or another code
                continue
            notebook = given[Path(diagnostic["filename"]).resolve()]
            row = diagnostic["location"]["row"]
            finding = Finding(notebook, "F821", diagnostic["cell"] - 1, row, "error", "high", diagnostic["message"])
            found[notebook].append(finding)
    return _sorted(found)


def pynblint_slugs(pynblint: Path, notebook: Path) -> set[str] | str:
    """The slugs of pynblint's lints for a notebook, or the last line of its error message."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [str(pynblint), "--quiet", "--output", str(report), notebook.name]
        try:
            run = subprocess.run(
                command, cwd=notebook.parent, capture_output=True, text=True, timeout=120, check=False, errors="replace"
            )
        except subprocess.TimeoutExpired:
            return "no answer within 120 s"
        if not report.exists():
            lines = (run.stderr or run.stdout).strip().splitlines()
            return lines[-1].strip() if lines else f"no report, exit code {run.returncode}"
        return {lint["slug"] for lint in json.loads(report.read_text(encoding="utf-8"))["lints"]}


def _output(command: Sequence[str], folder: Path) -> str:
    """The standard output of a command that must succeed."""
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} …: exit code {run.returncode}: {run.stderr.strip()[-500:]}")
    return run.stdout


def _batches(notebooks: Iterable[tuple[Path, Path]]) -> Iterator[tuple[Path, list[Path]]]:
    """The notebooks by repository, in batches that a command line can hold."""
    by_repository: dict[Path, list[Path]] = defaultdict(list)
    for repository, notebook in notebooks:
        by_repository[repository].append(notebook)
    for repository, paths in by_repository.items():
        rest = iter(paths)
        while batch := list(islice(rest, _BATCH)):
            yield repository, batch


def _sorted(found: Findings) -> Findings:
    """The findings of each notebook in the order in which a kernel would meet them."""
    return {path: sorted(findings, key=lambda one: (one.cell, one.line)) for path, findings in found.items()}


def as_json(found: Findings) -> list[dict[str, Any]]:
    """The findings as plain values, for a file."""
    return [{**one.__dict__, "notebook": str(one.notebook)} for findings in found.values() for one in findings]
