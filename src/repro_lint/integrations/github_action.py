"""The second step of ``action.yml``: one run that gives a GitHub workflow annotations, a summary and SARIF.

What the workflow asks for comes as ``INPUT_*``, what GitHub says of the event as the variables of
https://docs.github.com/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repro_lint.cli import main
from repro_lint.lazy import dataclass

_DEEPER = "let actions/checkout use fetch-depth: {depth}, or set new-from: none to report everything"


class ActionError(Exception):
    """Why the step cannot do what it is asked to do, in a sentence."""


@dataclass(frozen=True)
class Inputs:
    """What the workflow asks for."""

    paths: tuple[str, ...]
    options: tuple[str, ...]
    new_from: str
    annotations: bool
    summary: bool
    sarif: Path

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Inputs:
        """The inputs in the environment. Raises ``ActionError``."""
        given = {name: environment.get(f"INPUT_{name}", "").strip() for name in ("PATHS", "ARGS", "NEW_FROM", "SARIF")}
        try:
            options = tuple(shlex.split(given["ARGS"]))
        except ValueError as error:
            raise ActionError(f"the input args cannot be read: {error}") from error
        if "\n" in given["SARIF"]:
            raise ActionError("the input sarif-file is more than one line")
        return cls(
            paths=tuple(line.strip() for line in given["PATHS"].splitlines() if line.strip()) or (".",),
            options=options,
            new_from=given["NEW_FROM"],
            annotations=_flag(environment, "ANNOTATIONS"),
            summary=_flag(environment, "SUMMARY"),
            sarif=Path(given["SARIF"] or Path(environment["RUNNER_TEMP"], "repro-lint.sarif")),
        )


def _flag(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(f"INPUT_{name}", "true").strip().lower()
    if text not in ("true", "false"):
        raise ActionError(f'the input {name.lower()} is true or false, not "{text}"')
    return text == "true"


def arguments(inputs: Inputs, environment: Mapping[str, str], new_from: str | None) -> list[str]:
    """The command line of ``repro-lint``. What the workflow names can be taken for no option but those of ``args``."""
    given = ["check", "--output", "github" if inputs.annotations else "full"]
    if inputs.summary and (summary := environment.get("GITHUB_STEP_SUMMARY")):
        given += ["--output", f"markdown:{summary}"]
    given += ["--output", f"sarif:{inputs.sarif}", "--output", f"json:{_json_file(environment)}"]
    if new_from:
        given.append(f"--new-from={new_from}")
    return [*given, *inputs.options, "--", *inputs.paths]


def _json_file(environment: Mapping[str, str]) -> Path:
    return Path(environment["RUNNER_TEMP"], "repro-lint.json")


def base_revision(inputs: Inputs, environment: Mapping[str, str]) -> str | None:
    """The revision since which findings count as new, or None for all findings.

    By default that is the base of a pull request, and there is none elsewhere. Raises ``ActionError`` where the
    clone does not hold it: without it everything, or nothing, would be new.
    """
    if inputs.new_from:
        return None if inputs.new_from == "none" else inputs.new_from
    if not environment.get("GITHUB_BASE_REF"):  # set for pull requests only
        return None
    head = _git("rev-parse", "HEAD")
    # The object itself, for a shallow clone hides the parents of the commit that it ends at.
    parents = [line for line in _git("cat-file", "-p", "HEAD").split("\n\n")[0].splitlines() if line[:7] == "parent "]
    if head == environment.get("GITHUB_SHA") and len(parents) == 2:
        # GitHub's merge of the pull request into its base: what it brings is the difference to the first parent.
        base = parents[0].removeprefix("parent ")
        try:
            _git("cat-file", "-e", base)
        except ActionError as error:
            why = f"the base of this pull request is not in the clone: {_DEEPER.format(depth=2)}"
            raise ActionError(why) from error
        return base
    event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    base = event["pull_request"]["base"]["sha"]
    try:
        return _git("merge-base", base, "HEAD")
    except ActionError as error:
        raise ActionError(
            f"the commit that this pull request starts from is not in the clone: {_DEEPER.format(depth=0)}"
        ) from error


def _git(*words: str) -> str:
    try:
        return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout.strip()
    except subprocess.CalledProcessError as error:
        raise ActionError(f"git {words[0]} failed: {' '.join(error.stderr.split())}") from error


def drop_suppressed(document: dict[str, Any]) -> dict[str, Any]:
    """The SARIF document without suppressed results, which GitHub would show as open alerts."""
    runs = [{**run, "results": [r for r in run["results"] if not r.get("suppressions")]} for run in document["runs"]]
    return {**document, "runs": runs}


def _outputs(inputs: Inputs, environment: Mapping[str, str], code: int) -> dict[str, str]:
    """What later steps can use; files that could not be written are left out."""
    found = {"exit-code": str(code)}
    if inputs.sarif.is_file():
        text = json.dumps(
            drop_suppressed(json.loads(inputs.sarif.read_text(encoding="utf-8"))), indent=2, ensure_ascii=False
        )
        inputs.sarif.write_text(text + "\n", encoding="utf-8")
        found["sarif-file"] = str(inputs.sarif)
    report = _json_file(environment)
    if report.is_file():
        summary = json.loads(report.read_text(encoding="utf-8"))["summary"]
        found |= {
            "json-file": str(report),
            "findings": str(summary["findings"]),
            "level": summary["ladder"]["reached"] or "",
        }
    return found


def run(environment: Mapping[str, str]) -> int:
    """Check, write what GitHub reads, and return the exit code of repro-lint, 2 if it could not be started."""
    try:
        inputs = Inputs.read(environment)
        for file in (inputs.sarif, _json_file(environment)):
            file.unlink(missing_ok=True)  # of an earlier use in the same job
        code = main(arguments(inputs, environment, base_revision(inputs, environment)))
    except ActionError as error:
        print(f"::error title=repro-lint::{error}")
        return 2
    with Path(environment["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in _outputs(inputs, environment, code).items())
    return code


if __name__ == "__main__":
    sys.exit(run(os.environ))
