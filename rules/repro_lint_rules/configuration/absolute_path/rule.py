"""A path that exists on one machine only stands in code or configuration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    Outcome,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
    Span,
    TextFile,
)
from repro_lint_rules.configuration.path_findings import Judgement, Occurrence, advice, judge, message, shortened
from repro_lint_rules.configuration.path_scan import in_python, in_text_file
from repro_lint_rules.configuration.platforms import platforms_of, runs_on_kaggle
from repro_lint_rules.configuration.roots import Tier

_MANY = 10
"""The number of paths with one root in a configuration file from which on they are data, and one finding."""

_Judged = tuple[Occurrence, Judgement]


class AbsolutePath(Rule):
    """Reports the paths of one person's computer, of one cluster and of hosted notebooks."""

    meta = RuleMeta(
        code="CFG001",
        name="absolute-path",
        family="configuration",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A path that exists on one machine only stands in code or configuration.",
        why="Where that directory is missing, the program stops at this line, and nobody can say what was in it.",
        help="write it relative to the file or the repository, or take it from an option or an environment variable",
        predicts="stop",
    )

    class Options(RuleOptions):
        """What counts as present on every machine that matters."""

        allowed: tuple[str, ...] = Field(
            (),
            description="Beginnings of paths that every machine has on which this project runs, such as /scratch/lab.",
        )

    def check(self, subject: PythonSource | TextFile) -> Outcome:
        """One finding for each path, at its text; one for all with the same root where the platform is declared."""
        found = in_python(subject) if isinstance(subject, PythonSource) else in_text_file(subject)
        judged = [
            (occurrence, judgement)
            for occurrence in found
            if not occurrence.path.text.startswith(self.options.allowed or ("\0",))
            and (judgement := judge(occurrence, subject.path)) is not None
        ]
        if not judged:
            return
        judged = [item for item in judged if not _is_own_layout(item[0], subject)]
        judged.sort(key=lambda item: _position(item[0]))
        what, language = _kind(subject)
        declared = platforms_of(subject) if isinstance(subject, PythonSource) else frozenset()
        for group in _grouped(judged, declared, language):
            yield _finding(group, subject, what, language)


def _finding(group: list[_Judged], subject: PythonSource | TextFile, what: str, language: str) -> Finding:
    occurrence, judgement = group[0]
    path = occurrence.path
    if len(group) == 1:
        text = message(occurrence, what)
        related: tuple[Related, ...] = ()
    else:
        first = shortened(path.text)
        text = f"{len(group)} paths below `{path.root}` tie the {what} to {path.where}, the first is `{first}`"
        related = tuple(Related(other.place, f"also `{shortened(other.path.text)}`") for other, _ in group[1:])
        best = max(grade.confidence for _, grade in group)
        judgement = replace(judgement, confidence=best)
    return Finding(
        occurrence.place,
        text,
        help=advice(occurrence, subject.project, subject.path, language),
        severity=judgement.severity,
        confidence=judgement.confidence,
        related=related,
    )


def _grouped(judged: list[_Judged], declared: frozenset[str], language: str) -> Iterable[list[_Judged]]:
    """The occurrences in order; those with one root together where each of them would say the same again."""
    groups: dict[object, list[_Judged]] = {}
    counts: dict[str, int] = {}
    for occurrence, _ in judged:
        counts[occurrence.path.root] = counts.get(occurrence.path.root, 0) + 1
    for number, item in enumerate(judged):
        path = item[0].path
        hosted = path.tier is Tier.HOSTED and (
            language == "notebook" or path.platform in declared or path.root == "../input"
        )
        together = hosted or (language == "config" and counts[path.root] > _MANY)
        groups.setdefault(path.root if together else number, []).append(item)
    return groups.values()


def _is_own_layout(occurrence: Occurrence, subject: PythonSource | TextFile) -> bool:
    """Whether ``../input`` is a directory of the repository, or of nothing that has to do with Kaggle."""
    if occurrence.path.tier is not Tier.HOSTED or not occurrence.path.text.startswith("../input"):
        return False
    return not runs_on_kaggle(subject)


def _position(occurrence: Occurrence) -> tuple[int, int, int]:
    span = occurrence.place.span or Span(0)
    cell = occurrence.place.cell.index if occurrence.place.cell else 0
    return cell, span.line, span.column


def _kind(subject: PythonSource | TextFile) -> tuple[str, str]:
    """What a reader calls the file, and in which language the advice is to be."""
    if isinstance(subject, PythonSource):
        return ("notebook", "notebook") if subject.notebook is not None else ("code", "python")
    name = subject.path.rpartition("/")[2].lower()
    if name.endswith((".r", ".rmd", ".qmd", ".rprofile")):
        return "code", "r"
    if name.endswith((".sh", ".bash", ".zsh", ".ksh", ".bat", ".cmd", ".ps1", ".mk", ".envrc", "makefile")):
        return "script", "shell"
    return "file", "config"
