"""Scopes and bindings: which name means what, where, by Python's own rules."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, Literal, cast

from repro_lint.sources.bindings import BINDERS, TYPE_ALIASES, Binding
from repro_lint.sources.guards import always_before
from repro_lint.sources.nodes import COMPREHENSIONS, FUNCTIONS, LOOPS, NodeIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ScopeKind = Literal["module", "class", "function", "lambda", "comprehension", "type"]


class Scope:
    """A region with names of its own.

    ``qualname`` is that of the function or class (``Trainer.fit``), "" for the module; lambdas and comprehensions
    carry that of the scope they stand in. A scope of kind ``type`` holds the type parameters of ``def f[T]``.
    ``bindings`` are in document order and hold what ``global`` and ``nonlocal`` elsewhere bind in this scope.
    """

    __slots__ = ("bindings", "globals", "kind", "node", "nonlocals", "parent", "qualname")

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None, qualname: str) -> None:
        self.kind: ScopeKind = kind
        self.node = node
        self.parent = parent
        self.qualname = qualname
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.bindings: Mapping[str, tuple[Binding, ...]] = {}

    def __repr__(self) -> str:
        return f"<Scope {self.kind} {self.qualname or '-'}>"

    @property
    def module(self) -> Scope:
        """The scope of the whole program."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def find(self, name: str) -> Scope | None:
        """The scope whose binding a use of the name in this scope sees; None for builtins and undefined names."""
        scope: Scope | None = self
        sees_class = True  # a class body is seen by its own statements only, not by what is nested in it
        while scope is not None:
            if name in scope.globals:
                module = scope.module
                return module if name in module.bindings else None
            if name in scope.bindings and (sees_class or scope.kind != "class"):
                return scope
            sees_class = sees_class and scope.kind == "type"
            scope = scope.parent
        return None


