"""Names that mean one thing wherever they stand, which most do: no scope has to be known to resolve them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from repro_lint.sources.bindings import BINDERS, TYPE_PARAMETERS
from repro_lint.sources.imports import Import, literal_module
from repro_lint.sources.names import BUILTINS, MAIN, joined
from repro_lint.sources.nodes import FUNCTIONS

if TYPE_CHECKING:
    from repro_lint.sources.imports import ImportIndex
    from repro_lint.sources.nodes import NodeIndex
    from repro_lint.sources.statements import StatementIndex

_DEFINITIONS: tuple[type[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef], ...] = (*FUNCTIONS, ast.ClassDef)
_ASSIGNMENTS: tuple[type[ast.Assign | ast.AnnAssign | ast.NamedExpr], ...] = (ast.Assign, ast.AnnAssign, ast.NamedExpr)
_PASSING_ON = frozenset({ast.Name, ast.Attribute, ast.Lambda, ast.Tuple, ast.List})


class PlainNames:
    """What the names of one program stand for, as far as it is the same in all of its scopes.

    That is so for a name that nothing but one statement of the module binds, an import or a definition, and for one
    that is bound only in ways that give it no qualified name: to parameters, in loops, to the results of calls.
    """

    def __init__(self, nodes: NodeIndex, statements: StatementIndex, imports: ImportIndex) -> None:
        self._statements = statements
        self._stars = bool(imports.stars)
        self._vague = {
            *nodes.stored_names,
            *[node.arg for node in nodes.nodes(ast.arg)],
            *[str(getattr(node, "name", "")) for kind in TYPE_PARAMETERS for node in nodes.nodes(kind)],
        }
        self._passed_on = _passed_on(nodes)
        self._meanings: dict[str, list[Import | ast.stmt]] = {}
        for found in imports.statements:
            self._meanings.setdefault(found.bound, []).append(found)
        for kind in _DEFINITIONS:  # in whatever order: to give them in that of the text takes longer
            for node in nodes.nodes(kind):
                self._meanings.setdefault(node.name, []).append(node)
        self._known: dict[str, str | None] = {}

    def resolve(self, expr: ast.AST) -> str | None:
        """The qualified name of a dotted expression, empty where it has none; None where its place decides."""
        parts: list[str] = []
        while isinstance(expr, ast.Attribute):
            parts.append(expr.attr)
            expr = expr.value
        if not isinstance(expr, ast.Name):
            return None if parts and isinstance(expr, ast.Call) and literal_module(expr) is not None else ""
        name = expr.id
        found = self._known[name] if name in self._known else self._known.setdefault(name, self._judged(name))
        return joined(found, ".".join(parts[::-1])) if found and parts else found

    def _judged(self, name: str) -> str | None:
        meanings = self._meanings.get(name)
        if name in self._vague:
            simple = not (meanings or name in self._passed_on or name in BUILTINS or self._stars)
            return "" if simple else None
        if not meanings:
            return f"builtins.{name}" if name in BUILTINS else None if self._stars else ""
        meaning = meanings[0]
        statement = meaning.node if isinstance(meaning, Import) else meaning
        if len(meanings) > 1 or any(isinstance(above, _DEFINITIONS) for above in self._statements.ancestors(statement)):
            return None
        return meaning.qualified if isinstance(meaning, Import) else f"{MAIN}.{name}"


def _passed_on(nodes: NodeIndex) -> frozenset[str]:
    """The names that assignments bind to what has a name of its own, or imports something."""
    found = []
    for kind in _ASSIGNMENTS:
        bound_by = BINDERS[kind]
        for node in nodes.nodes(kind):
            value = node.value
            if value.__class__ in _PASSING_ON or (value.__class__ is ast.Call and literal_module(value) is not None):
                found += [binding.name for binding in bound_by(node)]
    return frozenset(found)
