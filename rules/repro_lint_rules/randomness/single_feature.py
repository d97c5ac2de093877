"""Trees that are grown on one feature: there are no others among which to draw."""

from __future__ import annotations

import ast

from repro_lint.api import CallEvent, PythonSource, code_of

_TREES = ("DecisionTreeClassifier", "DecisionTreeRegressor")


def has_one_feature(event: CallEvent) -> bool:
    """Whether it makes a decision tree that is only fitted to a table of one column, as its text shows."""
    if event.method not in _TREES or "splitter" in event.keywords or event.args:
        return False
    source = event.source
    parent = source.semantics.parent(event.node)
    if isinstance(parent, ast.Attribute):
        used = source.semantics.parent(parent)
        return isinstance(used, ast.Call) and parent.attr == "fit" and _is_column(source, used)
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    if not isinstance(target, ast.Name):
        return False
    fits = [
        call
        for call in source.semantics.calls_by_last_name.get("fit", ())
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (binding := source.semantics.binding_of(call.func.value)) is not None
        and binding.node is target
    ]
    return bool(fits) and all(_is_column(source, call) for call in fits)


def _is_column(source: PythonSource, fit: ast.Call) -> bool:
    """Whether the table has a single column: ``df[["width"]].values``, ``x.reshape(-1, 1)``."""
    table: ast.expr | None = fit.args[0] if fit.args else None
    if isinstance(table, ast.Name):
        binding = source.semantics.binding_of(table)
        table = binding.assigned if binding is not None else None
    while isinstance(table, (ast.Attribute, ast.Call)):
        if isinstance(table, ast.Call):
            called = table.func
            if isinstance(called, ast.Attribute) and called.attr == "reshape":
                return code_of(table).endswith("(-1, 1)")
            table = called
        else:
            table = table.value
    if not isinstance(table, ast.Subscript):
        return False
    return isinstance(table.slice, ast.List) and len(table.slice.elts) == 1
