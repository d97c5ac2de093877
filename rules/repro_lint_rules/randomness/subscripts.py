"""What a subscript takes of a list, an array or a frame."""

from __future__ import annotations

import ast

from repro_lint_rules.randomness.sinks import last_name


def by_position(key: ast.expr) -> bool:
    """Whether a subscript of an array or frame takes rows by their position."""
    if isinstance(key, ast.Tuple) and key.elts:
        key = key.elts[0]
        return isinstance(key, ast.Slice) and (key.lower is not None or key.upper is not None)
    if isinstance(key, ast.Slice):
        return key.lower is not None or key.upper is not None
    return isinstance(key, ast.Constant) and isinstance(key.value, int) and not isinstance(key.value, bool)


def takes_all(key: ast.expr) -> bool:
    """``x[:]`` and ``x[::-1]``, but not ``x[::5]``."""
    if not isinstance(key, ast.Slice) or key.lower is not None or key.upper is not None:
        return False
    return key.step is None or isinstance(key.step, ast.UnaryOp)


def takes_columns(key: ast.expr) -> bool:
    """``frame.iloc[:, 0]``: all rows, as they are."""
    return isinstance(key, ast.Tuple) and bool(key.elts) and takes_all(key.elts[0])


def is_one(picked: ast.AST) -> bool:
    """``names[0]``, ``names[-1]``, ``next(names)``."""
    if not isinstance(picked, ast.Subscript):
        return isinstance(picked, ast.Call) and last_name(picked.func) == "next"
    key = picked.slice.operand if isinstance(picked.slice, ast.UnaryOp) else picked.slice
    return isinstance(key, ast.Constant)
