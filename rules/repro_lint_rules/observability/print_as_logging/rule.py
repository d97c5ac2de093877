"""A module that others import tells what it does by print."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    ImportFacts,
    ImportGraph,
    Level,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.observability.prints import Prints


class PrintAsLogging(Rule):
    """Looks for print in the functions of modules that other files import; not in scripts, command lines, notebooks."""

    meta = RuleMeta(
        code="OBS002",
        name="print-as-logging",
        family="observability",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A module that others import tells what it does by print.",
        why="Whoever uses it can neither silence it, nor send it to a file, nor see from where and when a line came.",
        help="use logging.getLogger(__name__) and leave the choice of what is shown to the program",
    )
    facts = (ImportFacts, Prints)

    def check(self, project: Project) -> Outcome:
        """One finding for each module, at its first print, with the others beside it."""
        prints = project.file_facts(Prints)
        if not prints:
            return
        importers = project.fact(ImportGraph).importers
        for path, places in prints.items():
            users = [user for user in importers.get(path, ()) if not user.rpartition("/")[2].startswith("test_")]
            if not users:
                continue
            first, *others = places
            count = "once" if not others else f"{len(places)} times"
            yield Finding(
                first,
                f"functions of this module, which {_users(users)}, print {count}",
                related=tuple(Related(place, "prints here") for place in others[:20]),
                subject=path,
            )


def _users(users: list[str]) -> str:
    return "another file imports" if len(users) == 1 else f"{len(users)} other files import"
