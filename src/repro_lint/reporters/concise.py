"""One line for each finding, in the form that editors and terminals make clickable."""

from __future__ import annotations

from repro_lint.report import Report
from repro_lint.reporters import Look
from repro_lint.reporters.full import address
from repro_lint.reporters.summary import render_summary
from repro_lint.terminal import printable


def render(report: Report, look: Look) -> str:
    """``path:line:column: severity CODE [rule] message`` for each finding that counts, then the summary."""
    lines = [
        f"{address(d.location, look)}: {d.severity} {look.style(d.code, 'bold')} [{d.rule}] {printable(d.message)}\n"
        for d in report.diagnostics
        if d.counts
    ]
    return "".join(lines) + ("" if look.quiet else render_summary(report, look))
