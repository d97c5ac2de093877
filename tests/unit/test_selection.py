"""Which rules run: the most specific selector decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from repro_lint.errors import UsageError
from repro_lint.finding import NotApplicable
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.project import Project
from repro_lint.registry import Entry, Pack, Registry, build_registry
from repro_lint.rule import EngineRule, Outcome, Rule, RuleMeta
from repro_lint.selection import Selection, check_selectors, select, specificity


def entry(
    code: str,
    name: str,
    family: str,
    level: Level,
    status: Literal["stable", "preview"] = "stable",
    base: type[Rule] = Rule,
    **rest: Any,
) -> Entry:
    metadata = RuleMeta(
        code, name, family, level, Severity.WARNING, Confidence.HIGH, "0.1.0", "s.", "w", "h", status, **rest
    )

    class Made(base):  # type: ignore[misc, valid-type]
        meta = metadata

        def check(self, subject: Project) -> Outcome:
            yield NotApplicable("never")

    return Entry(Made, Pack("builtin"), Path())


REGISTRY = build_registry(
    [
        entry("AAA001", "leak", "secrets", Level.SAFE),
        entry("BBB001", "no-lock", "environment", Level.RUNNABLE),
        entry("BBB002", "no-python", "environment", Level.RUNNABLE, "preview"),
        entry("CCC001", "no-seed", "randomness", Level.REPRODUCIBLE),
        entry("DDD001", "no-tests", "testing", Level.PRODUCTION),
        entry("LNT001", "crash", "lint", Level.SAFE, base=EngineRule, suppressible=False),
        entry("LNT003", "unused", "lint", Level.SAFE, base=EngineRule),
    ]
)
ENGINE = {"crash", "unused"}
DEFAULT = {"leak", "no-lock", "no-seed"} | ENGINE


def chosen(level: Level = Level.REPRODUCIBLE, **selectors: Any) -> Selection:
    return select(REGISTRY, level=level, **selectors)


@pytest.mark.parametrize(
    ("level", "names"),
    [
        (Level.SAFE, {"leak"}),
        (Level.RUNNABLE, {"leak", "no-lock"}),
        (Level.REPRODUCIBLE, {"leak", "no-lock", "no-seed"}),
        (Level.PRODUCTION, {"leak", "no-lock", "no-seed", "no-tests"}),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else None,
)
def test_the_level_selects_the_stable_rules_up_to_it(level: Level, names: set[str]) -> None:
    selection = chosen(level)
    assert selection.names == names | ENGINE
    assert not selection.narrowed


@pytest.mark.parametrize(
    ("selectors", "names"),
    [
        # select replaces the default, whatever the level
        ({"select": ["leak"]}, {"leak"}),
        ({"select": ["AAA001"]}, {"leak"}),
        ({"select": ["aaa001"]}, {"leak"}),
        ({"select": ["aaa"]}, {"leak"}),
        ({"select": ["Secrets"]}, {"leak"}),
        ({"select": ["production"]}, {"no-tests"}),
        ({"select": ["all"]}, {"leak", "no-lock", "no-seed", "no-tests"}),
        ({"select": ["environment"]}, {"no-lock"}),
        ({"select": ["runnable"]}, {"no-lock"}),
        ({"select": []}, set()),
        # a preview rule runs only if it is named itself
        ({"select": ["no-python"]}, {"no-python"}),
        ({"select": ["BBB002", "all"]}, {"leak", "no-lock", "no-python", "no-seed", "no-tests"}),
        ({"extend_select": ["no-python"]}, {"leak", "no-lock", "no-python", "no-seed"}),
        ({"extend_select": ["environment"]}, {"leak", "no-lock", "no-seed"}),
        # extend-select adds to the default
        ({"extend_select": ["testing"]}, {"leak", "no-lock", "no-seed", "no-tests"}),
        ({"select": ["leak"], "extend_select": ["no-seed"]}, {"leak", "no-seed"}),
        # ignore takes away, and the more specific selector wins
        ({"ignore": ["leak"]}, {"no-lock", "no-seed"}),
        ({"ignore": ["AAA"]}, {"no-lock", "no-seed"}),
        ({"ignore": ["runnable"]}, {"leak", "no-seed"}),
        ({"ignore": ["all"]}, set()),
        ({"select": ["environment"], "ignore": ["no-lock"]}, set()),
        ({"select": ["no-lock"], "ignore": ["environment"]}, {"no-lock"}),
        ({"select": ["no-lock"], "ignore": ["no-lock"]}, set()),
        ({"select": ["environment"], "ignore": ["runnable"]}, {"no-lock"}),
        ({"select": ["runnable"], "ignore": ["environment"]}, set()),
        ({"select": ["all"], "ignore": ["safe"]}, {"no-lock", "no-seed", "no-tests"}),
        ({"extend_select": ["leak"], "ignore": ["all"]}, {"leak"}),
        ({"extend_select": ["no-python"], "ignore": ["BBB"]}, {"leak", "no-python", "no-seed"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_the_most_specific_selector_decides(selectors: dict[str, list[str]], names: set[str]) -> None:
    found = select(REGISTRY, level=Level.REPRODUCIBLE, **selectors).names
    assert found - ENGINE == names
    assert "crash" in found


def test_what_the_engine_says_of_itself_stays_unless_it_is_ignored() -> None:
    assert chosen(select=["leak"]).names == {"leak"} | ENGINE
    assert chosen(ignore=["unused"]).names == DEFAULT - {"unused"}
    assert "crash" in chosen(ignore=["crash", "lint", "LNT001"]).names


@pytest.mark.parametrize(
    ("selectors", "narrowed"),
    [
        ({}, False),
        ({"extend_select": ["no-tests"]}, False),
        ({"select": ["all"]}, False),
        ({"select": ["leak"]}, True),
        ({"ignore": ["leak"]}, True),
        ({"ignore": ["no-tests"]}, False),  # it would not have run
        ({"ignore": ["no-such-rule"]}, False),
    ],
    ids=str,
)
def test_a_narrowed_selection_is_known_as_such(selectors: dict[str, list[str]], narrowed: bool) -> None:
    assert select(REGISTRY, level=Level.REPRODUCIBLE, **selectors).narrowed is narrowed


@pytest.mark.parametrize("where", ["select", "extend_select"])
def test_an_unknown_selector_is_an_error_with_a_suggestion(where: str) -> None:
    with pytest.raises(UsageError) as error:
        select(REGISTRY, level=Level.REPRODUCIBLE, **{where: ["no-sed"]})
    assert str(error.value) == 'unknown rule, family or level "no-sed" (did you mean "no-seed"?)'


def test_an_unknown_selector_in_ignore_is_a_warning() -> None:
    selection = chosen(ignore=["randomnes", "leak"])
    assert selection.warnings == ('unknown rule, family or level "randomnes" (did you mean "randomness"?)',)
    assert selection.names == DEFAULT - {"leak"}


def test_nothing_is_suggested_for_what_resembles_nothing() -> None:
    assert check_selectors(["qqqqqqqq"], REGISTRY) == ['unknown rule, family or level "qqqqqqqq"']
    assert check_selectors(["all", "SAFE", "aaa", "AAA001", "Leak"], REGISTRY) == []


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("leak", 3),
        ("aaa001", 3),
        ("AAA", 2),
        ("secrets", 2),
        ("safe", 1),
        ("all", 0),
        ("runnable", None),
        ("lea", None),
    ],
)
def test_specificity(selector: str, expected: int | None) -> None:
    assert specificity(selector, REGISTRY.entries["leak"].meta) == expected


def test_an_empty_registry_selects_nothing() -> None:
    assert select(Registry({}), level=Level.PRODUCTION).entries == ()
