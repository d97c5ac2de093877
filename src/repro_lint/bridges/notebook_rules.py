"""The rules that stand for linters without an idea of notebooks: one for each linter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from repro_lint.bridges.bridge import BridgeRule
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.rule import RuleMeta
from repro_lint.sources.notebook import Notebook

FAMILY = "notebook-linters"
_SUFFIX = "-in-notebook"

# Code, linter, what its findings are, where they are explained.
_LINTERS = (
    ("NBL001", "flake8", "flake8 finds a mistake in a notebook.", "https://flake8.pycqa.org"),
    ("NBL002", "pylint", "pylint finds a mistake in a notebook.", "https://pylint.readthedocs.io"),
    ("NBL003", "mypy", "mypy finds values of the wrong type in a notebook.", "https://mypy.readthedocs.io"),
    ("NBL004", "bandit", "bandit finds something unsafe in a notebook.", "https://bandit.readthedocs.io"),
)  # fmt: skip


class _NotebookRule(BridgeRule):
    @classmethod
    def subjects(cls) -> tuple[type[Any], ...]:
        """Notebooks only."""
        return (Notebook,)


def notebook_rules() -> Iterator[type[BridgeRule]]:
    """A rule for each linter. They are previews, so that each runs only where it is asked for."""
    for code, linter, summary, url in _LINTERS:
        meta = RuleMeta(
            code=code,
            name=rule_name(linter),
            family=FAMILY,
            level=Level.PRODUCTION,
            severity=Severity.NOTE,
            confidence=Confidence.HIGH,
            since="0.1.0",
            summary=summary,
            why="The linter cannot read notebooks, so the code in them is looked at less than the rest.",
            help=f"see the documentation of {linter} for the code in the message",
            status="preview",
            url=url,
        )
        yield type(linter.title(), (_NotebookRule,), {"meta": meta, "__doc__": summary, "__module__": __name__})


def rule_name(linter: str) -> str:
    """The name of the rule that stands for the linter."""
    return linter + _SUFFIX


def linter_of(meta: RuleMeta) -> str:
    """The linter that one of these rules stands for."""
    return meta.name.removesuffix(_SUFFIX)
