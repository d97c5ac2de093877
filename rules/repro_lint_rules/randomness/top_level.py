"""What comes of draws at the top level of a module: often nothing, if it is only asserted or drawn on import."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import FUNCTIONS, CallEvent, Program, PythonSource
from repro_lint_rules.randomness.sinks import does, last_name

_BINDING = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For)
_DEFINING = (*FUNCTIONS, ast.ClassDef)


def is_only_asserted(event: CallEvent) -> bool:
    """Whether the program's own statement is an assertion, or binds names that only assertions look at."""
    if event.statement is None or event.importing is not None or event.handed:
        return False
    if isinstance(event.statement, ast.Assert):
        return True
    source, body = event.source, event.source.tree.body
    if source.notebook is not None or not any(isinstance(part, ast.Assert) for part in body):
        return False
    names = _bound(body, event.statement) if event.statement in body else None
    if not names:
        return False
    users = [user for user in _users(body, names) if not isinstance(user, _BINDING)]
    return bool(users) and all(isinstance(user, ast.Assert) for user in users)


def is_left_behind(program: Program, event: CallEvent) -> bool:
    """Whether a module draws it while it is imported, for names that no other file takes out of it.

    What such a module shows of itself is no result of the program.
    """
    source, statement = event.importing, event.statement
    if source is None or statement is None or event.handed or not program.modules:
        return False
    body = [part for part in source.tree.body if part is not source.semantics.main_guard and not _shows(part)]
    names = _bound(body, statement) if statement in body else frozenset()
    others = sorted(program.modules - {source.path})
    return names is not None and not any(_takes(program, path, source, names) for path in others)


def bound_by(source: PythonSource, statement: ast.stmt) -> frozenset[str] | None:
    """The names that hold something of what a statement of a module binds, None where more than names comes of it."""
    body = source.tree.body
    return _bound(body, statement) if statement in body else frozenset()


def _bound(body: list[ast.stmt], statement: ast.stmt) -> frozenset[str] | None:
    """The names that hold something of what the statement binds, functions that read it among them.

    None where more than names comes of it.
    """
    if isinstance(statement, ast.Assert):
        return frozenset()
    names: frozenset[str] = frozenset()
    further = frozenset(_stored(statement)) if _only_binds(statement) else None
    while further is not None and further != names:
        names = further
        users = [user for user in _users(body, names) if not isinstance(user, ast.Assert)]
        further = names.union(*map(_stored, users)) if all(map(_only_binds, users)) else None
    return further


def _users(body: list[ast.stmt], names: frozenset[str]) -> Iterator[ast.stmt]:
    """The statements that read one of the names."""
    return (part for part in body if not names.isdisjoint(read_in(part)))


def _only_binds(statement: ast.stmt) -> bool:
    """Whether the statement does nothing but to bind names, as far as it shows."""
    if isinstance(statement, _DEFINING):
        return True
    if isinstance(statement, ast.For):
        inner = (part for part in ast.walk(statement) if isinstance(part, ast.stmt) and part is not statement)
        return all(isinstance(part, (*_BINDING, ast.If)) for part in inner)
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    parts = [part for target in targets for part in getattr(target, "elts", [target])]
    return isinstance(statement, _BINDING) and all(isinstance(part, ast.Name) for part in parts)


def _shows(statement: ast.stmt) -> bool:
    """Whether it prints, plots or writes something, and does nothing else."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    name = last_name(call.func) if isinstance(call, ast.Call) else None
    return any(does(kind, name) for kind in ("printing", "showing", "writing"))


def _stored(statement: ast.AST) -> set[str]:
    """The names that the statement binds."""
    if isinstance(statement, _DEFINING):
        return {statement.name}
    return _assigned(statement)


def _assigned(statement: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def read_in(statement: ast.AST) -> set[str]:
    """The names that the statement reads, of functions without their own."""
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    if isinstance(statement, FUNCTIONS):
        names -= _assigned(statement) | {n.arg for n in ast.walk(statement) if isinstance(n, ast.arg)}
    return names


def _takes(program: Program, path: str, source: PythonSource, names: frozenset[str]) -> bool:
    """Whether another file may take one of the names out of the module."""
    module = source.path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    other = program.project.load(PythonSource, path) if program.any_holds((module.encode(),), path) else None
    if other is None:
        return False
    known = {module}
    for node in other.semantics.nodes(ast.Import, ast.ImportFrom):
        taken = {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and ("*" in taken or not taken.isdisjoint(names)):
            return True
        known.update(alias.asname for alias in node.names if alias.asname and alias.name.endswith(module))
    return any(node.attr in names and last_name(node.value) in known for node in other.semantics.nodes(ast.Attribute))
