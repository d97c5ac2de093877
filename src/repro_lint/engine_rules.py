"""The rules that the engine itself reports. Their pages stand with those of the other rules."""

from __future__ import annotations

from repro_lint.grades import Confidence, Level, Severity
from repro_lint.rule import RuleMeta

INTERNAL_ERROR = RuleMeta(
    code="LNT001",
    name="internal-error",
    family="lint",
    level=Level.SAFE,
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    since="0.1.0",
    summary="A rule crashed, so what it would have said is not known.",
    why="A check that did not run must not look like a check that found nothing.",
    help="report it with the rule, the error and, if you can, the file; --ignore the rule until it is mended",
    suppressible=False,
)
UNREADABLE_FILE = RuleMeta(
    code="LNT002",
    name="unreadable-file",
    family="lint",
    level=Level.SAFE,
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    since="0.1.0",
    summary="A file that should be checked could not be read.",
    why="Nothing is known about this file, so a clean report does not cover it.",
    help="make the file readable, or exclude it in the configuration",
)
UNUSED_SUPPRESSION = RuleMeta(
    code="LNT003",
    name="unused-suppression",
    family="lint",
    level=Level.SAFE,
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    since="0.1.0",
    summary="A suppression suppresses nothing.",
    why="It would silently hide the next finding of that rule at this place.",
    help="remove the suppression",
)
BROKEN_PLUGIN = RuleMeta(
    code="LNT004",
    name="broken-plugin",
    family="lint",
    level=Level.SAFE,
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    since="0.1.0",
    summary="A rule pack, or a rule of one, could not be loaded.",
    why="The rules of the pack did not run, so the report is not complete.",
    help="update, repair or uninstall the distribution that brings the pack",
    suppressible=False,
)
