"""Python cannot parse the file."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
    is_template,
)
from repro_lint_rules.running.declared_python import DeclaredPython

_KEPT_BROKEN = {"fixtures", "fixture", "testdata", "test_data", "test-data", "snapshots", "__snapshots__"}


class UnparsableCode(Rule):
    """Reports scripts and modules that do not parse; the cells of notebooks are another rule's."""

    meta = RuleMeta(
        code="RUN007",
        name="unparsable-code",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Python cannot parse the file.",
        why="It fails before its first line runs, and no tool can say anything else about it.",
        help="mend the syntax, or remove the file if nothing uses it",
        predicts="start",
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each part of the file that does not parse."""
        if source.notebook is not None or not source.syntax_errors:
            return
        if reason := _reason_to_abstain(source):
            yield NotApplicable(reason)
            return
        declared = source.project.fact(DeclaredPython)
        for error in source.syntax_errors:
            place = source.problem_place(error)
            if declared.newer or error.newer:
                yield NotApplicable("the file may be for a later Python than the one that runs this check")
            elif error.python2 and declared.python2:
                yield NotApplicable("the project declares Python 2")
            elif error.python2:
                message = f"this is Python 2, which no supported Python can run: {error.message}"
                help_ = "port the file (2to3 or futurize do most of it), or declare Python 2 as the version it needs"
                yield Finding(place, message, help=help_)
            elif error.encoding:
                yield Finding(place, error.message, help="save the file as UTF-8, or declare its encoding (PEP 263)")
            else:
                yield Finding(place, f"Python cannot parse this: {error.message}")


def _reason_to_abstain(source: PythonSource) -> str | None:
    if is_template(source.path) or any("{{" in line or "{%" in line for line in source.lines):
        return "the file is a template"
    if _KEPT_BROKEN & set(source.path.split("/")[:-1]):
        return "the file is test data, which may be broken on purpose"
    return None
