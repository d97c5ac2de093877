"""The project is not under version control."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.review.code_files import PROJECT, code_files, is_copy

_OTHER_SYSTEMS = (".hg", ".svn", ".jj", ".bzr", ".fslckout", "_FOSSIL_", ".pijul", "CVS")


class NotVersioned(Rule):
    """Asks for a repository, git's or another, in the directory and in those above it."""

    meta = RuleMeta(
        code="REV001",
        name="not-versioned",
        family="review",
        level=Level.SAFE,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="The project is not under version control.",
        why="Nobody can see what changed, go back, or say which state of the code gave a result.",
        help="run `git init`, add a .gitignore, and commit",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for the project."""
        if project.view.kind != "directory":
            return
        if project.view.warning:
            yield NotApplicable("git did not answer, so it is not known what is versioned")
            return
        count = len(code_files(project))
        if count < PROJECT:
            yield NotApplicable(f"there are fewer than {PROJECT} files with code")
            return
        if is_copy(project):
            yield NotApplicable("this is a copy of a repository")
            return
        above = [project.root, *project.root.parents]
        if any((folder / name).exists() for folder in above for name in _OTHER_SYSTEMS):
            yield NotApplicable("another system than git keeps the versions")
            return
        yield Finding(
            project.place(),
            f"{count} files with code are not under version control",
            subject="not versioned",
        )
