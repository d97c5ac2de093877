"""What a handler of errors does with what it has caught."""

from __future__ import annotations

import ast

from repro_lint.api import PythonSource, last_name, lazy_pattern

_BROAD = frozenset({"Exception", "BaseException"})
_TELLS = lazy_pattern(
    r"(?i)log|print|warn|error|exception|fail|abort|exit|quit|debug|info|notif|alert|report|traceback|trace|message|msg|echo|write"
    r"|display|show|flash|toast|capture|record|critical|emit|send|stderr|append|add|put|rollback|retry|skip|help|raise|assert"
)
_CLEANS_UP = lazy_pattern(r"(?i)^(?:close|shutdown|stop|quit|kill|terminate|unlink|remove|rmtree|cleanup|disconnect|release|flush|cancel|destroy|deregister|unregister|delete\w*|__del__|__exit__|tearDown\w*)$")
_IMPORTING = (ast.Import, ast.ImportFrom)


def is_broad(kind: ast.expr | None) -> bool:
    """Whether a handler of this type catches any error."""
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(isinstance(one, ast.Name) and one.id in _BROAD for one in kinds)


def says_something(handler: ast.ExceptHandler) -> bool:
    """Whether the handler raises, tells somebody, keeps the error, or tries something else."""
    for statement in handler.body:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Raise, ast.Assert, ast.Try)):
                return True
            if isinstance(node, ast.Name) and node.id == handler.name:
                return True
            if isinstance(node, ast.Call) and _TELLS.search(_dotted(node.func)):
                return True
            if isinstance(node, ast.Call) and isinstance(statement, ast.Expr):
                return True
    return False


def does_nothing(handler: ast.ExceptHandler) -> bool:
    """Whether the handler only passes, or goes on with the next turn of a loop."""
    return all(
        isinstance(statement, (ast.Pass, ast.Continue, ast.Break))
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in handler.body
    )


def tries_only(source: PythonSource, handler: ast.ExceptHandler) -> bool:
    """Whether an error can mean one thing only: an import that fails, a clean-up, a value that is no number."""
    semantics = source.semantics
    block = semantics.parent(handler)
    body = getattr(block, "body", [])
    earlier = getattr(block, "handlers", [handler])
    if len(body) == 0 or earlier[0] is not handler:
        return earlier[0] is not handler and not does_nothing(handler)
    if any(isinstance(statement, _IMPORTING) for statement in body):
        return True
    if all(_is_clean_up(statement) for statement in body):
        return True
    holder = next((n for n in semantics.ancestors(handler) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))), None)
    return holder is not None and _CLEANS_UP.match(holder.name) is not None


def _is_clean_up(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    return isinstance(statement, ast.Delete) or (
        isinstance(value, ast.Call) and _CLEANS_UP.match(last_name(value.func) or "") is not None
    )


def _dotted(func: ast.expr) -> str:
    parts = []
    while isinstance(func, ast.Attribute):
        parts.append(func.attr)
        func = func.value
    return ".".join([func.id if isinstance(func, ast.Name) else "", *parts])
