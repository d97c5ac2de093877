"""Examples that are picked out of the data to be looked at, as the names in the text say."""

from __future__ import annotations

import ast

from repro_lint.api import CallEvent, PythonSource, lazy_pattern

_TO_SHOW = lazy_pattern(r"(?i)(^|_)(to_)?(show|display|visuali[sz]e|vis|viz)(_|$)")
PICKING = frozenset({"choice", "choices", "randint", "randrange", "sample", "random_integers"})
"""What picks some of many."""


def is_picked_to_show(event: CallEvent) -> bool:
    """``choice(rows, size=n_to_show)``, ``rows_vis = rows.loc[randint(n, size=200)]``: examples, as their names say."""
    if event.method != "permutation" and event.method not in PICKING:
        return False
    statement = event.source.semantics.statement_of(event.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    sizes = [*event.node.args[1:], *(keyword.value for keyword in event.node.keywords)]
    names = [node for size in sizes for node in _sources(event.source, size)]
    return any(_TO_SHOW.search(_named(node)) for node in (*targets, *names))


def _sources(source: PythonSource, size: ast.expr) -> list[ast.expr]:
    """The names in an expression, or in what its one name stands for."""
    binding = source.semantics.binding_of(size) if isinstance(size, ast.Name) else None
    parts = [size] if binding is None or binding.assigned is None else [size, binding.assigned]
    return [node for part in parts for node in ast.walk(part) if isinstance(node, (ast.Name, ast.Attribute))]


def _named(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
