"""The rules that stand for other linters', and who is asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from repro_lint.bridges import notebook_rules, ruff_rules
from repro_lint.bridges.bridge import Answer, BridgeError, BridgeRule
from repro_lint.finding import Finding
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
        yield _answer("ruff", ruff_rules.FAMILY, names, review(project, paths, ruff))
    for meta in chosen:
        if meta.family == notebook_rules.FAMILY:
            from repro_lint.bridges.notebook_linters import lint_notebooks

            linter = notebook_rules.linter_of(meta)
            found = ((meta, finding) for finding in lint_notebooks(project, paths, linter))
            yield _answer(linter, meta.name, frozenset({meta.name}), found)


def _answer(linter: str, selector: str, rules: frozenset[str], said: Iterator[tuple[RuleMeta, Finding]]) -> Answer:
    """The answer with what was said before a failure, if there is one."""
    findings: list[tuple[RuleMeta, Finding]] = []
    try:
        for pair in said:
            findings.append(pair)  # a comprehension would lose them
    except BridgeError as error:
        return Answer(linter, selector, rules, findings, str(error))
    return Answer(linter, selector, rules, findings)
