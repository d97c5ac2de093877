"""What a handler of errors does with what it has caught."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from repro_lint.api import PythonSource, last_name, lazy_pattern

_BROAD = frozenset({"Exception", "BaseException"})
_TELLS = lazy_pattern(
    r"(?i)log|print|warn|error|exception|fail|abort|exit|quit|debug|info|notif|alert|report|traceback|trace|message|msg|echo|write"
    r"|display|show|flash|toast|capture|record|critical|emit|send|stderr|append|add|put|rollback|retry|skip|help|raise|assert"
)
_CLEANS_UP = lazy_pattern(
    r"(?i)^(?:close|shutdown|stop|quit|kill|terminate|unlink|remove|rmtree|cleanup|disconnect|release|flush|cancel|destroy\w*"
    r"|deregister|unregister|delete\w*)$"
)
_ENDS = lazy_pattern(
    r"(?i)^_*(?:close|shut_?down|stop|quit|kill|abort|terminate|clean_?up|disconnect|release|tear_?down)(?:_\w*)?$"
    r"|^(?:unlink|remove|rmtree|flush|cancel|destroy\w*|deregister|unregister|delete\w*|tearDown\w*)$"
)
_SHOWS = frozenset({"__repr__", "__str__", "__del__", "__exit__", "__aexit__"})
"""Methods that must not raise, whatever happens."""
_TESTS = lazy_pattern(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_WORD = lazy_pattern(r"[A-Za-z']{2,}|[^\W\d_a-zA-Z]{2,}")
_A_REASON = 3
"""So many words can say why; in scripts without an alphabet so many pairs of letters."""
_PAIR = lazy_pattern(r"[^\x00-\u04ff\W\d_]{2}")
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


def gives_nothing(handler: ast.ExceptHandler) -> bool:
    """Whether the handler puts nothing in the place of a result: None, an empty text or list, zero, NaN."""
    return all(
        isinstance(statement, (ast.Assign, ast.Return, ast.Pass, ast.Continue, ast.Break)) and _is_empty(statement)
        for statement in handler.body
    )


def _is_empty(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Constant):
        return value.value is None or (value.value in ("", 0) and value.value is not False)
    if isinstance(value, (ast.List, ast.Dict, ast.Tuple)):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    if isinstance(value, (ast.Attribute, ast.Name)):
        return (last_name(value) or "").lower() in ("nan", "na", "nat")
    if isinstance(value, ast.Call):
        return not value.args and not value.keywords and last_name(value.func) in ("list", "dict", "DataFrame", "set")
    return value is None


def tries_only(source: PythonSource, handler: ast.ExceptHandler) -> bool:
    """Whether an error can mean one thing only: an import, a clean-up, a single step with a value in reserve."""
    semantics = source.semantics
    block = semantics.parent(handler)
    body = getattr(block, "body", [])
    if any(isinstance(statement, _IMPORTING) for statement in body):
        return True
    if all(isinstance(statement, ast.Pass) for statement in body):  # IPython's own syntax, which may not be there
        return True
    if cleans_up(body) or all(_asks_for_attribute(statement) for statement in body):
        return True
    # One way after another until one works; what comes after the loop says that none did.
    if block is not None and isinstance(body[-1], (ast.Return, ast.Break)) and _in_loop(source, block):
        return True
    holder = next(
        (n for n in semantics.ancestors(handler) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))), None
    )
    if holder is not None and (holder.name in _SHOWS or _ENDS.match(holder.name) is not None):
        return True
    return len(body) < 2 and not does_nothing(handler)  # one step with a value in reserve


def cleans_up(body: Sequence[ast.stmt]) -> bool:
    """Whether the statements only end, close or delete something, which nobody can help if it fails."""
    return all(_is_clean_up(statement) for statement in body)


def is_under_way(source: PythonSource, block: ast.AST) -> bool:
    """Whether an error is reported anyhow: it is being handled already, or the next statement raises one."""
    semantics = source.semantics
    child = block
    for parent in semantics.ancestors(block):
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            break
        if isinstance(parent, ast.ExceptHandler) or child in getattr(parent, "finalbody", ()):
            return True
        child = parent
    siblings = getattr(semantics.parent(block), "body", None)
    if not isinstance(siblings, list) or block not in siblings:
        return False
    after = siblings[siblings.index(block) + 1 :]
    return bool(after) and isinstance(after[0], ast.Raise)


def is_in_tests(path: str) -> bool:
    """Whether the file tests something: there it is the assertions that tell."""
    return _TESTS.search(path) is not None


def is_explained(source: PythonSource, handler: ast.ExceptHandler) -> bool:
    """Whether a comment in the handler, or above its ``try``, says why."""
    block = source.semantics.parent(handler)
    start = getattr(block, "lineno", handler.lineno)
    lines = source.lines
    near = (*lines[max(start - 3, 0) : start], *lines[handler.lineno - 1 : handler.end_lineno])
    comments = [line.partition("#")[2] for line in near]
    return any(max(len(_WORD.findall(text)), len(_PAIR.findall(text))) >= _A_REASON for text in comments)


def _is_clean_up(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    if isinstance(statement, ast.If):
        return cleans_up(statement.body) and cleans_up(statement.orelse)
    return isinstance(statement, ast.Delete) or (
        isinstance(value, ast.Call) and _CLEANS_UP.match(last_name(value.func) or "") is not None
    )


def _in_loop(source: PythonSource, block: ast.AST) -> bool:
    return isinstance(source.semantics.parent(block), (ast.For, ast.AsyncFor, ast.While))


def _asks_for_attribute(statement: ast.stmt) -> bool:
    """Whether it is no more than ``getattr``, which may run any property."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    return isinstance(value, ast.Call) and last_name(value.func) == "getattr"


def _dotted(func: ast.expr) -> str:
    parts = []
    while isinstance(func, ast.Attribute):
        parts.append(func.attr)
        func = func.value
    return ".".join([func.id if isinstance(func, ast.Name) else "", *parts])
