"""What a run amounts to: exit codes, counts and the ladder."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from repro_lint.config import FailOn
from repro_lint.diagnostics import Diagnostic, Disposition, State, build_diagnostics
from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR
from repro_lint.finding import Finding, Fix, Place
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.report import Ladder, Report, Summary, summarise
from repro_lint.reporters import Look
from repro_lint.reporters.summary import plural, render_summary
from repro_lint.rule import RuleMeta

META = RuleMeta("TST001", "a-rule", "tests", Level.SAFE, Severity.WARNING, Confidence.HIGH, "0", "s.", "w", "h")


def diagnostic(
    severity: Severity = Severity.WARNING,
    level: Level = Level.SAFE,
    state: State = "new",
    rule: str = "a-rule",
    path: str = "a.py",
    fixes: tuple[Fix, ...] = (),
) -> Diagnostic:
    meta = dataclasses.replace(META, name=rule, level=level)
    finding = Finding(Place(path), "m", severity=severity, fixes=fixes)
    (made,) = build_diagnostics([(meta, finding)], known=[meta])
    return made.model_copy(update={"disposition": Disposition(state=state)})


def summary_of(*diagnostics: Diagnostic, target: Level = Level.REPRODUCIBLE, **options: Any) -> Summary:
    values = {"files_checked": 3, "rules_run": 5, "below_min_confidence": 0, "judged": True, **options}
    return summarise(diagnostics, target=target, **values)


def report(*diagnostics: Diagnostic, **options: Any) -> Report:
    return Report(diagnostics=diagnostics, not_applicable=(), notebooks=(), summary=summary_of(*diagnostics, **options))


NOTE, WARNING, ERROR = (diagnostic(severity) for severity in Severity)


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        ((), {"never": 0, "error": 0, "warning": 0, "note": 0}),
        ((NOTE,), {"never": 0, "error": 0, "warning": 0, "note": 1}),
        ((WARNING,), {"never": 0, "error": 0, "warning": 1, "note": 1}),
        ((ERROR,), {"never": 0, "error": 1, "warning": 1, "note": 1}),
        ((NOTE, ERROR), {"never": 0, "error": 1, "warning": 1, "note": 1}),
        ((diagnostic(Severity.ERROR, state="suppressed"),), {"never": 0, "error": 0, "warning": 0, "note": 0}),
        ((diagnostic(Severity.ERROR, state="baselined"),), {"never": 0, "error": 0, "warning": 0, "note": 0}),
        ((diagnostic(Severity.ERROR, state="existing"),), {"never": 0, "error": 0, "warning": 0, "note": 0}),
        ((diagnostic(rule=INTERNAL_ERROR.name),), {"never": 2, "error": 2, "warning": 2, "note": 2}),
        ((diagnostic(Severity.NOTE, rule=INTERNAL_ERROR.name),), {"never": 2, "error": 2, "warning": 2, "note": 2}),
        ((ERROR, diagnostic(rule=BROKEN_PLUGIN.name)), {"never": 2, "error": 2, "warning": 2, "note": 2}),
    ],
    ids=[
        "none",
        "note",
        "warning",
        "error",
        "two",
        "suppressed",
        "baselined",
        "existing",
        "crash",
        "crash as note",
        "pack",
    ],
)
def test_exit_codes(found: tuple[Diagnostic, ...], codes: dict[FailOn, int]) -> None:
    assert {fail_on: report(*found).exit_code(fail_on) for fail_on in codes} == codes


def test_counts_are_of_what_is_new() -> None:
    found = summary_of(
        ERROR,
        WARNING,
        diagnostic(path="b.py", fixes=(Fix("f", True, ()),)),
        diagnostic(Severity.NOTE, path="b.py", fixes=(Fix("f", False, ()),)),
        diagnostic(state="suppressed", path="c.py"),
        diagnostic(state="baselined"),
        diagnostic(state="existing"),
        diagnostic(state="touched"),
        diagnostic(state="touched"),
        below_min_confidence=4,
        fixed=5,
        stale=6,
    )
    assert {name: value for name, value in vars(found).items() if name != "ladder"} == {
        "files_checked": 3,
        "files_with_findings": 2,
        "findings": 4,
        "errors": 1,
        "warnings": 2,
        "notes": 1,
        "suppressed": 1,
        "baselined": 1,
        "existing": 1,
        "touched": 2,
        "fixed": 5,
        "stale": 6,
        "fixable": 1,
        "below_min_confidence": 4,
        "rules_run": 5,
        "notebooks": {},
    }


class TestLadder:
    def ladder(self, *found: Diagnostic, **options: Any) -> Ladder:
        return summary_of(*found, **options).ladder

    @pytest.mark.parametrize(
        ("target", "following"),
        [
            (Level.SAFE, Level.RUNNABLE),
            (Level.RUNNABLE, Level.REPRODUCIBLE),
            (Level.REPRODUCIBLE, Level.PRODUCTION),
            (Level.PRODUCTION, None),
        ],
    )
    def test_without_findings_the_target_is_reached(self, target: Level, following: Level | None) -> None:
        ladder = self.ladder(target=target)
        assert (ladder.reached, ladder.next, ladder.blocked_by) == (target, following, {})

    @pytest.mark.parametrize(
        ("level", "reached"),
        [(Level.SAFE, None), (Level.RUNNABLE, Level.SAFE), (Level.REPRODUCIBLE, Level.RUNNABLE)],
    )
    def test_a_finding_blocks_its_rung(self, level: Level, reached: Level | None) -> None:
        ladder = self.ladder(diagnostic(level=level))
        assert (ladder.reached, ladder.next, ladder.blocked_by) == (reached, level, {"a-rule": 1})

    def test_notes_and_what_is_set_aside_block_nothing(self) -> None:
        found = (diagnostic(Severity.NOTE), diagnostic(Severity.ERROR, state="suppressed"))
        assert self.ladder(*found).reached is Level.REPRODUCIBLE

    def test_the_lowest_rung_counts_and_the_most_frequent_blocker_comes_first(self) -> None:
        ladder = self.ladder(
            diagnostic(level=Level.REPRODUCIBLE, rule="later"),
            diagnostic(level=Level.RUNNABLE, rule="b"),
            diagnostic(level=Level.RUNNABLE, rule="a"),
            diagnostic(level=Level.RUNNABLE, rule="c"),
            diagnostic(level=Level.RUNNABLE, rule="c", path="x.py"),
        )
        assert ladder.reached is Level.SAFE
        assert list(ladder.blocked_by.items()) == [("c", 2), ("a", 1), ("b", 1)]

    def test_a_finding_above_the_target_blocks_nothing_below(self) -> None:
        ladder = self.ladder(diagnostic(level=Level.PRODUCTION), target=Level.RUNNABLE)
        assert ladder.reached is Level.RUNNABLE

    def test_a_narrowed_run_claims_nothing(self) -> None:
        ladder = self.ladder(judged=False)
        assert (ladder.reached, ladder.judged) == (None, False)
        assert self.ladder(diagnostic(level=Level.RUNNABLE), judged=False).reached is None


class TestSummaryLines:
    def text(self, *found: Diagnostic, **options: Any) -> list[str]:
        return render_summary(report(*found, **options), Look()).splitlines()

    def test_clean(self) -> None:
        assert self.text() == [
            "no findings: 3 files checked, with 5 rules",
            "level reached: reproducible · next: production (see it with --level production)",
        ]

    def test_clean_at_the_top(self) -> None:
        assert self.text(target=Level.PRODUCTION, files_checked=1, rules_run=1) == [
            "no findings: 1 file checked, with 1 rule",
            "level reached: production",
        ]

    def test_findings(self) -> None:
        found = [
            diagnostic(Severity.ERROR, Level.RUNNABLE, rule="no-lockfile"),
            diagnostic(Severity.ERROR, Level.RUNNABLE, rule="absolute-path", path="b.py"),
            diagnostic(Severity.ERROR, Level.RUNNABLE, rule="absolute-path", path="c.py"),
            NOTE,
        ]
        assert self.text(*found) == [
            "4 findings in 3 files (3 errors, 1 note)",
            "level reached: safe · next: runnable (blocked by absolute-path ×2, no-lockfile)",
        ]

    def test_set_aside(self) -> None:
        aside = (diagnostic(state="suppressed"), diagnostic(state="baselined"))
        assert self.text(*aside, below_min_confidence=2)[0] == (
            "no findings: 3 files checked, with 5 rules (1 baselined, 1 suppressed; 2 below the minimum confidence)"
        )
        assert self.text(WARNING, *aside)[0] == "1 finding in 1 file (1 warning; 1 baselined, 1 suppressed)"

    def test_nothing_reached(self) -> None:
        assert self.text(ERROR)[1] == "level reached: none yet · next: safe (blocked by a-rule)"

    def test_not_judged(self) -> None:
        expected = "level: not judged, because only some of the rules or files were looked at"
        assert self.text(judged=False)[1] == expected

    def test_plural(self) -> None:
        assert [plural(n, "file") for n in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
