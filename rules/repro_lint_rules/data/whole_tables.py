"""Loads of whole tables: from databases through pandas, and from Spark to the driver."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from repro_lint.api import PythonSource, dataclass, last_name, lazy_pattern
from repro_lint_rules.data.sql_texts import sql_calls, statement_text

_EVERYTHING = lazy_pattern(
    r"\s*select\s+(?:\w+\s*\.\s*)?\*\s+from\s+(?P<table>[\w.\"`\[\]?{}-]+)\s*(?:(?:as\s+)?\w+\s*)?(?:order\s+by\s+[\w.,\s]+)?;?\s*$",
    re.I,
)
_INNER = lazy_pattern(r"sqlite_master|information_schema|pragma|pg_catalog|sys\.", re.I)
_READS = frozenset({"read_sql", "read_sql_query", "read_gbq"})
_SPARK_SOURCES = frozenset({"table", "parquet", "csv", "json", "orc", "text", "load", "sql"})
_SPARK_KEEPS_SIZE = frozenset(
    """
    select withColumn withColumnRenamed cache persist drop_duplicates orderBy sort repartition coalesce drop toDF alias
    fillna format option options schema read cast selectExpr
    """.split()
)


@dataclass(frozen=True)
class WholeTable:
    """A call that loads a whole table."""

    call: ast.Call
    message: str
    help: str | None = None


def whole_tables(source: PythonSource) -> Iterator[WholeTable]:
    """The loads, those of databases first."""
    semantics = source.semantics
    for call, expr in sql_calls(source):
        if last_name(call.func) not in _READS or any(keyword.arg == "chunksize" for keyword in call.keywords):
            continue
        match = _EVERYTHING.match(statement_text(expr) or "")
        if match is not None and not _INNER.search(match["table"]):
            table = match["table"].strip('"`[]')
            named = f"the table `{table}`" if re.fullmatch(r"[\w.-]+", table) else "a table"
            yield WholeTable(call, f"`{last_name(call.func)}` reads every row and column of {named}")
    for call in semantics.nodes(ast.Call):
        last = last_name(call.func)
        if last == "read_sql_table" and not {"chunksize", "columns"} & {keyword.arg for keyword in call.keywords}:
            yield WholeTable(call, "`read_sql_table` reads every row and column of a table")
        elif last in ("toPandas", "collect") and not call.args and _is_unbounded(source, call.func):
            yield WholeTable(
                call,
                f"`{last}` brings every row of what Spark has read into the memory of one machine",
                "filter, aggregate or `limit` first, or write the result with Spark",
            )


def _is_unbounded(source: PythonSource, method: ast.expr) -> bool:
    """Whether it is a method of a Spark frame with as many rows as what the frame was read from."""
    if not isinstance(method, ast.Attribute):
        return False
    expr = method.value
    for _ in range(20):
        if isinstance(expr, ast.Name):
            binding = source.semantics.binding_of(expr)
            if binding is None or binding.assigned is None:
                return False
            expr = binding.assigned
        elif isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute):
            called = expr.func.attr
            if called in _SPARK_SOURCES and _is_session(expr.func.value):
                return called != "sql" or _selects_everything(source, expr)
            if called not in _SPARK_KEEPS_SIZE:
                return False
            expr = expr.func.value
        else:
            return False
    return False


def _is_session(expr: ast.expr) -> bool:
    """Whether an expression begins with a Spark session or what reads for it."""
    while isinstance(expr, (ast.Attribute, ast.Call)):
        expr = expr.func if isinstance(expr, ast.Call) else expr.value
    return isinstance(expr, ast.Name) and "spark" in expr.id.lower()


def _selects_everything(source: PythonSource, call: ast.Call) -> bool:
    text = source.semantics.constant(call.args[0]) if call.args else None
    return isinstance(text, str) and _EVERYTHING.match(text) is not None
