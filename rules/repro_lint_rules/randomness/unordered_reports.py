"""Findings about an order that is not fixed: where it arises, and where it ends up."""

from __future__ import annotations

import ast

from repro_lint.api import Finding, Place, PythonSource, Related, Severity
from repro_lint_rules.randomness.sinks import Sink

_MOST_RELATED = 5
_TEST_FOLDERS = frozenset({"tests", "test", "testing", "unittests"})


def in_tests(path: str) -> bool:
    """Whether the file belongs to tests, of whose data nothing is published."""
    *folders, name = path.split("/")
    return not _TEST_FOLDERS.isdisjoint(folders) or name.startswith(("test_", "conftest.")) or name.endswith("_test.py")


def place_of(source: PythonSource, node: ast.AST) -> Place:
    """The place of a node, with the function or class it stands in."""
    return source.place(node, source.semantics.scope_of(node).qualname)


def order_finding(
    source: PythonSource,
    node: ast.AST,
    text: str,
    sinks: list[Sink],
    advice: str,
    severity: Severity = Severity.WARNING,
) -> Finding:
    """One finding at the node; its text ends with what the first sink does, the others are related places."""
    statement = source.semantics.statement_of(node)
    first = sinks[0]
    here = source.semantics.statement_of(first.node) is statement
    related: dict[Place, Related] = {}
    for sink in sinks if not here else sinks[1:]:
        place = place_of(source, sink.node)
        if len(related) < _MOST_RELATED:
            related.setdefault(place, Related(place, sink.effect))
    where = "" if here else _where(source, node, first.node)
    return Finding(
        place_of(source, node),
        f"{text}, and {first.effect}{where}",
        help=advice,
        related=tuple(related.values()),
        severity=severity,
    )


def _where(source: PythonSource, node: ast.AST, sink: ast.AST) -> str:
    """In which line, or cell, the sink stands."""
    cell, other = source.cell_of(node), source.cell_of(sink)
    if source.notebook is not None and cell is not other:
        return f" (cell {other.index})"
    return f" (line {source.span(sink).line})"
