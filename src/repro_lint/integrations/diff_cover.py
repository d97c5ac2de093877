"""``diff-quality --violations=repro-lint``: findings on the lines that a change touches.

The reports it is given are SARIF files of ours; without one, repro-lint runs on the current directory with what
``--options`` says.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import IO, Any
from urllib.parse import unquote

from diff_cover import hookimpl
from diff_cover.git_path import GitPathTool
from diff_cover.violationsreporters.base import BaseViolationReporter, QualityReporterError, Violation

_NAME = "repro-lint"
# diff-quality looks at no other files: what findings on lines are about.
_EXTENSIONS = """
    cfg conf env ini ipynb jl json lock markdown md mk py pyi qmd r rmd rst sh smk sql tex toml txt yaml yml
""".split()


class Reporter(BaseViolationReporter):
    """What is found in a file, line by line of the file as it is stored, notebooks included."""

    supported_extensions = _EXTENSIONS

    def __init__(self, documents: Iterable[dict[str, Any]]) -> None:
        super().__init__(_NAME)
        self._found: dict[str, list[Violation]] = defaultdict(list)
        for document in documents:
            for run in document["runs"]:
                for result in run["results"]:
                    self._add(result)

    def _add(self, result: dict[str, Any]) -> None:
        if result["suppressions"]:
            return
        place = result["locations"][0]["physicalLocation"]
        message = result["message"]["text"].partition("\n")[0]
        violation = Violation(place["region"]["startLine"], f"{result['ruleId']}: {message}")
        self._found[unquote(place["artifactLocation"]["uri"])].append(violation)

    def violations(self, src_path: str) -> list[Violation]:
        """The violations in the file, whose path is relative to the current directory."""
        path = os.path.relpath(src_path, GitPathTool.absolute_path("")).replace(os.sep, "/")
        return self._found[path]


@hookimpl
def diff_cover_report_quality(reports: Sequence[IO[bytes]], options: str | None) -> Reporter:
    """The reporter for the given files, or for a run. Raises ``QualityReporterError`` where a run fails."""
    if reports:
        return Reporter(json.load(report) for report in reports)
    return Reporter([_run(shlex.split(options or ""))])


def _run(options: Sequence[str]) -> dict[str, Any]:
    # A process of its own: diff-quality has settings and an exit code that are not ours to change.
    command = [sys.executable, "-m", "repro_lint", "check", "--output-format", "sarif", *options, "."]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        raise QualityReporterError(done.stderr.strip() or done.stdout.strip())
    document: dict[str, Any] = json.loads(done.stdout)
    return document
