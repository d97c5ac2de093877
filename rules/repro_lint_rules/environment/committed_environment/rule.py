"""An environment with its installed packages is under version control."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
    lazy_pattern,
)

_HINTS = ("pyvenv.cfg", "conda-meta/", "site-packages/", "/activate", "/Activate")
_INSIDE = lazy_pattern(
    r"(?P<root>(?:.*?/)?[^/]+/)(?:pyvenv\.cfg|conda-meta/history|(?:lib/python[23][.\d]*|Lib)/site-packages/.*"
    r"|bin/activate(?:\.csh|\.fish)|Scripts/(?:activate\.bat|Activate\.ps1))$|(?P<inner>(?:.*?/)?site-packages/)(?=[^/]+/.*\.py$)"
)


class CommittedEnvironment(Rule):
    """Knows environments by what venv and conda write; without version control, nobody knows what is shared."""

    meta = RuleMeta(
        code="ENV012",
        name="committed-environment",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="An environment with its installed packages is under version control.",
        why="It works on one system and in one directory, hides what is needed, and makes every clone large.",
        help="remove it from git, ignore it, and declare what it held",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each environment, at the file that tells."""
        unversioned = project.view.kind == "directory"
        found: dict[str, list[str]] = {}
        for path in project.view.paths():
            if any(hint in path for hint in _HINTS) and (match := _INSIDE.match(path)):
                found.setdefault(match["root"] or match["inner"], []).append(path)
        marks = {root: paths for root, paths in found.items() if any(project.view.tracked(p) for p in paths[:1])}
        everything = project.view.paths()
        for root, paths in sorted(marks.items()):
            if any(root != other and root.startswith(other) for other in marks):
                continue
            count = sum(path.startswith(root) for path in everything)
            files = f"{count} file{'s' if count > 1 else ''}"
            folder = root.rstrip("/")
            yield Finding(
                project.place(paths[0]),
                f"the environment {folder} is among the files of the project, with {files}",
                help=f"run `git rm -r --cached {folder}` and add `{folder}/` to .gitignore",
                confidence=Confidence.MEDIUM if unversioned else None,
                subject=folder,
            )
