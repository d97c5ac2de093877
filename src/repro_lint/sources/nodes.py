"""Every node of a program: its parent, its kind, its place in document order."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Node = TypeVar("Node", bound=ast.AST)
Other = TypeVar("Other", bound=ast.AST)
Third = TypeVar("Third", bound=ast.AST)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
TRIES: tuple[type[ast.AST], ...] = tuple(
    cast("type[ast.AST]", getattr(ast, name)) for name in ("Try", "TryStar") if hasattr(ast, name)
)

# Contexts and operators are shared by all their users in a parsed tree, so they have no one parent. The rest is text.
_LEAF_FIELDS = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "asname", "name", "module", "level", "type_comment", "type_ignores"}
    | {"kind", "conversion", "simple", "is_async", "rest", "kwd_attrs", "tag", "str"}
)
_SPECIAL_FIELDS: dict[str, tuple[str, ...]] = {
    # Where the order of the fields is not that of the text.
    "FunctionDef": ("decorator_list", "type_params", "args", "returns", "body"),
    "AsyncFunctionDef": ("decorator_list", "type_params", "args", "returns", "body"),
    "ClassDef": ("decorator_list", "type_params", "bases", "keywords", "body"),
    "IfExp": ("body", "test", "orelse"),
    # Where a field's name is used for text in other nodes, or the other way round.
    "Constant": (),
    "MatchSingleton": (),
    "Global": (),
    "Nonlocal": (),
    "TypeAlias": ("name", "type_params", "value"),
}


class _ChildFields(dict[type[ast.AST], tuple[str, ...]]):
    """For each kind of node the fields that hold nodes, last first."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = _SPECIAL_FIELDS.get(kind.__name__)
        if fields is None:
            fields = tuple(field for field in kind._fields if field not in _LEAF_FIELDS)
        self[kind] = fields = fields[::-1]
        return fields


_CHILD_FIELDS = _ChildFields()


def _start(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _interleaved(node: ast.Dict | ast.arguments) -> Sequence[ast.AST]:
    """The children of a node whose lists run side by side in the text, last first."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [child for pair in pairs for child in pair if child is not None][::-1]
    lists = (node.posonlyargs, node.args, [node.vararg], node.kwonlyargs, node.kw_defaults, [node.kwarg], node.defaults)
    return sorted((child for part in lists for child in part if child is not None), key=_start, reverse=True)


class NodeIndex:
    """The nodes of one tree in document order, made in one pass that needs no recursion.

    Document order is: a node before what it contains, and siblings as they stand in the text. It follows the
    tree, not line numbers, so a tree put together from several texts keeps the order of its statements.
    Contexts (``Load``) and operators (``Add``) are not nodes here.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        parents: dict[ast.AST, ast.AST] = {}
        order: list[ast.AST] = []
        stack: list[ast.AST] = [tree]
        pop, push, seen = stack.pop, stack.append, order.append
        while stack:
            node = pop()
            seen(node)
            kind = node.__class__
            if kind is ast.Name or kind is ast.Constant:  # half of all nodes
                continue
            if kind is ast.Dict or kind is ast.arguments:
                for child in _interleaved(cast("ast.Dict | ast.arguments", node)):
                    parents[child] = node
                    push(child)
                continue
            for field in _CHILD_FIELDS[kind]:
                value = getattr(node, field, None)
                if value.__class__ is list:
                    if value:
                        for child in value[::-1]:
                            parents[child] = node
                            push(child)
                elif value is not None:
                    parents[value] = node
                    push(value)
        self.parents = parents
        self.order = order

    @cached_property
    def by_kind(self) -> dict[type[ast.AST], tuple[ast.AST, ...]]:
        """For each class of node that occurs, its nodes in document order."""
        kinds: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        for node in self.order:
            kinds[node.__class__].append(node)
        return {kind: tuple(nodes) for kind, nodes in kinds.items()}

    @cached_property
    def position(self) -> dict[ast.AST, int]:
        """The rank of every node in document order."""
        return {node: rank for rank, node in enumerate(self.order)}

    @cached_property
    def stored_names(self) -> frozenset[str]:
        """The names that assignments, loops, handlers and patterns bind, or delete."""
        load = ast.Load  # of the nodes a quarter are names: no generator
        names = {name.id for name in self.nodes(ast.Name) if name.ctx.__class__ is not load}
        captures = self.nodes(ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
        names.update(node.name for node in captures if node.name is not None)
        names.update(node.rest for node in self.nodes(ast.MatchMapping) if node.rest is not None)
        return frozenset(names)

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
        if len(types) == 1 and types[0] in self.by_kind:  # no kind that occurs is that of another
            return self.by_kind[types[0]]
        wanted = {kind for kind in self.by_kind if issubclass(kind, types)}
        if len(wanted) < 2:
            return self.by_kind[wanted.pop()] if wanted else ()
        return tuple([node for node in self.order if node.__class__ in wanted])

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """What contains the node, nearest first, up to the module."""
        parents = self.parents
        parent = parents.get(node)
        while parent is not None:
            yield parent
            parent = parents.get(parent)

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The nearest statement that is or contains the node; LookupError for the module and for foreign nodes."""
        current: ast.AST | None = node
        while current is not None:
            if isinstance(current, ast.stmt):
                return current
            current = self.parents.get(current)
        raise LookupError("the node stands in no statement of this program")


def code_of(node: ast.AST) -> str:
    """The code of the node as ``ast.unparse`` writes it, or "" where it is nested too deeply: a sum of 600 terms is."""
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError):
        return ""
