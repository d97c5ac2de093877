"""What a subscript takes of a list, an array or a frame."""

from __future__ import annotations

import ast

from repro_lint.api import Semantics, code_of
from repro_lint_rules.randomness.sinks import last_name

_NUMBERS = frozenset({"range", "count", "arange", "linspace", "cycle"})
_SHARED = frozenset({"len", "count", "get", "__getitem__"})
"""What gives many elements the same number."""


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


def is_batch(key: ast.expr) -> bool:
    """``x[start:end]``: a part of a size that is computed, as loops take one after the other."""
    if not isinstance(key, ast.Slice) or key.lower is None or key.upper is None:
        return False
    return not any(isinstance(end, ast.Constant) for end in (key.lower, key.upper))


def is_inside(semantics: Semantics, node: ast.AST, *kinds: type[ast.AST]) -> bool:
    """Whether the node stands in a statement of one of these kinds."""
    return any(isinstance(parent, kinds) for parent in semantics.ancestors(node))


def counter_before(key: ast.expr) -> ast.Name | None:
    """The counter of ``x[i + 1 :]``: those that come after the one whose turn it is."""
    start = key.lower if isinstance(key, ast.Slice) and key.upper is None and key.step is None else None
    if isinstance(start, ast.BinOp) and isinstance(start.op, ast.Add) and isinstance(start.left, ast.Name):
        return start.left if isinstance(start.right, ast.Constant) else None
    return None


def takes_columns(key: ast.expr) -> bool:
    """``frame.iloc[:, 0]``: all rows, as they are."""
    return isinstance(key, ast.Tuple) and bool(key.elts) and takes_all(key.elts[0])


def takes_top(element: ast.expr, loop: ast.comprehension) -> bool:
    """``[x[0] for x in os.walk(top)]`` and ``[root for root, _, _ in os.walk(top)]``, of all folders."""
    if loop.ifs:
        return False
    if isinstance(loop.target, ast.Tuple) and loop.target.elts:
        return code_of(element) == code_of(loop.target.elts[0])
    return code_of(element) == f"{code_of(loop.target)}[0]"


def unzips(node: ast.AST) -> bool:
    """``names, values = zip(*pairs)``."""
    return (
        isinstance(node, ast.Call)
        and last_name(node.func) == "zip"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Starred)
    )


def is_one(picked: ast.AST) -> bool:
    """``names[0]``, ``names[-1]``, ``next(names)``."""
    if not isinstance(picked, ast.Subscript):
        return isinstance(picked, ast.Call) and last_name(picked.func) == "next"
    key = picked.slice.operand if isinstance(picked.slice, ast.UnaryOp) else picked.slice
    return isinstance(key, ast.Constant)


def is_paired(semantics: Semantics, zipped: ast.AST) -> bool:
    """``zip(names, range(9))``, ``zip(names, ["red", "blue"])``: with what has an order of its own."""
    if not isinstance(zipped, ast.Call) or last_name(zipped.func) != "zip":
        return False
    for part in zipped.args:
        binding = semantics.binding_of(part) if isinstance(part, ast.Name) else None
        value = binding.assigned if binding is not None else part
        if isinstance(value, ast.Call) and last_name(value.func) in _NUMBERS:
            return True
        if isinstance(value, (ast.List, ast.Tuple)) and all(isinstance(e, ast.Constant) for e in value.elts):
            return True
    return False


def leaves_ties(call: ast.Call) -> bool:
    """Whether a call that sorts has a key that many elements share, which then stay in the order that they had."""
    key = next((keyword.value for keyword in call.keywords if keyword.arg == "key"), None)
    if last_name(call.func) not in ("sorted", "sort") or key is None:
        return False
    if isinstance(key, ast.Lambda) and len(key.args.args) == 1:
        return _is_shared(key.body, key.args.args[0].arg)
    return last_name(key) in _SHARED


def _is_shared(value: ast.expr, name: str) -> bool:
    """``len(name)``, ``-counts[name]``, ``words.count(name)``."""
    if isinstance(value, ast.UnaryOp):
        return _is_shared(value.operand, name)
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, ast.Name) and value.slice.id == name
    asks = isinstance(value, ast.Call) and last_name(value.func) in _SHARED and len(value.args) == 1
    return asks and isinstance(value, ast.Call) and getattr(value.args[0], "id", None) == name
