"""Tables of a configuration file: what is plainly right is read as pydantic would read it, and nothing else."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from repro_lint.api import Field, RuleOptions
from repro_lint.config import Settings
from repro_lint.grades import Level, Severity
from repro_lint.registry import load_registry
from repro_lint.tables import Table, keys_of, validated

OPTIONS = {entry.meta.name: entry.rule.Options for entry in load_registry() if entry.rule.Options}
WORDS = st.sampled_from(["a", "", "safe", "error", "never", "high", "json", "flake8", "mypy", "["])
NUMBERS = st.one_of(st.integers(-2, 5), st.floats(-1, 5), st.sampled_from([1.0, 10**30, math.inf, math.nan]))
PLAIN = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["a", "paths", "rules", "reason", "ruff", "notebook-linters"]), inner, max_size=3
        ),
    ),
    max_leaves=5,
)


def outcome(read: Any) -> Any:
    """What is read, in a form in which not a number is equal to itself and 1 is not 1.0; or what is said against it."""
    try:
        return repr(read())
    except ValidationError as error:
        return [(one["type"], one["loc"], one["msg"]) for one in error.errors(include_url=False)]


@pytest.mark.parametrize("table", [Settings, *OPTIONS.values()], ids=["settings", *OPTIONS])
def test_reading_is_what_pydantic_does(table: type[Table]) -> None:
    adapter = TypeAdapter(table)
    keys = [*keys_of(table), "no-such-key"]

    @given(st.dictionaries(st.sampled_from(keys), VALUES, max_size=3))
    def check(values: dict[str, Any]) -> None:
        assert outcome(lambda: validated(table, values)) == outcome(lambda: adapter.validate_python(values))

    check()


def test_a_file_that_is_right_needs_no_pydantic() -> None:
    program = """
import sys
from repro_lint.config import Settings
from repro_lint.tables import validated
made = validated(Settings, {
    "level": "safe", "select": ["a"], "max-file-size": 3, "bridges": {"ruff": True, "notebook-linters": ["mypy"]},
    "per-file-ignores": [{"paths": ["a"], "rules": ["all"], "reason": "b"}], "severity": {"a": "note"},
    "rules": {"long-cell": {"max-lines": 3}},
})
assert made.per_file_ignores[0].reason == "b" and made.bridges.ruff and made.severity["a"].value == "note"
assert "pydantic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_is_read() -> None:
    made = validated(Settings, {"level": "safe", "max-file-size": 3, "severity": {"a": "note"}, "select": ["x"]})
    assert (made.level, made.severity, made.select) == (Level.SAFE, {"a": Severity.NOTE}, ("x",))
    assert repr(made.max_file_size) == "3.0"


def test_kinds_that_pydantic_knows_better() -> None:
    class Patterns(RuleOptions):
        allow: tuple[re.Pattern[str], ...] = Field((), description="d")
        word: str = Field("ab", description="d", pattern="b$")

    assert validated(Patterns, {"allow": ["a+"]}).allow == (re.compile("a+"),)
    assert validated(Patterns, {"word": "b"}).word == "b"
    for wrong in ({"allow": ["("]}, {"word": "a"}):
        with pytest.raises(ValidationError):
            validated(Patterns, wrong)


def test_a_field_without_a_default_is_required() -> None:
    class Strict(RuleOptions):
        name: str
        others: dict[str, int] = Field({}, description="d")

    assert validated(Strict, {"name": "a", "others": {"b": 1}}).others == {"b": 1}
    assert validated(Strict, {"name": "a"}).others == {}
    with pytest.raises(ValidationError, match="name"):
        validated(Strict, {})
