"""Notebooks that teach: chapters, lectures, exercises. They are cut by subject, and show their code on purpose."""

from __future__ import annotations

from repro_lint.api import Notebook, lazy_pattern

_PATH = lazy_pattern(
    r"(?:^|[^a-z])(?:ch\d+|hw\d+|week\d+|(?:chapter|chap|lecture|lesson|tutorial|exercise|homework|assignment|workshop|quiz)"
    r"(?:s|es)?\d*|solutions?|soln|introduction|guide|primer|cheat-?sheets?|handbook|textbook)(?![a-z])"
)
_WORD_IN_NAME = lazy_pattern(r"(?<=[a-z])(?=[A-Z])")
_TITLE = lazy_pattern(
    r"^(?:#|\*\*|=).*\b(?:chapter|lecture|lesson|tutorial|exercises?|homework|assignment|workshop|guide|primer)\b"
    r"|notebook contains an excerpt from"
)


def teaches(notebook: Notebook) -> bool:
    """Whether the names of project and file, the first headings or nbgrader's metadata say that it is for teaching."""
    where = _WORD_IN_NAME.sub("-", f"{notebook.project.name}/{notebook.path}").lower()
    if _PATH.search(where):
        return True
    first = [cell.source for cell in notebook.cells[:4] if cell.type == "markdown"]
    if any(_TITLE.search(line.strip().lower()) for text in first for line in text.split("\n")[:8]):
        return True
    return any("nbgrader" in cell.metadata for cell in notebook.cells)
