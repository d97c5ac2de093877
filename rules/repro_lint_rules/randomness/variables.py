"""Where variables that hold something drawn are read."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from repro_lint.api import FUNCTIONS, PythonSource, code_of
from repro_lint_rules.randomness.flows import CLOCKS
from repro_lint_rules.randomness.sinks import last_name

_ARRAYS = ("numpy.", "torch.", "tensorflow.", "pandas.", "math.", "builtins.")
"""What functions compute with numbers, and do nothing else."""


def uses_of(source: PythonSource, targets: Sequence[ast.expr]) -> list[ast.Name]:
    """Where the variables are read, but for places that surely see another value."""
    semantics = source.semantics
    names = {target.id: semantics.bindings_of(target) for target in targets if isinstance(target, ast.Name)}
    return [
        use
        for use in semantics.nodes(ast.Name)
        if use.id in names
        and isinstance(use.ctx, ast.Load)
        and semantics.bindings_of(use) == names[use.id]
        and ((binding := semantics.binding_of(use)) is None or binding.node in targets)
    ]


def is_unread(source: PythonSource, value: ast.expr, later: bool = False) -> bool:
    """Whether nothing reads the variables that the value is for.

    What stands at the top level may be wanted by whoever goes on from there, unless something else takes its name, or
    it only draws ``later``, when somebody loops over it.
    """
    semantics = source.semantics
    child: ast.AST = value
    for parent in semantics.ancestors(value):
        if isinstance(parent, ast.Call) and child is not parent.func:
            if not (semantics.resolve(parent.func) or "").startswith(_ARRAYS):
                return False
        elif not isinstance(parent, (ast.Attribute, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.Call, ast.keyword)):
            break
        child = parent
    statement = semantics.parent(child)
    if not isinstance(statement, ast.Assign):
        return False
    parts = [part for target in statement.targets for part in getattr(target, "elts", [target])]
    names = [part for part in parts if isinstance(part, ast.Name)]
    if len(names) < len(parts) or not all(_is_dropped(source, use) for use in uses_of(source, names)):
        return False
    scope = semantics.scope_of(statement)
    if any(name.id in scope.globals for name in names):
        return False
    inside = isinstance(scope.node, FUNCTIONS)
    return inside or later or all(_is_taken(source, name, statement) for name in names)


def _is_dropped(source: PythonSource, use: ast.Name) -> bool:
    """Whether it is given to an object that is called for how long it takes: nothing keeps what the call returns."""
    semantics = source.semantics
    call = semantics.parent(use)
    if not isinstance(call, ast.Call) or use is call.func or not isinstance(semantics.parent(call), ast.Expr):
        return False
    if not isinstance(call.func, ast.Name) or semantics.resolve(call.func) or call.func.id in semantics.functions:
        return False
    function = next((node for node in semantics.ancestors(call) if isinstance(node, FUNCTIONS)), None)
    return function is not None and any(
        isinstance(node, ast.Call) and last_name(node.func) in CLOCKS for node in ast.walk(function)
    )


def _is_taken(source: PythonSource, name: ast.Name, after: ast.stmt) -> bool:
    """Whether something further down gives the name to another value."""
    end = after.end_lineno or after.lineno
    return any(getattr(binding.node, "lineno", 0) > end for binding in source.semantics.bindings_of(name))


def is_left_aside(source: PythonSource, use: ast.Name) -> bool:
    """Whether it is a part of a returned tuple that all calls in the file unpack, and none of them uses."""
    semantics = source.semantics
    parts = semantics.parent(use)
    statement = semantics.parent(parts) if isinstance(parts, ast.Tuple) else None
    if not isinstance(parts, ast.Tuple) or not isinstance(statement, ast.Return):
        return False
    functions = (node for node in semantics.ancestors(use) if isinstance(node, FUNCTIONS))
    # What returns may stand outside of any function: that parses, too.
    name = next((function.name for function in functions), "")
    own = (name, f"self.{name}")
    calls = [call for call in semantics.calls_by_last_name.get(name, ()) if code_of(call.func) in own]
    targets = [found.targets[0] for call in calls if isinstance(found := semantics.parent(call), ast.Assign)]
    position = parts.elts.index(use)
    return 0 < len(targets) == len(calls) and all(
        isinstance(target, ast.Tuple)
        and len(target.elts) == len(parts.elts)
        and isinstance(part := target.elts[position], ast.Name)
        and not uses_of(source, [part])
        for target in targets
    )
