"""Qualified names: what a dotted expression stands for, through imports, aliases and scopes."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, NamedTuple

from repro_lint.sources.guards import always_runs
from repro_lint.sources.imports import DYNAMIC_IMPORTS, Import, literal_module
from repro_lint.sources.nodes import FUNCTIONS, TRIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repro_lint.sources.bindings import Binding
    from repro_lint.sources.imports import ImportIndex
    from repro_lint.sources.nodes import NodeIndex
    from repro_lint.sources.scopes import Scope, ScopeIndex

MAIN = "__main__"
"""What stands before the names of functions and classes that the program itself defines."""

# Later Pythons' builtins are builtins to an older one that lints for them; the module's own attributes are none.
BUILTINS = frozenset(
    {*dir(builtins), "exit", "quit", "help", "copyright", "credits", "license"}
    | {"aiter", "anext", "EncodingWarning", "BaseExceptionGroup", "ExceptionGroup", "PythonFinalizationError"}
) - {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "_"}

_MAX_DEPTH = 12
_MAX_STEPS = 200


class _Origins(NamedTuple):
    """Dotted names, the best first, and whether that one may be taken for the truth."""

    names: tuple[str, ...]
    certain: bool


_NOTHING = _Origins((), False)


class Resolver:
    """Resolves names of one program."""

    def __init__(self, nodes: NodeIndex, scopes: ScopeIndex, imports: ImportIndex) -> None:
        self._nodes = nodes
        self._scopes = scopes
        self._imports = imports
        self._known: dict[tuple[Scope, str], _Origins] = {}
        self._steps = 0

    def resolve(self, expr: ast.AST) -> str | None:
        """The one qualified name of a dotted expression, or None where it has none or could have several."""
        names, certain = self._top(expr)
        return names[0] if certain and names else None

    def resolve_all(self, expr: ast.AST) -> tuple[str, ...]:
        """Every qualified name that a dotted expression could have, the likeliest first."""
        return self._top(expr).names

    def _top(self, expr: ast.AST) -> _Origins:
        self._steps = 0
        return self._origins(expr, 0)

    def _origins(self, expr: ast.AST, depth: int) -> _Origins:
        parts: list[str] = []
        while isinstance(expr, ast.Attribute):
            parts.append(expr.attr)
            expr = expr.value
        if isinstance(expr, ast.Name):
            found = self._name(expr, depth)
        elif isinstance(expr, ast.Call) and parts:
            found = self._imported_by(expr, depth + 1)
        else:
            return _NOTHING
        if not parts or not found.names:
            return found
        suffix = ".".join(parts[::-1])
        return _Origins(tuple(joined(name, suffix) for name in found.names), found.certain)

    def _name(self, name: ast.Name, depth: int) -> _Origins:
        self._steps += 1
        if depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return _NOTHING
        home = self._scopes.scope_of(name).find(name.id)
        if home is None:
            return self._unbound(name.id)
        key = (home, name.id)
        live, _ = self._scopes.live_bindings(home, name.id)
        several = len(live) > 1
        if several:
            # Which binding holds can depend on the place of the use, so this is not remembered.
            binding = self._scopes.binding_of(name)
            if binding is not None:
                return self._bound(binding, depth)
        known = self._known.get(key)
        if known is None:
            known = self._several(live, depth) if several else self._bound(live[0], depth) if live else _NOTHING
            if depth == 0:  # deeper, the result may be cut short by the bounds
                self._known[key] = known
        return known

    def _unbound(self, name: str) -> _Origins:
        stars = tuple(joined(module, name) for module in self._imports.stars)
        if name in BUILTINS:
            return _Origins((f"builtins.{name}", *stars), True)
        return _Origins(stars, len(stars) == 1)

    def _bound(self, binding: Binding, depth: int) -> _Origins:
        """What one binding makes the name stand for."""
        node, value = binding.node, binding.assigned
        if binding.kind == "import":
            return _Origins((self._imports.by_clause[node].qualified,), True)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            own = self._scopes.own_scope(node)
            return _Origins((f"{MAIN}.{own.qualname}",), True) if own is not None else _NOTHING
        if isinstance(value, (ast.Name, ast.Attribute)):
            return self._origins(value, depth + 1)
        if isinstance(value, ast.Call):
            return self._imported_by(value, depth + 1)
        if isinstance(value, ast.Lambda):
            outer = self._scopes.scope_of(node).qualname
            return _Origins((joined(f"{MAIN}.{outer}" if outer else MAIN, binding.name),), True)
        return _NOTHING

    def _several(self, bindings: Sequence[Binding], depth: int) -> _Origins:
        """What a name stands for that is bound more than once, where the place of the use does not decide."""
        fallbacks = self._fallbacks(bindings)
        names: list[tuple[str, ...]] = []
        plain: list[str] = []
        certain = True
        only_imports = True
        serious: set[tuple[str, ...]] = set()
        for binding in bindings:
            found = self._bound(binding, depth)
            names.append(found.names)
            if binding.node in fallbacks:
                continue
            serious.add(found.names)
            certain = certain and found.certain
            imported = self._imports.by_clause.get(binding.node)
            only_imports = only_imports and imported is not None
            if imported is not None and imported.kind == "plain":
                plain.append(imported.qualified)
                if always_runs(self._nodes, binding.node):
                    plain = plain[-1:]  # functions run later and see the last one
        ranked = tuple(dict.fromkeys((*plain, *(name for found in names for name in found))))
        return _Origins(ranked, certain and bool(ranked) and (only_imports or len(serious) == 1))

    def _fallbacks(self, bindings: Sequence[Binding]) -> frozenset[ast.AST]:
        """The nodes of the bindings that stand in for a missing module: None, and what handlers of its import bind."""
        tried: set[ast.AST] = set()
        imported = False
        for binding in bindings:
            if binding.kind == "import":
                imported = True
                if self._imports.by_clause[binding.node].kind == "optional":
                    tried.update(node for node in self._nodes.ancestors(binding.node) if isinstance(node, TRIES))
        if not imported:
            return frozenset()
        return frozenset(
            binding.node
            for binding in bindings
            if binding.kind != "import" and (_is_none(binding.assigned) or self._in_handler(binding.node, tried))
        )

    def _in_handler(self, node: ast.AST, tried: set[ast.AST]) -> bool:
        return any(
            isinstance(parent, ast.ExceptHandler) and self._nodes.parents[parent] in tried
            for parent in self._nodes.ancestors(node)
        )

    def _imported_by(self, call: ast.Call, depth: int) -> _Origins:
        found = self.dynamic_import(call, depth)
        return _Origins((found.qualified,), True) if found is not None else _NOTHING

    def dynamic_import(self, call: ast.Call, depth: int = 0) -> Import | None:
        """The import that a call makes, if it calls one of DYNAMIC_IMPORTS on a literal."""
        if literal_module(call) is None:
            return None
        if depth == 0:
            self._steps = 0
        names, certain = self._origins(call.func, depth) if depth <= _MAX_DEPTH else _NOTHING
        return self._imports.from_call(call, names[0]) if certain and names and names[0] in DYNAMIC_IMPORTS else None


def joined(module: str, name: str) -> str:
    """The dotted name of what is in a module, which for relative imports may be nothing but dots."""
    return module + name if module.endswith(".") else f"{module}.{name}"


def _is_none(expr: ast.expr | None) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None
