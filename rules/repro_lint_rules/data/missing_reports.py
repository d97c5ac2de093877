"""How missing files are told: one finding for a file, or for all those that one program misses in one folder."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from repro_lint.api import Confidence, Finding, Project, Related, Severity
from repro_lint_rules.data.missing_files import MissingFile, MissingFiles
from repro_lint_rules.data.places_of_data import DataPlaces


def missing_findings(project: Project, *, ignored: bool) -> Iterator[Finding]:
    """The findings about files that git ignores, or about those that it does not."""
    groups: dict[tuple[str, str, Confidence], list[MissingFile]] = {}
    folders = project.fact(DataPlaces).folders
    for missing in project.fact(MissingFiles).found:
        if missing.ignored is ignored:
            folder = posixpath.dirname(missing.place)
            key = folder if folder not in folders and folder else missing.place
            groups.setdefault((missing.program, key, missing.confidence), []).append(missing)
    for group in groups.values():
        yield _finding(group)


def _finding(group: list[MissingFile]) -> Finding:
    group = sorted(group, key=lambda one: (not one.certain, one.accesses[0].order))
    first = group[0]
    access = first.accesses[0]
    others = [(other, each) for other in group for each in other.accesses if each is not access]
    related = [Related(each.place, f"reads `{other.path}`") for other, each in others]
    if access.inner is not None:
        related.insert(0, Related(access.inner, "reads it here"))
    folder = posixpath.dirname(first.path)
    more = f", nor are {len(group) - 1} other files of `{folder}`" if len(group) > 2 else ""
    more = f", nor is another file of `{folder}`" if len(group) == 2 else more
    return Finding(
        access.place,
        f"`{access.call}` reads `{first.path}`, {_state(first)}{more}",
        help=_help(first),
        severity=Severity.ERROR if first.certain else Severity.WARNING,
        confidence=first.confidence,
        related=tuple(related),
        subject=first.path,
    )


def _state(missing: MissingFile) -> str:
    if missing.maker is not None and missing.maker != missing.program:
        return f"which only `{missing.maker}` writes, and that stops before for lack of its own input"
    if missing.maker is not None:
        return "which is not in the repository, and which it writes only afterwards"
    if missing.ignored:
        return "which git ignores, and no document says how to get it"
    if missing.outside:
        return "which lies outside of the repository, and no document says how to get it"
    if missing.nearest is not None:
        return f"which is not there; the repository has `{missing.nearest}`"
    return "which is not in the repository, and nothing makes, fetches or describes it"


def _help(missing: MissingFile) -> str | None:
    if missing.nearest is None or missing.ignored:
        return None
    if missing.nearest.lower() == missing.place.lower():
        return "write the name as the file has it: the case of letters matters on Linux"
    start = posixpath.dirname(missing.program) if missing.program.endswith(".ipynb") else ""
    path = posixpath.relpath(missing.nearest, start or ".")
    return f"if that is the file, its path from here is `{path}`"
