"""The file has the name that a program gave it, or is a copy that a program made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Level,
    Notebook,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
    lazy_pattern,
)

_CHECKPOINTS = ".ipynb_checkpoints"
# Jupyter, in some languages; Colab: Untitled0; VS Code: Untitled-1; Databricks: Untitled Notebook 2024-05-01 10_20_30.
_UNTITLED = lazy_pattern(
    r"(?:untitled(?:[ _-]notebook)?|sans[ _-]titre|sin[ _-]t[ií]tulo|sem[ _-]t[ií]tulo|senza[ _-]titolo|unbenannt"
    r"|без[ _-](?:имени|названия)|未命名|无标题|無題|제목[ _-]?없음)[ _-]?[\d _:.()-]*(?:-Copy\d+)*",
    re.I,
)
# Kaggle: ten hexadecimal digits for a new notebook, and what it calls the source in its downloads.
_KAGGLE = lazy_pattern(r"(?:notebook|kernel)(?=[a-f]*\d)[0-9a-f]{10}|__notebook(?:_source)?__")
# Jupyter, Colab, Windows. In other programs' forms the name may be meant, so that only the original beside it tells.
_COPY = lazy_pattern(r"(?P<a>.+?)(?:-Copy\d+)+|Copy[ _]of[ _](?P<b>.+)|(?P<c>.+?) - Copy(?: ?\(\d+\))?")
_LIKELY_COPY = lazy_pattern(r"(?P<name>.+?)(?:[ _]?\(\d{1,2}\)|[ _-][Cc]opy(?:[ _-]?\d{1,2})?|-checkpoint)")


class UnnamedNotebook(Rule):
    """Looks at the names of notebooks, and for the checkpoints that Jupyter writes beside them."""

    meta = RuleMeta(
        code="NBK013",
        name="unnamed-notebook",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The file has the name that a program gave it, or is a copy that a program made.",
        why="Nobody can tell what it is for, which of the copies counts, or whether it may be deleted.",
        help="give it a name that says what it does, or delete it",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each such notebook, and one for all checkpoints that are committed."""
        for path in project.accepted(Notebook):
            if message := _message(project, path):
                yield project.finding(message + _emptiness(project, path), path=path, subject="name")
        checkpoints = list(_committed_checkpoints(project))
        if checkpoints:
            first, *others = checkpoints
            count = "a checkpoint" if not others else f"{len(checkpoints)} checkpoints"
            yield project.finding(
                f"{count} of Jupyter {'is' if not others else 'are'} committed: old copies of notebooks",
                path=first,
                help=f"untrack them (git rm -r --cached), and put {_CHECKPOINTS}/ into .gitignore",
                related=tuple(Related(project.place(path), "is a checkpoint too") for path in others),
                subject="checkpoints",
            )


def _message(project: Project, path: str) -> str | None:
    directory, _, name = path.rpartition("/")
    stem = name.removesuffix(".ipynb").strip()
    if _UNTITLED.fullmatch(stem):
        return "the notebook was never given a name"
    if _KAGGLE.fullmatch(stem):
        return "the notebook has the name that Kaggle gave it"
    if match := _COPY.fullmatch(stem):
        original = match["a"] or match["b"] or match["c"]
        beside = " beside it" if _exists(project, directory, original) else ""
        return f"the notebook is a copy of {original}.ipynb{beside}, by its name"
    match = _LIKELY_COPY.fullmatch(stem)
    if match and _exists(project, directory, match["name"]):
        return f"the notebook is a copy of {match['name']}.ipynb beside it, by its name"
    return None


def _exists(project: Project, directory: str, stem: str) -> bool:
    return f"{directory}/{stem}.ipynb".lstrip("/") in project.files


def _emptiness(project: Project, path: str) -> str:
    notebook = project.load(Notebook, path)
    if notebook is None or not notebook.readable or any(cell.source.strip() for cell in notebook.cells):
        return ""
    return ", and it is empty"


def _committed_checkpoints(project: Project) -> Iterator[str]:
    """The tracked files in folders for checkpoints; not those within environments or other people's trees."""
    if project.view.kind == "directory":
        return
    for path in project.view.paths():
        parts = path.split("/")
        if _CHECKPOINTS in parts[:-1] and project.view.tracked(path):
            outside = "/".join(part for part in parts if part != _CHECKPOINTS)
            if not project.view.excluded(outside):
                yield path
