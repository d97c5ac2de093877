"""Where control goes when something raises: what handlers catch, and what may end a block early."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from repro_lint.api import Semantics, last_name

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_EXITS = frozenset({"exit", "quit", "_exit", "abort"})


def catches(handler: ast.ExceptHandler, error: type[Exception]) -> bool | None:
    """Whether the handler catches the built-in exception; None if only classes decide that which are not built in."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    known = [getattr(builtins, type_.id, None) if isinstance(type_, ast.Name) else None for type_ in types]
    if any(isinstance(type_, type) and issubclass(error, type_) for type_ in known):
        return True
    return None if None in known else False


def going_on(statement: ast.Try) -> list[ast.ExceptHandler]:
    """The handlers of a ``try`` that do not raise again."""
    return [handler for handler in statement.handlers if not isinstance(handler.body[-1], ast.Raise)]


def repeats_for_ever(semantics: Semantics, statement: ast.Try, handlers: Sequence[ast.ExceptHandler]) -> bool:
    """Whether the ``try`` stands in a ``while True`` that none of these handlers leaves: what fails is tried again."""
    for around in semantics.ancestors(statement):
        if isinstance(around, ast.While):
            endless = isinstance(around.test, ast.Constant) and bool(around.test.value)
            return endless and not any(_leaves_loop(part) for handler in handlers for part in handler.body)
        if isinstance(around, (*_NESTED, *_LOOPS)):
            return False
    return False


def may_raise(statement: ast.stmt) -> bool:
    """Whether a statement does more than print and name values."""
    risky = (ast.Import, ast.ImportFrom, ast.Subscript, ast.Assert, ast.BinOp, ast.Attribute, ast.Raise)
    return any(
        isinstance(node, risky) or (isinstance(node, ast.Call) and last_name(node) != "print")
        for node in ast.walk(statement)
    )


def is_exit(expression: ast.expr) -> bool:
    """Whether the expression is a call that ends the program, such as ``sys.exit()``."""
    return isinstance(expression, ast.Call) and last_name(expression) in _EXITS


def _leaves_loop(statement: ast.stmt) -> bool:
    """Whether control may leave the loop around a statement by it."""
    stack: list[tuple[ast.AST, bool]] = [(statement, False)]
    while stack:
        node, inner = stack.pop()
        if isinstance(node, ast.Return | ast.Raise) or (isinstance(node, ast.Break) and not inner):
            return True
        if isinstance(node, ast.expr) and is_exit(node):
            return True
        if not isinstance(node, _NESTED):
            stack += [(child, inner or isinstance(node, _LOOPS)) for child in ast.iter_child_nodes(node)]
    return False
