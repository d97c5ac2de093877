"""GitLab's code quality report: what a merge request shows beside the changed lines.

GitLab drops an entry that it cannot read, and one of two with the same fingerprint, without a word:
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from repro_lint.diagnostics import Diagnostic
from repro_lint.grades import Severity
from repro_lint.report import Report
from repro_lint.reporters import Look
from repro_lint.reporters.places import addressed, repository_path, stored_span

# Of info, minor, major, critical and blocker: the last two are left to what endangers people.
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
_SHOWN = ("new", "touched", "existing")


def render(report: Report, look: Look) -> str:
    """A JSON array of the findings that count, and of those that a comparison knows from before.

    GitLab compares the report with that of the target branch itself: without them it would call them fixed.
    """
    seen: Counter[str] = Counter()
    issues = [_issue(d, look, seen) for d in report.diagnostics if d.disposition.state in _SHOWN]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _issue(diagnostic: Diagnostic, look: Look, seen: Counter[str]) -> dict[str, Any]:
    span = stored_span(diagnostic.location)
    first = span.line if span else 1
    return {
        # The name of the check is not shown, so the description begins with its code.
        "description": f"{diagnostic.code}: {addressed(diagnostic.location, diagnostic.message)}",
        "check_name": diagnostic.rule,
        "fingerprint": _unique(diagnostic.fingerprint, seen),
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": repository_path(diagnostic.location, look),
            "lines": {"begin": first, "end": (span and span.end_line) or first},
        },
    }


def _unique(fingerprint: str, seen: Counter[str]) -> str:
    seen[fingerprint] += 1
    count = seen[fingerprint]
    return fingerprint if count == 1 else hashlib.sha256(f"{fingerprint} {count}".encode()).hexdigest()
