"""The notebooks that a run looked at, each with the verdict on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from repro_lint.engine import Outcome
from repro_lint.files import display_path
from repro_lint.project import Project
from repro_lint.report import NotebookSummary
from repro_lint.rule import RuleMeta
from repro_lint.sources.notebook import Notebook
from repro_lint.verdict import Verdict


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
    for path in project.accepted(Notebook):
        if not wanted(path) or (notebook := project.load(Notebook, path)) is None:
            continue
        shown = display_path(path)
        judged = predicting and notebook.readable and notebook.language in ("python", None)
        verdict = found.get(shown) or Verdict(outcome="nothing-found" if judged else "not-judged")
        summaries.append(
            NotebookSummary(
                path=shown,
                language=notebook.language,
                cells=len(notebook.cells),
                code_cells=len(notebook.code_cells),
                verdict=verdict.model_copy(update={"unjudged": tuple(sorted(unjudged[None] | unjudged[path]))}),
            )
        )
    return tuple(summaries)