class ScopeIndex:
    """All scopes of a program with their bindings."""

    def __init__(self, nodes: NodeIndex) -> None:
        self._nodes = nodes
        self.module = Scope("module", nodes.tree, None, "")
        self._own: dict[ast.AST, Scope] = {nodes.tree: self.module}
        self._scope_of: dict[ast.AST, Scope] = {nodes.tree: self.module}
        self._live: dict[tuple[Scope, str], tuple[list[Binding], bool]] = {}
        self._bound: dict[ast.Name, Binding | None] = {}
        binders: list[ast.AST] = []
        for node in [node for node in nodes.order if node.__class__ in _MATTERING]:
            kind = node.__class__
            if kind in _OPENERS:
                # Document order: the scopes around this one stand already, so no recursion is needed.
                self._open(node)
            if kind in BINDERS:
                binders.append(node)
        self._bind(binders)

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope in which the node is evaluated; for a definition the one it stands in.

        A parameter belongs to its function, its annotation and default do not. Nodes of another tree get the module's
        scope.
        """
        known, parents = self._scope_of, self._nodes.parents
        path: list[ast.AST] = []
        current = node
        while True:
            scope = known.get(current)
            if scope is not None:
                break
            path.append(current)
            parent = parents.get(current)
            if parent is None:
                scope = self.module
                break
            if parent.__class__ in _CROSSINGS:
                scope = self._entered(parent, current)
                if scope is not None:
                    break
            current = parent
        for passed in path:
            known[passed] = scope
        return scope

    @property
    def all(self) -> Iterable[Scope]:
        """Every scope of the program."""
        return self._own.values()

    def own_scope(self, node: ast.AST) -> Scope | None:
        """The scope that the node opens for its body: of a definition, a lambda, a comprehension, the module."""
        return self._own.get(node)

    def bindings_of(self, name: ast.Name) -> tuple[Binding, ...]:
        """All bindings of the name in the scope that the use sees; empty for builtins and undefined names."""
        home = self.scope_of(name).find(name.id)
        return home.bindings[name.id] if home is not None else ()

    def live_bindings(self, home: Scope, name: str) -> tuple[list[Binding], bool]:
        """The bindings of a scope's name that give it a value, and whether all of them stand in that very scope."""
        key = (home, name)
        if key not in self._live:
            live = [binding for binding in home.bindings[name] if binding.gives_value]
            self._live[key] = live, all(self.scope_of(binding.node) is home for binding in live)
        return self._live[key]

    def binding_of(self, name: ast.Name) -> Binding | None:
        """The one binding that certainly gives the name its value at this place, or None where several could.

        That is the only binding there is, or, for a use in the scope of the bindings, the last one before it if
        that runs whenever the use runs and no other can come between.
        """
        if name not in self._bound:
            self._bound[name] = self._find_binding(name)
        return self._bound[name]

    def _find_binding(self, name: ast.Name) -> Binding | None:
        scope = self.scope_of(name)
        home = scope.find(name.id)
        if home is None:
            return None
        live, stand_here = self.live_bindings(home, name.id)
        if len(live) == 1:
            return live[0]
        while scope is not home and scope.kind == "comprehension" and not isinstance(scope.node, ast.GeneratorExp):
            scope = cast("Scope", scope.parent)  # it runs where it stands
        return self._reaching(name, live) if scope is home and stand_here else None

    def _reaching(self, use: ast.Name, bindings: list[Binding]) -> Binding | None:
        nodes = self._nodes
        position = nodes.position
        statement = nodes.statement_of(use)
        before = bisect_left(bindings, position[use], key=lambda binding: position[binding.node])
        while before and isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            # `x = x + 1`: the target stands first in the text but is bound last.
            if nodes.statement_of(bindings[before - 1].node) is not statement:
                break
            before -= 1
        if not before or not always_before(nodes, bindings[before - 1].node, use):
            return None
        binding = bindings[before - 1]
        around = set(nodes.ancestors(binding.node))
        loops = {node for node in nodes.ancestors(use) if isinstance(node, (*LOOPS, *COMPREHENSIONS))} - around
        if loops and any(not loops.isdisjoint(nodes.ancestors(other.node)) for other in bindings[before:]):
            return None
        return binding

    def _open(self, node: ast.AST) -> None:
        outer = self.scope_of(node)
        name = getattr(node, "name", None)
        qualname = outer.qualname
        if isinstance(name, str):
            qualname = f"{qualname}.{name}" if qualname else name
        if getattr(node, "type_params", None):
            outer = Scope("type", node, outer, outer.qualname)
        if node.__class__ in _SCOPE_KINDS:
            outer = Scope(_SCOPE_KINDS[node.__class__], node, outer, qualname)
        self._own[node] = outer

    def _entered(self, parent: ast.AST, child: ast.AST) -> Scope | None:
        """The scope of a child that is not evaluated in the scope of its parent node, else None."""
        if parent.__class__ in _DEFINITIONS:  # by far the most
            own = self._own[parent]
            if isinstance(child, (ast.stmt, ast.arguments)):
                return own
            if any(child is decorator for decorator in cast("ast.ClassDef", parent).decorator_list):
                return None
            return own.parent
        if isinstance(parent, (ast.Lambda, *COMPREHENSIONS)):
            return self._own[parent]
        if isinstance(parent, ast.comprehension):
            holder = self._nodes.parents[parent]
            first = isinstance(holder, COMPREHENSIONS) and holder.generators[0] is parent
            return self._own[holder].parent if first and child is parent.iter else None
        if isinstance(parent, (ast.arg, ast.arguments)):
            if isinstance(child, ast.arg):
                return None
            holder = self._nodes.parents[parent]
            holder = self._nodes.parents[holder] if isinstance(parent, ast.arg) else holder
            outer = cast("Scope", self._own[holder].parent)
            # Annotations see the type parameters, defaults do not.
            return outer.parent if outer.kind == "type" and isinstance(parent, ast.arguments) else outer
        # A type alias: everything but its name is evaluated among its type parameters.
        return self._own[parent] if child is not getattr(parent, "name", None) else None

    def _bind(self, binders: list[ast.AST]) -> None:
        names: defaultdict[Scope, defaultdict[str, list[Binding]]] = defaultdict(lambda: defaultdict(list))
        scope_of = self.scope_of
        for statement in self._nodes.by_kind.get(ast.Global, ()):
            self.scope_of(statement).globals.update(cast("ast.Global", statement).names)
        for statement in self._nodes.by_kind.get(ast.Nonlocal, ()):
            self.scope_of(statement).nonlocals.update(cast("ast.Nonlocal", statement).names)
        borrowed: list[tuple[Scope, Binding]] = []
        for node in binders:
            for binding in BINDERS[node.__class__](node):
                scope = scope_of(binding.node)
                if binding.kind == "walrus":
                    while scope.kind == "comprehension":
                        scope = cast("Scope", scope.parent)
                if binding.name in scope.globals:
                    scope = self.module
                elif binding.name in scope.nonlocals:
                    borrowed.append((scope, binding))
                    continue
                names[scope][binding.name].append(binding)
        for scope, binding in borrowed:
            lender = _lender(scope, binding.name, names)
            names[lender][binding.name].append(binding)
        for scope, found in names.items():
            if borrowed:
                for bindings in found.values():
                    bindings.sort(key=lambda binding: self._nodes.position[binding.node])
            scope.bindings = {name: tuple(bindings) for name, bindings in found.items()}


def _lender(scope: Scope, name: str, names: Mapping[Scope, Mapping[str, list[Binding]]]) -> Scope:
    """The scope that a ``nonlocal`` name belongs to: the nearest enclosing function that binds it."""
    outer = scope.parent
    while outer is not None and outer.kind != "module":
        if outer.kind not in ("class", "type") and name in names.get(outer, ()) and name not in outer.nonlocals:
            return outer
        outer = outer.parent
    return scope


_SCOPE_KINDS: dict[type[ast.AST], ScopeKind] = {
    ast.FunctionDef: "function",
    ast.AsyncFunctionDef: "function",
    ast.ClassDef: "class",
    ast.Lambda: "lambda",
    **dict.fromkeys(COMPREHENSIONS, "comprehension"),
}
_DEFINITIONS = frozenset([*FUNCTIONS, ast.ClassDef])
_OPENERS = frozenset([*_SCOPE_KINDS, *TYPE_ALIASES])
_MATTERING = _OPENERS.union(BINDERS)
_CROSSINGS = frozenset([*_OPENERS, ast.comprehension, ast.arg, ast.arguments])
