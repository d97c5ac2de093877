"""The notebooks that a run looked at, each with the verdict on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace

from repro_lint.engine import Outcome
from repro_lint.facts import FileFact
from repro_lint.files import display_path
from repro_lint.lazy import dataclass
from repro_lint.project import Project
from repro_lint.report import NotebookSummary
from repro_lint.rule import RuleMeta
from repro_lint.sources.notebook import Notebook
from repro_lint.verdict import Verdict


@dataclass(frozen=True)
class Shape:
    """What a summary says of a notebook whatever was found."""

    language: str | None
    cells: int
    code_cells: int
    readable: bool


class NotebookShapes(FileFact[Shape]):
    """The shape of each notebook, so that none is read again for its summary."""

    subject = Notebook

    @classmethod
    def collect(cls, notebook: Notebook) -> Shape:
        """Of every notebook, broken ones among them."""
        return Shape(notebook.language, len(notebook.cells), len(notebook.code_cells), notebook.readable)


def notebook_summaries(
    project: Project,
    wanted: Callable[[str], bool],
    found: Mapping[str, Verdict],
    outcome: Outcome,
    metas: Mapping[str, RuleMeta],
) -> tuple[NotebookSummary, ...]:
    """The wanted notebooks in order. One of which nothing was ``found`` is judged only if a rule looked that could."""
    predicting = {name for name in outcome.ran if metas[name].predicts != "nothing"}
    unjudged: dict[str | None, set[str]] = defaultdict(set)
    for meta, why in outcome.not_applicable:
        if meta.name in predicting:
            unjudged[why.path].add(meta.name)
    summaries = []
    shapes = project.file_facts(NotebookShapes)
    for path in filter(wanted, project.accepted(Notebook)):
        shape = shapes.get(path)
        if shape is None:
            continue
        shown = display_path(path)
        judged = predicting and shape.readable and shape.language in ("python", None)
        verdict = found.get(shown) or Verdict(outcome="nothing-found" if judged else "not-judged")
        summaries.append(
            NotebookSummary(
                path=shown,
                language=shape.language,
                cells=shape.cells,
                code_cells=shape.code_cells,
                verdict=replace(verdict, unjudged=tuple(sorted(unjudged[None] | unjudged[path]))),
            )
        )
    return tuple(summaries)
