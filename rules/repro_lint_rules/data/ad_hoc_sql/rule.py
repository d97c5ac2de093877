"""Values are pasted into SQL, or rows are inserted one by one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
    code_of,
    last_name,
    lazy_pattern,
)
from repro_lint_rules.data.sql_texts import built_sql, sql_calls, statement_text

_INSERT = lazy_pattern(r"\s*(?:insert|replace)\b", re.I)
_ROWS = frozenset({"iterrows", "itertuples", "reader", "DictReader"})


class AdHocSql(Rule):
    """Looks for statements that are run with formatted values in them, and for inserts in a loop over rows."""

    meta = RuleMeta(
        code="DAT007",
        name="ad-hoc-sql",
        family="data",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        status="preview",
        summary="Values are pasted into SQL, or rows are inserted one by one.",
        why="A quote in a value breaks or changes the statement, and a loop over rows takes minutes for seconds.",
        help="pass the values beside the statement: execute(statement, values)",
    )
    triggers = (b"execute", b"sql", b"query", b"mogrify", b"read_gbq")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each statement, at the expression that makes it, and for each loop of inserts."""
        seen: set[ast.AST] = set()
        for built in built_sql(source):
            seen.add(built.run)
            if built.node not in seen:
                seen.add(built.node)
                shown = code_of(built.part)
                value = f"`{shown}`" if len(shown) <= 60 else "a value"
                yield Finding(source.place(built.node), f"{value} is pasted into the text of the statement")
        for call in _row_by_row(source):
            if call not in seen:
                yield Finding(
                    source.place(call),
                    "the statement is run once for each row of a table",
                    help="pass all rows at once: executemany(statement, rows), or DataFrame.to_sql",
                )


def _row_by_row(source: PythonSource) -> Iterator[ast.Call]:
    """The inserts in loops over the rows of a frame or a CSV file."""
    for call, expr in sql_calls(source):
        if last_name(call.func) != "execute" or not _INSERT.match(statement_text(expr) or ""):
            continue
        for guard in source.semantics.guards(call):
            loops = guard.kind == "for" and isinstance(guard.node, ast.For) and guard.test is not None
            if loops and last_name(guard.test) in _ROWS:
                yield call
                break
