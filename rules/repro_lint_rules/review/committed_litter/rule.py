"""Files that programs leave behind are under version control."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
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
from repro_lint_rules.review.code_files import is_copy

_SHOWN = 20


class CommittedLitter(Rule):
    """Knows them by their names; what git ignores and does not track is not among a project's files."""

    meta = RuleMeta(
        code="REV005",
        name="committed-litter",
        family="review",
        level=Level.RUNNABLE,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Files that programs leave behind are under version control.",
        why="They change with every run and machine, fill reviews, and keep what was deleted from the real files.",
        help="remove them from git, and ignore them",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each kind, at its first file."""
        # Imported here: most runs at a lower level do not need its tables.
        from repro_lint_rules.review.litter import is_kept, litter

        if project.view.kind == "directory" and not is_copy(project):
            yield NotApplicable("nothing shows which files are shared")
            return
        found: dict[tuple[str, str], list[str]] = {}
        for path in project.view.paths():
            if (kind := litter(path)) and not is_kept(path) and _is_shared(project, path):
                found.setdefault(kind, []).append(path)
        for (pattern, program), paths in sorted(found.items()):
            several = len(paths) > 1
            number = f"{len(paths)} files" if several else "a file"
            yield Finding(
                project.place(paths[0]),
                f"{number} that {program} left behind {'are' if several else 'is'} in the repository ({pattern})",
                help=f"run `git rm -r --cached` on {'them' if several else 'it'} and add `{pattern}` to .gitignore",
                related=tuple(Related(project.place(path), "so is this") for path in paths[1 : _SHOWN + 1]),
                subject=pattern,
            )


def _is_shared(project: Project, path: str) -> bool:
    return project.view.tracked(path) and not (project.view.kind == "directory" and project.view.ignored(path))
