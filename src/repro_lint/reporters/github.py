"""Workflow commands of GitHub Actions: annotations on the lines of a pull request.

The runner keeps ten annotations of each kind for a step and drops the others without a word. So the most severe
come first, and the others are printed to the log, where they are complete.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from repro_lint.diagnostics import Diagnostic
from repro_lint.grades import Severity
from repro_lint.report import Report
from repro_lint.reporters import Look
from repro_lint.reporters.places import addressed, in_cell, most_severe_first, plain, repository_path, stored_span
from repro_lint.reporters.summary import plural, render_summary
from repro_lint.terminal import printable

LIMIT = 10
"""The annotations of one kind that a step may have."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report, look: Look) -> str:
    """The annotations, then in a group of the log the findings there is no room for, then the summary."""
    found = most_severe_first(report.diagnostics)
    shown = [d for severity in _COMMANDS for d in [f for f in found if f.severity == severity][:LIMIT]]
    left_out = [d for severity in _COMMANDS for d in [f for f in found if f.severity == severity][LIMIT:]]
    lines = [_annotation(d, look) for d in shown]
    if left_out:
        why = (
            f"GitHub shows {LIMIT} annotations of each kind; the job summary (--output markdown:FILE) has room for more"
        )
        lines.append(f"::group::{plural(len(left_out), 'more finding')}: {why}")
        lines += [_plain(f"{d.severity} {_addressed(d, look)}") for d in left_out]
        lines.append("::endgroup::")
    text = "".join(line + "\n" for line in lines)
    return text if look.quiet else text + render_summary(report, plain(look))


def _annotation(diagnostic: Diagnostic, look: Look) -> str:
    place = diagnostic.location
    properties: dict[str, str | int] = {}
    if place.path != ".":
        properties["file"] = repository_path(place, look)
    if span := stored_span(place):
        last = span.end_line or span.line
        properties |= {"line": span.line, "endLine": last}
        if last == span.line:  # columns of several lines are refused
            properties["col"] = span.column
            if span.end_column:
                properties["endColumn"] = span.end_column
    properties["title"] = f"{diagnostic.code} {diagnostic.rule}"
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    text = f"{_addressed(diagnostic, look)}\nhelp: {diagnostic.help}"
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{_data(text)}"


def _addressed(diagnostic: Diagnostic, look: Look) -> str:
    """The message with its place: the log shows nothing else of an annotation."""
    place = diagnostic.location
    line = f":{place.line}" if place.line and not in_cell(place) else ""
    return f"{repository_path(place, look)}{line}: {addressed(place, diagnostic.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """A line of the log that holds no command: one of the older form may stand anywhere in a line."""
    return printable(text).replace("##[", "## [")
