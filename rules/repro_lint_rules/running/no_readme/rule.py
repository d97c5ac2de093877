"""There is something to run and no README."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Documentation,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
)


class NoReadme(Rule):
    """Looks at names first: only where there is no text for readers is the code looked at for what there is to run."""

    meta = RuleMeta(
        code="RUN001",
        name="no-readme",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="There is something to run, and no README.",
        why="Nobody but its author can know what it is for, what it needs and how it is started.",
        help="write a README.md: what it does, how to install it, how to run it, and what comes out",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for the repository."""
        documentation = project.fact(Documentation)
        if documentation.readme is not None:
            return
        if (other := next(documentation.main(), None)) is not None:
            yield NotApplicable("another document stands in for the README", other.path)
            return
        # Imported here: its many patterns cost more to compile than most runs take to get this far.
        from repro_lint_rules.running.entry_points import EntryPoints

        entries = [entry for entry in project.fact(EntryPoints).found if _can_run(project, entry.path)]
        if not entries:
            yield NotApplicable("there is nothing to run")
            return
        others = len(entries) - 1
        named = f"{entries[0].path} is for and how to run it"
        if others:
            number = f"{others} other entry point{'s' if others > 1 else ''}"
            named = f"{entries[0].path} and {number} are for and how to run them"
        yield Finding(
            project.place(),
            f"there is no README: nothing says what {named}",
            help=f"write a README.md with what it does, how to install it, and how to run it: `{entries[0].command}`",
            subject="no README",
        )


def _can_run(project: Project, path: str) -> bool:
    """Whether Python can parse the file; of other languages nothing is known."""
    source = project.load(PythonSource, path) if path.endswith(".py") else None
    return source is None or not source.syntax_errors
