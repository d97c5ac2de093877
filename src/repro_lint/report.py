"""The result of a run: what reporters print and what the exit code is decided from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from repro_lint import __version__
from repro_lint.config import FailOn
from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR
from repro_lint.files import display_path
from repro_lint.finding import NotApplicable
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.rule import RuleMeta
from repro_lint.tables import Field, Record
from repro_lint.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from repro_lint.diagnostics import Diagnostic

SCHEMA_VERSION = "1.0"


class Tool(Record):
    """What made the report."""

    name: str = "repro-lint"
    version: str = __version__


class ReportedRule(Record):
    """What is known of a rule that diagnostics name."""

    name: str
    code: str
    family: str
    level: Level
    severity: Severity
    confidence: Confidence
    summary: str
    why: str
    help: str
    url: str | None = None

    @classmethod
    def of(cls, meta: RuleMeta) -> ReportedRule:
        """The rule as its class describes it."""
        return cls(**{name: getattr(meta, name) for name in cls.__annotations__})


class NotApplicableRule(Record):
    """A rule that could not judge the tree, or one file of it, and why."""

    rule: str
    reason: str
    path: str | None = None


class NotebookSummary(Record):
    """A notebook that was looked at."""

    path: str
    language: str | None
    cells: int
    code_cells: int
    verdict: Verdict = Verdict(outcome="not-judged")


class Ladder(Record):
    """How far the project has come. ``reached`` is None below the first rung, or where nothing can be claimed."""

    target: Level
    reached: Level | None
    next: Level | None
    blocked_by: dict[str, int] = field(
        default_factory=dict, metadata={"description": "Findings by rule that block the next level"}
    )
    judged: bool = Field(True, description="False where the run was narrowed, so that no level can be claimed")


class Summary(Record):
    """The counts. Those from ``findings`` to ``notes`` and ``fixable`` are of the diagnostics that count."""

    files_checked: int
    files_with_findings: int
    findings: int
    errors: int
    warnings: int
    notes: int
    suppressed: int
    baselined: int
    existing: int = Field(0, description="Findings that were there before the change")
    touched: int = Field(0, description="Findings that were there before the change, on lines that it edits")
    fixed: int = Field(0, description="Findings that the change removes")
    stale: int = Field(0, description="Entries of the baseline for which nothing is found any more")
    fixable: int
    below_min_confidence: int
    rules_run: int
    notebooks: dict[Judgement, int] = field(
        default_factory=dict, metadata={"description": "Notebooks by the outcome of a run"}
    )
    ladder: Ladder


class Comparison(Record):
    """What the tree was compared with, so that only new findings count."""

    revision: str = Field(description="As it was asked for")
    commit: str = Field(description="The commit that HEAD and the revision have in common")
    fixed: tuple[Diagnostic, ...] = Field((), description="Findings of that commit that are gone, at their old places")


class Report(Record):
    """Everything a run found out."""

    schema_version: str = SCHEMA_VERSION
    tool: Tool = Tool()
    diagnostics: tuple[Diagnostic, ...]
    rules: tuple[ReportedRule, ...] = Field((), description="The rules that the diagnostics name, by name")
    not_applicable: tuple[NotApplicableRule, ...] = ()
    notebooks: tuple[NotebookSummary, ...] = ()
    comparison: Comparison | None = None
    summary: Summary

    @classmethod
    def adapter(cls) -> TypeAdapter[Report]:
        """What writes and describes reports. Building it takes a while."""
        from pydantic import TypeAdapter

        # Annotations name these, which are otherwise imported where there are findings only.
        from repro_lint.diagnostics import Cell, Diagnostic, Positive, Span  # noqa: F401

        return TypeAdapter(cls)

    def exit_code(self, fail_on: FailOn) -> int:
        """2 if a rule could not do its work, else 1 if a finding counts for ``fail_on``, else 0."""
        counting = [d for d in self.diagnostics if d.counts]
        if any(d.rule in (INTERNAL_ERROR.name, BROKEN_PLUGIN.name) for d in counting):
            return 2
        if fail_on == "never":
            return 0
        return int(any(d.severity >= Severity(fail_on) for d in counting))


def summarise(
    diagnostics: Sequence[Diagnostic],
    *,
    notebooks: Sequence[NotebookSummary] = (),
    files_checked: int,
    rules_run: int,
    below_min_confidence: int,
    target: Level,
    judged: bool,
    fixed: int = 0,
    stale: int = 0,
) -> Summary:
    """The counts and the ladder for the diagnostics of a run."""
    counting = [d for d in diagnostics if d.counts]
    states = Counter(d.disposition.state for d in diagnostics)
    severities = Counter(d.severity for d in counting)
    return Summary(
        files_checked=files_checked,
        files_with_findings=len({d.location.path for d in counting}),
        findings=len(counting),
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
        suppressed=states["suppressed"],
        baselined=states["baselined"],
        existing=states["existing"],
        touched=states["touched"],
        fixed=fixed,
        stale=stale,
        fixable=sum(any(f.safety == "safe" for f in d.fixes) for d in counting),
        below_min_confidence=below_min_confidence,
        rules_run=rules_run,
        notebooks=Counter(notebook.verdict.outcome for notebook in notebooks),
        ladder=_ladder([d for d in diagnostics if d.disposition.state != "suppressed"], target, judged),
    )


def not_applicable_rules(found: Iterable[tuple[RuleMeta, NotApplicable]]) -> tuple[NotApplicableRule, ...]:
    """What rules could not judge, once each and sorted."""
    ordered = sorted({(meta.name, n.path or "", n.reason) for meta, n in found})
    return tuple(
        NotApplicableRule(rule=rule, reason=display_path(reason), path=display_path(path) if path else None)
        for rule, path, reason in ordered
    )


def _ladder(standing: Sequence[Diagnostic], target: Level, judged: bool) -> Ladder:
    """The highest rung below the first one that a warning or error blocks, an old one as well; notes block nothing."""
    reached: Level | None = None
    for level in Level:
        if level > target:
            return Ladder(target=target, reached=reached if judged else None, next=level, judged=judged)
        blocking = Counter(d.rule for d in standing if d.level == level and d.severity > Severity.NOTE)
        if blocking:
            ordered = dict(sorted(blocking.items(), key=lambda item: (-item[1], item[0])))
            return Ladder(
                target=target, reached=reached if judged else None, next=level, blocked_by=ordered, judged=judged
            )
        reached = level
    return Ladder(target=target, reached=reached if judged else None, next=None, judged=judged)
