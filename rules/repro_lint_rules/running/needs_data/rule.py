"""A program reads a file that whoever runs it has to get first, as a document says."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Project, Related, Rule, RuleMeta, Severity
from repro_lint_rules.data.accesses import FileAccesses
from repro_lint_rules.data.missing_files import MissingFile, MissingFiles

_SHOWN = 10


class NeedsData(Rule):
    """The files that missing-input-file leaves out because a document names them, or says how to get the data."""

    meta = RuleMeta(
        code="RUN011",
        name="needs-data",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A program reads a file that is not in the repository, and that a document says how to get.",
        why="In a fresh clone it stops here until somebody has done by hand what the document says.",
        help="fetch the file in a script or a cell that everybody can run, with its checksum",
        status="preview",
        predicts="data",
    )
    facts = (FileAccesses,)

    def check(self, project: Project) -> Outcome:
        """One finding for each program, at the first read that every run gets to."""
        found: dict[str, list[MissingFile]] = {}
        for missing in project.fact(MissingFiles).described:
            if missing.certain and missing.confidence is Confidence.HIGH:
                found.setdefault(missing.program, []).append(missing)
        for group in found.values():
            first, *others = sorted(group, key=lambda one: one.accesses[0].order)
            access = first.accesses[0]
            more = f", nor are {len(others)} others" if others else ""
            yield Finding(
                access.place,
                f"`{access.call}` reads `{first.path}`, which is not in the repository{more}: it has to be got first",
                related=tuple(Related(one.accesses[0].place, f"reads `{one.path}`") for one in others[:_SHOWN]),
                subject=first.path,
            )
