"""JSON lines: one diagnostic in each, as in the ``json`` format."""

from __future__ import annotations

from repro_lint.report import Report
from repro_lint.reporters import Look


def render(report: Report, look: Look) -> str:
    """Every diagnostic with its disposition, those that are set aside among them."""
    return "".join(diagnostic.model_dump_json() + "\n" for diagnostic in report.diagnostics)
