"""A documented command names something that the repository does not have."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from repro_lint.api import (
    Confidence,
    Documentation,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repro_lint_rules.running.missing_names import Missing

_SHOWN = 10


class InstructionNamesMissingFile(Rule):
    """Follows the commands of each README through the tree, as a reader would type them."""

    meta = RuleMeta(
        code="RUN004",
        name="instruction-names-missing-file",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A documented command names something that the repository does not have.",
        why="The command fails for everybody who follows the instructions, before anything of the project has run.",
        help="correct the name, or add what is missing",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each name that is missing, at the first command of each document that has it."""
        # Imported here: their many patterns cost more to compile than most runs take to get this far.
        from repro_lint_rules.running.missing_names import may_miss, missing_in

        documentation = project.fact(Documentation)
        documents = [*documentation.main(), *documentation.below()]
        if not documents:
            yield NotApplicable("there is no document with instructions")
        for document in documents:
            if document.problem or not may_miss(document, project):
                continue
            found: dict[tuple[str, str], list[Missing]] = {}
            for missing in missing_in(document, project):
                found.setdefault((missing.kind, missing.name), []).append(missing)
            for occurrences in found.values():
                yield _finding(occurrences)


def _finding(occurrences: Sequence[Missing]) -> Finding:
    first, *others = occurrences
    related = tuple(
        Related(other.document.place(other.span), f"so does `{_shown(other)}`") for other in others[:_SHOWN]
    )
    message, help_ = _texts(first)
    severity = confidence = None
    if first.how == "elsewhere":
        severity, confidence = Severity.WARNING, Confidence.MEDIUM
    return Finding(
        first.document.place(first.span),
        message,
        help=help_,
        severity=severity,
        confidence=confidence,
        related=related,
        subject=f"{first.kind} {first.name}",
    )


def _shown(missing: Missing) -> str:
    text = " ".join(missing.command.argv)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _texts(missing: Missing) -> tuple[str, str | None]:
    """What is wrong, and what to do about it."""
    name, kind, found = missing.name, missing.kind, missing.found
    if missing.how == "case":
        message = f"the {kind} {name} is stored as {found[0]}: where file names distinguish case, it is not found"
        return message, f"write {found[0]}"
    if missing.how == "elsewhere":
        places = " and ".join(found)
        directory = found[0].removesuffix(posixpath.normpath(name)).rstrip("/") or "."
        message = f"the {kind} {name} is not where the command looks for it: there is {places}"
        return message, f"say `cd {directory}` before it, or write the whole path"
    nearest = f"; the nearest is {found[0]}" if found else ""
    message = f"the {kind} {name} does not exist{nearest}"
    return message, f"write {found[0]}, if that is meant" if found else None
