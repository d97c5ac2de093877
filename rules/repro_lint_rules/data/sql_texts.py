"""SQL in the texts of programs: where it is run, and how it is put together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from repro_lint.api import PythonSource, dataclass, last_name, lazy_pattern

_RUNS = frozenset(
    """
    execute executemany executescript read_sql read_sql_query sql query exec_driver_sql mogrify run_query run_sql
    execute_query execute_sql read_gbq
    """.split()
)
_STATEMENT = lazy_pattern(
    r"^\s*(?:--[^\n]*\n\s*)*(?:SELECT\b.*\bFROM\b|INSERT\s+(?:OR\s+\w+\s+)?INTO\b|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\b"
    r"|REPLACE\s+INTO\b|MERGE\s+INTO\b|WITH\s+\w+\s+AS\s*\()",
    re.I | re.S,
)
_VALUE_AHEAD = lazy_pattern(
    r"(?:=|<>|!=|<=|>=|<|>|\bLIKE|\bVALUES\s*\(|\bIN\s*\(|\bBETWEEN|\bAND|\bSET\b.*=|,)\s*[(\"'%]*\s*$", re.I | re.S
)
_HARMLESS_NAME = lazy_pattern(
    r"(?:name|table|column|schema|cols?|fields?|placeholders?|marks?|database|db|where|query|clause|ph|qs|limit|conditions?"
    r"|filters?|order|sql|view|dataset|project|part)$",
    re.I,
)
"""Names of parts of a statement, which cannot be passed beside it."""
_HARMLESS_CALLS = frozenset(
    {"join", "int", "float", "len", "quote_ident", "escape", "literal", "Identifier", "quote", "escape_string"}
)


@dataclass(frozen=True)
class BuiltSql:
    """A statement that a program puts together: ``node`` is the expression, ``part`` a value that is pasted in."""

    node: ast.expr
    part: ast.expr
    run: ast.Call


def sql_calls(source: PythonSource) -> Iterator[tuple[ast.Call, ast.expr]]:
    """The calls that run a statement, with the expression of the statement as it is assigned."""
    semantics = source.semantics
    for call in semantics.nodes(ast.Call):
        if last_name(call.func) not in _RUNS:
            continue
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        expr = call.args[0] if call.args else keywords.get("sql") or keywords.get("query") or keywords.get("statement")
        if isinstance(expr, ast.Call) and last_name(expr.func) in ("text", "dedent", "SQL"):
            expr = expr.args[0] if expr.args else None
        if isinstance(expr, ast.Name):
            binding = semantics.binding_of(expr)
            expr = binding.assigned if binding is not None else None
        if expr is not None:
            yield call, expr


def statement_text(expr: ast.expr) -> str | None:
    """The constant beginning of the statement, or all of it, if it is one."""
    text = "".join(part if isinstance(part, str) else "?" for part in _parts(expr))
    return text if _STATEMENT.match(text) else None


def built_sql(source: PythonSource) -> Iterator[BuiltSql]:
    """The statements that are run with values pasted into their text."""
    for call, expr in sql_calls(source):
        if statement_text(expr) is None:
            continue
        before = ""
        for part in _parts(expr):
            if isinstance(part, str):
                before += part
                continue
            if _VALUE_AHEAD.search(before) and not _is_harmless(source, part):
                yield BuiltSql(expr, part, call)
                break
            before += "?"


def _parts(expr: ast.expr) -> list[str | ast.expr]:
    """The texts and pasted expressions of which a statement consists, in order."""
    if isinstance(expr, ast.Constant):
        return [expr.value] if isinstance(expr.value, str) else [expr]
    if isinstance(expr, ast.JoinedStr):
        return [part for value in expr.values for part in _parts(value)]
    if isinstance(expr, ast.FormattedValue):
        return [expr.value]
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        return [*_parts(expr.left), *_parts(expr.right)]
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mod):
        values = list(expr.right.elts) if isinstance(expr.right, ast.Tuple) else [expr.right]
        return _filled(_parts(expr.left), "%s", values)
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute):
        if expr.func.attr == "format":
            return _filled(_parts(expr.func.value), "{}", [*expr.args, *(k.value for k in expr.keywords)])
        if expr.func.attr in ("strip", "lstrip", "rstrip", "upper", "lower"):
            return _parts(expr.func.value)
    return [expr]


_MARKS = {"%s": lazy_pattern(r"%[-\d.]*[sdfgr]|%\(\w+\)s"), "{}": lazy_pattern(r"\{[\w.]*(?::[^{}]*)?\}")}


def _filled(pattern: list[str | ast.expr], style: str, values: list[ast.expr]) -> list[str | ast.expr]:
    """The texts of a pattern with the values between them."""
    found: list[str | ast.expr] = []
    remaining = list(values)
    for part in pattern:
        if not isinstance(part, str):
            found.append(part)
            continue
        position = 0
        for mark in _MARKS[style].finditer(part):
            found.append(part[position : mark.start()])
            found.append(remaining.pop(0) if len(remaining) > 1 else (remaining or values or [ast.Constant(None)])[0])
            position = mark.end()
        found.append(part[position:])
    return found


def _is_harmless(source: PythonSource, part: ast.expr) -> bool:
    """Whether what is pasted is a constant of the program, a list of placeholders, or the name of a table or column."""
    semantics = source.semantics
    if isinstance(part, ast.Constant) or isinstance(semantics.constant(part), (str, int, float)):
        return True
    name = last_name(part) or ""
    if name.isupper() or _HARMLESS_NAME.search(name):
        return True
    if isinstance(part, ast.Name):
        binding = semantics.binding_of(part)
        part = binding.assigned if binding is not None and binding.assigned is not None else part
    if isinstance(part, ast.Call):
        return last_name(part.func) in _HARMLESS_CALLS
    return isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult)
