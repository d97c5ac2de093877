"""What a later Python accepts than the one that runs is no error of the code, and hides none."""

from __future__ import annotations

import ast
import sys
import time
from pathlib import Path

import pytest

from repro_lint.api import Finding, NotApplicable, Project, PythonSource
from repro_lint.files import open_view
from repro_lint.sources.f_strings import without_later_f_strings
from repro_lint.sources.syntax import Failure, parse
from repro_lint_rules.running.unparsable_code.rule import UnparsableCode

LATER_F_STRINGS = [
    "f'{'\\n'.join(x)}'",
    "f'{'/'.join(x)}'",
    "f'{\n  x\n}'",
    "f'{\"\\n\".join(x)}'",
    "f'{x['0a']}'",
    'f"{x["it\'s"]}"',
    "f'{x!r:{w['a']}}'",
    "f'''{\n  x  # why\n}'''",
    'f"{f"{f"{1}"}"}"',
    "f'{x if y != 'a' else {'b': 1}['b']:>10}'",
    "rf'\\d{x['a']}\\''",
    "f'{{{x['a']}}}'",
    "f'{'''\n'''}'",
    "f'\\N{DIGIT ONE}{x['a']}'",
]
OLD_F_STRINGS = [
    "f'{x}'",
    'f\'{x["a"]:>{w}}\' "b"',
    "f'''{\n  x['a']\n}'''",
    "f'{{'\"'}\"",
    "rf'\\{x}'",
    "f'\\N{DIGIT ONE}'",
    "# f'{x['a']}'",
    "'f{' 'a' '}'",
    "buf = 'f'; x = '''f'{x['a']}' '''",
]
BROKEN_F_STRINGS = ["f'{}'", "f'{x'", "f'{x y}'", "f'{a['b'}'", "f'{x}", "f'{x['a'", "f'{x:'a'}'", "f'{(x['a']}'"]


@pytest.mark.parametrize("code", LATER_F_STRINGS)
def test_f_strings_of_python_312_are_told_apart(code: str) -> None:
    rest = without_later_f_strings(f"a = {code}\nb = 1")
    assert len(rest) == len(f"a = {code}\nb = 1") + code.endswith("\n}'")
    assert rest.count("\n") == code.count("\n") + 1
    assert [type(node) for node in ast.parse(rest).body] == [ast.Assign, ast.Assign]
    result = parse(f"a = {code}\nb = 1")
    assert isinstance(result, list) if sys.version_info >= (3, 12) else isinstance(result, Failure) and result.newer


@pytest.mark.parametrize("code", OLD_F_STRINGS)
def test_other_strings_are_left_alone(code: str) -> None:
    assert without_later_f_strings(code) == code
    assert isinstance(parse(code), list)


@pytest.mark.parametrize("code", BROKEN_F_STRINGS)
def test_no_version_takes_a_broken_f_string(code: str) -> None:
    result = parse(code)
    assert isinstance(result, Failure)
    assert not result.newer


def test_a_later_f_string_hides_no_error_below_it() -> None:
    result = parse("a = f'{x['b']}'\nc = = 1")
    assert isinstance(result, Failure)
    assert (result.newer, result.span.line, result.span.column) == (False, 2, 5)


@pytest.mark.skipif(sys.version_info >= (3, 11), reason="the syntax is known")
@pytest.mark.parametrize(
    "code",
    ["x = a[*b]", "x = a[1, *b, 2]", "def f(*args: *Ts): pass", "try:\n    f()\nexcept* (A, B) as e:\n    pass"],
)
def test_syntax_of_python_311_is_told_apart(code: str) -> None:
    result = parse(code)
    assert isinstance(result, Failure)
    assert result.newer


@pytest.mark.parametrize("code", ["a[1, **b]", "def f(*args: int = 1): pass", "f(*a b)"])
def test_stars_elsewhere_are_errors(code: str) -> None:
    result = parse(code)
    assert isinstance(result, Failure)
    assert not result.newer


def test_deep_and_long_texts_take_little_time() -> None:
    started = time.process_time()
    for code in ("f'{" * 20_000, "f'{x:" * 20_000, "f'{x['a']}'\n" * 20_000 + "x = = 1", "'''" + "f'{" * 20_000):
        assert isinstance(parse(code), Failure)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("x = [1]\nprint(f'{'\\n'.join(map(str, x))}')\n", NotApplicable if sys.version_info < (3, 12) else None),
        ("x = {}\nprint(f'{}')\n", Finding),
    ],
)
def test_unparsable_code_accuses_no_later_python(tmp_path: Path, code: str, kind: type | None) -> None:
    (tmp_path / "a.py").write_text(code, encoding="utf-8")
    source = Project(open_view(tmp_path)).load(PythonSource, "a.py")
    assert source is not None
    assert [type(outcome) for outcome in UnparsableCode().check(source)] == ([kind] if kind else [])
