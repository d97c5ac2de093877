"""``diff-quality --violations=repro-lint``: findings on the lines that a change touches.

The reports it is given are SARIF files of ours; without one, repro-lint runs on the repository with the options that
``--options`` holds.
"""

from __future__ import annotations

import io
import json
import shlex
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import IO, Any
from urllib.parse import unquote

from diff_cover.git_path import GitPathTool
from diff_cover.hook import hookimpl
from diff_cover.violationsreporters.base import BaseViolationReporter, Violation

from repro_lint.cli import main

_NAME = "repro-lint"
# diff-quality looks at no other files. The empty one is that of Makefile, Dockerfile and .env.
_EXTENSIONS = [
    "",
    *"bash bat cfg conf env in ini ipynb jl json lock markdown md mk ps1 py pyi qmd r rmd rst sh smk sql".split(),
    *"toml txt yaml yml zsh".split(),
]


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
        """The violations in the file, whose path is that from the top of the repository."""
        return self._found[src_path]


@hookimpl
def diff_cover_report_quality(reports: Sequence[IO[bytes]], options: str | None) -> Reporter:
    """The reporter for the given files, or for a run. Raises ``OSError``, which diff-quality shows as a sentence."""
    if reports:
        return Reporter(json.load(report) for report in reports)
    return Reporter([_run(shlex.split(options or ""))])


def _run(options: Sequence[str]) -> dict[str, Any]:
    said, complaint = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complaint):
        main(["check", "--output-format", "sarif", *options, "--", GitPathTool.absolute_path("")])
    try:
        document: dict[str, Any] = json.loads(said.getvalue())
    except ValueError as error:
        raise OSError(complaint.getvalue().strip() or "repro-lint gave no report") from error
    return document
