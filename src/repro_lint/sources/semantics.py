"""The semantic index of one Python program: what its names mean, what it calls, imports and says.

The facade that rules use; each part is computed when first asked for. Nothing here raises for any tree
that ``ast.parse`` gives, and what the text does not decide is None, UNKNOWN, False or empty.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, overload

from repro_lint.lazy import dataclass
from repro_lint.sources import guards
from repro_lint.sources.bindings import Binding
from repro_lint.sources.constants import UNKNOWN, Constants
from repro_lint.sources.guards import Guard, last_name
from repro_lint.sources.imports import Import, ImportIndex, literal_module
from repro_lint.sources.names import BUILTINS, MAIN, Resolver
from repro_lint.sources.nodes import Node, NodeIndex, Other, Third
from repro_lint.sources.plain_names import PlainNames
from repro_lint.sources.scopes import Scope, ScopeIndex
from repro_lint.sources.statements import StatementIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

__all__ = ["BUILTINS", "MAIN", "UNKNOWN", "Binding", "Call", "Function", "Guard", "Import", "Scope", "Semantics"]

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Call:
    """One call. ``name`` is the qualified name of what is called, or None; ``method`` its last component as written.

    ``args`` are the positional arguments as written, with any ``*args`` among them; ``keywords`` those with a name.
    """

    node: ast.Call
    name: str | None
    method: str | None
    args: tuple[ast.expr, ...]
    keywords: Mapping[str, ast.expr]
    has_star_args: bool
    has_star_kwargs: bool
    scope: Scope

    def argument(self, position: int | None, keyword: str | None = None) -> ast.expr | None:
        """The expression passed at a position (from 0) or under a name; None where there is none in the text.

        A position after ``*args`` is not known; what ``*args`` and ``**kwargs`` pass is not looked for.
        """
        if position is not None and position < len(self.args):
            before = self.args[: position + 1]
            if not any(isinstance(arg, ast.Starred) for arg in before):
                return before[-1]
        return self.keywords.get(keyword) if keyword is not None else None


class Semantics:
    """The semantic index of one program, given as its module's tree.

    The tree may be put together from several texts, such as the cells of a notebook: the order of its statements
    counts, line numbers do not. ``mentions`` tells whether the text holds a word, so that nothing is looked for that
    is not there; without it everything may be.
    """

    def __init__(self, tree: ast.Module, mentions: Callable[[str], bool] = lambda word: True) -> None:
        self.tree = tree
        self._mentions = mentions

    # The tree

    @cached_property
    def index(self) -> NodeIndex:
        """Parents and nodes by kind."""
        return NodeIndex(self.tree)

    @cached_property
    def statements(self) -> StatementIndex:
        """The blocks of statements and the import statements in them, which cost a tenth of the whole index."""
        return StatementIndex(self.tree)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What directly contains the node; None for the module, and for contexts and operators, which have no place."""
        return self.index.parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """What contains the node, nearest first, up to the module."""
        return self.index.ancestors(node)

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The nearest statement that is or contains the node; LookupError for the module and for foreign nodes."""
        return self.index.statement_of(node)

    @overload
    def nodes(self, kind: type[Node], /) -> Sequence[Node]: ...
    @overload
    def nodes(self, kind: type[Node], other: type[Other], /) -> Sequence[Node | Other]: ...
    @overload
    def nodes(self, kind: type[Node], other: type[Other], third: type[Third], /) -> Sequence[Node | Other | Third]: ...
    @overload
    def nodes(self, *types: type[ast.AST]) -> Sequence[ast.AST]: ...
    def nodes(self, *types: type[ast.AST]) -> Sequence[ast.AST]:
        """The nodes of these types in document order; ``ast.stmt`` and ``ast.expr`` stand for all their kinds."""
        return self.index.nodes(*types)

    # Names

    @cached_property
    def scopes(self) -> ScopeIndex:
        """Scopes and their bindings."""
        return ScopeIndex(self.index)

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope in which the node is evaluated; for a definition the one it stands in."""
        return self.scopes.scope_of(node)

    def own_scope(self, node: ast.AST) -> Scope | None:
        """The scope that a definition, lambda, comprehension or the module opens for its body."""
        return self.scopes.own_scope(node)

    def bindings_of(self, name: ast.Name) -> tuple[Binding, ...]:
        """All bindings of the name in the scope that the use sees; empty for builtins and undefined names."""
        return self.scopes.bindings_of(name)

    def binding_of(self, name: ast.Name) -> Binding | None:
        """The one binding that certainly gives the name its value at this place, or None where several could."""
        return self.scopes.binding_of(name)

    @cached_property
    def _imports(self) -> ImportIndex:
        return ImportIndex(self)

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.index, self.scopes, self._imports)

    @cached_property
    def _plain_names(self) -> PlainNames:
        return PlainNames(self.index, self.statements, self._imports)

    def resolve(self, expr: ast.AST) -> str | None:
        """The qualified name of a Name or Attribute chain, or None.

        ``np.random.rand`` gives ``numpy.random.rand`` through any alias; what a relative import binds begins with
        dots; the program's own functions and classes begin with ``__main__.``; builtins that nothing shadows with
        ``builtins.``. A parameter, a name with another value, and a name that could have several meanings give None;
        of several imports in branches the first plain one counts.
        """
        found = self._plain_names.resolve(expr)
        return self._resolver.resolve(expr) if found is None else found or None

    def resolve_all(self, expr: ast.AST) -> tuple[str, ...]:
        """Every qualified name that the expression could have, the likeliest first."""
        return self._resolver.resolve_all(expr)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """All imports in document order, those by call included."""
        dynamic = [found for call in self._importing_calls() if (found := self._resolver.dynamic_import(call))]
        if not dynamic:
            return self._imports.statements
        position = self.index.position
        return tuple(sorted((*self._imports.statements, *dynamic), key=lambda found: position[found.node]))

    def _importing_calls(self) -> Iterator[ast.Call]:
        # No program gets hold of an importing function without naming it somewhere.
        if not any(self._mentions(word) for word in ("import_module", "__import__", "importorskip")):
            return
        named = any(found.top in ("importlib", "pytest") for found in self._imports.statements)
        if named or any(name.id == "__import__" for name in self.nodes(ast.Name)):
            for call in self.nodes(ast.Call):
                if literal_module(call) is not None:
                    yield call

    # Calls

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All calls in document order: an outer call before the calls in its arguments and in what it calls."""
        return tuple(self._call(node, self.resolve(node.func)) for node in self.nodes(ast.Call))

    def _call(self, node: ast.Call, name: str | None) -> Call:
        func = node.func
        return Call(
            node=node,
            name=name,
            method=last_name(func) if isinstance(func, (ast.Attribute, ast.Name)) else None,
            args=tuple(node.args),
            keywords={keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None},
            has_star_args=any(isinstance(arg, ast.Starred) for arg in node.args),
            has_star_kwargs=any(keyword.arg is None for keyword in node.keywords),
            scope=self.scopes.scope_of(node),
        )

    @cached_property
    def calls_by_last_name(self) -> Mapping[str, Sequence[ast.Call]]:
        """The calls by the last part of what they call as it is written; "" for what has no name."""
        found: dict[str, list[ast.Call]] = {}
        for node in self.nodes(ast.Call):
            func = node.func
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            found.setdefault(name, []).append(node)
        return found

    @cached_property
    def _renamed(self) -> frozenset[str]:
        """The names under which a function may be called that has another: by ``as`` and by assignment."""
        # Straight from the statements: how much depends on each of their imports takes far longer to say.
        names = {clause.asname for node in self.statements.imports for clause in node.names if clause.asname}
        return self.index.stored_names.union(names)

    def calls_named(self, names: Collection[str]) -> Sequence[ast.Call]:
        """The calls of what may have one of these last names (``rand`` of ``numpy.random.rand``), in document order.

        Among them are those of names that something else may have been bound to: ``resolve`` tells.
        """
        by_name = self.calls_by_last_name
        wanted = [name for name in by_name if name in names]
        renamed = [name for name in by_name if name not in names and name in self._renamed]
        found = [call for name in wanted for call in by_name[name]]
        found += [call for name in renamed for call in by_name[name] if isinstance(call.func, ast.Name)]
        if len(wanted) + len(renamed) < 2:
            return found
        chosen = set(found)
        return [call for call in self.nodes(ast.Call) if call in chosen]

    def calls_to(self, *names: str) -> tuple[Call, ...]:
        """The calls whose qualified name is one of these: name by name, in document order for each."""
        found: dict[str, list[Call]] = {}
        for node in self.calls_named({name.rpartition(".")[2] for name in names}):
            name = self.resolve(node.func)
            if name in names:
                found.setdefault(str(name), []).append(self._call(node, name))
        return tuple(call for name in names for call in found.get(name, ()))

    # Values and texts

    @cached_property
    def _constants(self) -> Constants:
        return Constants(self.scopes, self._resolver)

    def constant(self, expr: ast.AST | None) -> object:
        """The value of the expression where the text alone decides it, else UNKNOWN; paths are given as str."""
        if isinstance(expr, ast.Constant):
            return expr.value
        if isinstance(expr, ast.Name) and expr.id not in self.index.stored_names:
            return UNKNOWN  # nothing assigns to it: no scope has to be known
        return self._constants.constant(expr)

    @cached_property
    def strings(self) -> tuple[ast.Constant, ...]:
        """The text literals in document order, without docstrings and format specifications.

        The literal pieces of f-strings are among them; their parent is the JoinedStr.
        """
        docstrings, parents = self._docstrings, self.index.parents
        found: list[ast.Constant] = []
        for node in self.nodes(ast.Constant):
            if type(node.value) is not str:
                continue
            parent = parents[node]
            if isinstance(parent, ast.Expr) and node in docstrings:
                continue
            if isinstance(parent, ast.JoinedStr) and getattr(parents.get(parent), "format_spec", None) is parent:
                continue
            found.append(node)
        return tuple(found)

    @cached_property
    def _docstrings(self) -> frozenset[ast.AST]:
        found: list[ast.AST] = []
        owners: list[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] = [self.tree]
        owners += self.nodes(ast.ClassDef)
        owners += self.nodes(ast.FunctionDef)
        owners += self.nodes(ast.AsyncFunctionDef)
        for node in owners:
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and type(first.value.value) is str:
                found.extend((first, first.value))
        return frozenset(found)

    def is_docstring(self, node: ast.AST) -> bool:
        """Whether the node is the docstring of the module, a class or a function: its statement or its literal."""
        return node in self._docstrings

    # Control flow

    def guards(self, node: ast.AST) -> tuple[Guard, ...]:
        """The conditions under which the node runs inside its function or the module, outermost first."""
        return guards.guards(self.index, node)

    def in_main_guard(self, node: ast.AST) -> bool:
        """Whether the node stands under ``if __name__ == "__main__":``, at any depth."""
        return guards.in_main_guard(self.index, node)

    def in_type_checking(self, node: ast.AST) -> bool:
        """Whether the node stands in code that only type checkers read, at any depth."""
        return guards.in_type_checking(self.index, node)

    def always_before(self, a: ast.AST, b: ast.AST) -> bool:
        """Whether ``a`` has certainly run each time ``b`` runs; False means only that structure does not show it."""
        return guards.always_before(self.index, a, b)

    @cached_property
    def main_guard(self) -> ast.If | None:
        """The module's first ``if __name__ == "__main__":``."""
        for node in self.tree.body:
            if isinstance(node, ast.If) and guards.is_main_test(node.test):
                return node
        return None

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """The functions, methods and lambdas with a name, by qualified name; of several with one name the last."""
        found: dict[str, Function] = {}
        for node in self.nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign):
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                if isinstance(node.value, ast.Lambda) and isinstance(target, ast.Name):
                    outer = self.scope_of(node).qualname
                    found[f"{outer}.{target.id}" if outer else target.id] = node.value
            else:
                own = self.scopes.own_scope(node)
                if own is not None:
                    found[own.qualname] = node
        return found
