"""The Reviewdog Diagnostic Format: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf

Its columns count UTF-8 bytes, so they are given where the line is known as it is stored. In a notebook it is not, and
there is no use for them: reviewdog places its comments by line.
"""

from __future__ import annotations

import json
from typing import Any

from repro_lint.diagnostics import Diagnostic, Location
from repro_lint.grades import Severity
from repro_lint.masking import PLACEHOLDER
from repro_lint.report import Report
from repro_lint.reporters import Look
from repro_lint.reporters.places import addressed, stored_span

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(report: Report, look: Look) -> str:
    """One JSON object with the findings that count; paths are seen from the current directory, as by reviewdog."""
    result = {
        "source": {"name": report.tool.name},
        "diagnostics": [_diagnostic(d, look) for d in report.diagnostics if d.counts],
    }
    return json.dumps(result, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(diagnostic: Diagnostic, look: Look) -> dict[str, Any]:
    place = diagnostic.location
    location: dict[str, Any] = {"path": look.path(place.path)}
    if found := _range(place):
        location["range"] = found
    code = {"value": diagnostic.code} | ({"url": diagnostic.url} if diagnostic.url else {})
    return {
        "message": f"[{diagnostic.rule}] {addressed(diagnostic.location, diagnostic.message)}\nhelp: {diagnostic.help}",
        "location": location,
        "severity": _SEVERITIES[diagnostic.severity],
        "code": code,
    }


def _range(place: Location) -> dict[str, Any] | None:
    span = stored_span(place)
    if span is None:
        return None
    last = span.end_line or span.line
    start = _byte_column(place, 0, span.column)
    end = _byte_column(place, last - span.line, span.end_column)
    if start is not None and end is not None:
        return {"start": {"line": span.line, "column": start}, "end": {"line": last, "column": end}}
    if start is not None and span.end_column is None and last == span.line:
        return {"start": {"line": span.line, "column": start}}
    # Without columns, a range is of whole lines.
    return {"start": {"line": span.line}} | ({"end": {"line": last}} if last > span.line else {})


def _byte_column(place: Location, index: int, column: int | None) -> int | None:
    """The column in UTF-8 bytes on the line of this index in the excerpt, or None where that is not the stored text."""
    if column is None or place.cell or index >= len(place.excerpt):
        return None
    line = place.excerpt[index]
    if PLACEHOLDER in line or column > len(line) + 1:
        return None
    return len(line[: column - 1].encode()) + 1
