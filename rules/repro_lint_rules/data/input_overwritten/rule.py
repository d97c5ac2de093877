"""A program writes the very file it reads."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Project, Related, Rule, RuleMeta, Severity
from repro_lint_rules.data.accesses import FileAccesses
from repro_lint_rules.data.overwrites import overwrites


class InputOverwritten(Rule):
    """Compares what each program reads with what it writes afterwards."""

    meta = RuleMeta(
        code="DAT008",
        name="input-overwritten",
        family="data",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        status="preview",
        summary="A program writes the very file it reads.",
        why="The second run starts from the result of the first, and the data it began with is gone.",
        help="write the result to another file and leave the input as it is",
    )
    facts = (FileAccesses,)

    def check(self, project: Project) -> Outcome:
        """One finding for each file that a program overwrites, at the call that writes."""
        for overwrite in overwrites(project):
            read, write = overwrite
            yield Finding(
                write.place,
                f"`{write.call}` overwrites `{write.path}`, which the program read before",
                related=(Related(read.place, "is read here"),),
                subject=write.path,
            )
