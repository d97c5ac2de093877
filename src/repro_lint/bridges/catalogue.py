"""The rules that stand for other linters', and who is asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from repro_lint.bridges import notebook_rules, ruff_rules
from repro_lint.bridges.bridge import Answer, BridgeError, BridgeRule
from repro_lint.project import Project
from repro_lint.rule import RuleMeta


def bridge_rules() -> list[type[BridgeRule]]:
    """The rules of all bridges."""
    return [*ruff_rules.ruff_rules(), *notebook_rules.notebook_rules()]


def switches(ruff: bool | None, notebook_linters: Iterable[str]) -> tuple[list[str], list[str]]:
    """The selectors that the settings of the bridges add to ``extend-select`` and to ``ignore``."""
    on = [ruff_rules.FAMILY] if ruff else []
    on += [notebook_rules.rule_name(linter) for linter in notebook_linters]
    return on, [ruff_rules.FAMILY] if ruff is False else []


def consult(project: Project, paths: Sequence[str], metas: Iterable[RuleMeta]) -> Iterator[Answer]:
    """What the linters behind these rules say of the files. A linter that fails leaves the others alone."""
    chosen = list(metas)
    ruff = [meta for meta in chosen if meta.family == ruff_rules.FAMILY]
    if ruff:
        from repro_lint.bridges.ruff import review

        names = frozenset(meta.name for meta in ruff)
        try:
            yield Answer("ruff", ruff_rules.FAMILY, names, list(review(project, paths, ruff)))
        except BridgeError as error:
            yield Answer("ruff", ruff_rules.FAMILY, names, failure=str(error))
    for meta in chosen:
        if meta.family == notebook_rules.FAMILY:
            from repro_lint.bridges.notebook_linters import lint_notebooks

            linter = notebook_rules.linter_of(meta)
            try:
                findings = [(meta, finding) for finding in lint_notebooks(project, paths, linter)]
                yield Answer(linter, meta.name, frozenset({meta.name}), findings)
            except BridgeError as error:
                yield Answer(linter, meta.name, frozenset({meta.name}), failure=str(error))
