"""SARIF 2.1.0, as GitHub code scanning and editors read it.

What it asks for and its limits: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from repro_lint.diagnostics import Diagnostic, Location
from repro_lint.grades import Severity
from repro_lint.report import Report, ReportedRule
from repro_lint.reporters import Look
from repro_lint.reporters.places import addressed, repository_path, stored_span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
"""GitHub refuses a run with more."""
MAX_LOCATIONS = 1_000
"""GitHub refuses a result with more."""
_MAX_TEXT = 1_024
_ROOT = "%SRCROOT%"
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def render(report: Report, look: Look) -> str:
    """One run with every diagnostic; those that are set aside by a suppression or a baseline say so and why."""
    indices = {rule.name: number for number, rule in enumerate(report.rules)}
    shown = _within_limit(report.diagnostics)
    invocation: dict[str, Any] = {"executionSuccessful": report.exit_code("never") == 0}
    if left_out := len(report.diagnostics) - len(shown):
        text = f"{left_out} less severe results are left out: GitHub accepts {MAX_RESULTS}. The json format has all."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    run = {
        "tool": {
            "driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "rules": [_rule(rule) for rule in report.rules],
            }
        },
        "invocations": [invocation],
        # No address: the file would tell where the tree lay, and differ from machine to machine.
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, look, indices) | _baseline_state(d, report) for d in shown],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _within_limit(diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The most important ones in their order: what counts first, then by severity."""
    if len(diagnostics) <= MAX_RESULTS:
        return diagnostics
    ranked = sorted(enumerate(diagnostics), key=lambda pair: (not pair[1].counts, -pair[1].severity.rank))
    return [diagnostic for _, diagnostic in sorted(ranked[:MAX_RESULTS], key=lambda pair: pair[0])]


def _rule(rule: ReportedRule) -> dict[str, Any]:
    explain = f"repro-lint explain {rule.name}"
    described: dict[str, Any] = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary[:_MAX_TEXT]},
        "fullDescription": {"text": rule.why[:_MAX_TEXT]},
        "help": {
            "text": f"{rule.why}\nhelp: {rule.help}\n{explain} shows the rule's page.",
            "markdown": (
                f"**{rule.summary}**\n\n{rule.why}\n\n**What to do:** {rule.help}\n\n"
                f"`{explain}` shows the rule's page, with examples."
            ),
        },
        "defaultConfiguration": {"level": str(rule.severity)},
        "properties": {
            "tags": [rule.family, str(rule.level)],
            "precision": str(rule.confidence),
            "problem.severity": _PROBLEM[rule.severity],
        },
    }
    return described | ({"helpUri": rule.url} if rule.url else {})


def _result(diagnostic: Diagnostic, look: Look, indices: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": diagnostic.code}
    if diagnostic.rule in indices:
        result["ruleIndex"] = indices[diagnostic.rule]
    primary, *related = diagnostic.locations
    result |= {
        "level": str(diagnostic.severity),
        "message": _message(f"{addressed(diagnostic.location, diagnostic.message)}\nhelp: {diagnostic.help}"),
        "locations": [_location(primary, look)],
        # GitHub has a fingerprint of its own, primaryLocationLineHash, and warns where another one is given for it.
        "partialFingerprints": {"reproLint/v1": diagnostic.fingerprint},
        # Present for all results or for none; empty says that the result is not suppressed.
        "suppressions": _suppressions(diagnostic),
        "properties": {
            "confidence": str(diagnostic.confidence),
            "level": str(diagnostic.level),
            "disposition": diagnostic.disposition.state,
        },
    }
    if related:
        result["relatedLocations"] = [
            {"id": number, **_location(place, look)} for number, place in enumerate(related[: MAX_LOCATIONS - 1], 1)
        ]
    return result


def _baseline_state(diagnostic: Diagnostic, report: Report) -> dict[str, str]:
    """What became of the result since the commit that the tree was compared with, if it was."""
    states = {"existing": "unchanged", "touched": "updated"}
    return {"baselineState": states.get(diagnostic.disposition.state, "new")} if report.comparison else {}


def _suppressions(diagnostic: Diagnostic) -> list[dict[str, str]]:
    disposition = diagnostic.disposition
    if disposition.state == "baselined":
        return [{"kind": "external", "status": "accepted", "justification": "recorded in the baseline"}]
    if disposition.state != "suppressed":
        return []
    kind = "external" if disposition.by == "config" else "inSource"
    reason = {"justification": disposition.reason} if disposition.reason else {}
    return [{"kind": kind, "status": "accepted", **reason}]


def _location(place: Location, look: Look) -> dict[str, Any]:
    path = repository_path(place, look)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path), "uriBaseId": _ROOT},
            "region": _region(place),
        }
    }
    if place.label:
        location["message"] = _message(addressed(place, place.label))
    if place.cell:
        name = f"cell {place.cell.index}"
        location["logicalLocations"] = [
            {"name": name, "fullyQualifiedName": f"{path}#{place.cell.id or name}", "kind": "cell"}
        ]
        values = {
            "cell": place.cell.index,
            "cellId": place.cell.id,
            "cellLine": place.line,
            "cellColumn": place.column,
        }
        location["properties"] = {name: value for name, value in values.items() if value}
    return location


def _region(place: Location) -> dict[str, int]:
    """The stored span, or the start of the file: GitHub tells results apart by their first line."""
    span = stored_span(place)
    if span is None:
        return {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
    region = {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line or span.line}
    if span.end_column:
        return region | {"endColumn": span.end_column}
    return region if span.end_line and span.end_line > span.line else region | {"endColumn": span.column}


def _message(text: str) -> dict[str, str]:
    """Plain text, in which ``[this](there)`` is a link unless the bracket is escaped."""
    return {"text": _LINK.sub(r"\\[", text)}
