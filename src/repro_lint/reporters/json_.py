"""One JSON object; its schema is ``schemas/report.schema.json``."""

from __future__ import annotations

from repro_lint.report import Report
from repro_lint.reporters import Look


def render(report: Report, look: Look) -> str:
    """Every diagnostic with its disposition; paths are relative to the project's root."""
    return Report.adapter().dump_json(report, indent=2).decode() + "\n"
