"""Bindings: the places where a name gets its meaning, statement by statement."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BindingKind = Literal[
    "import",
    "assign",
    "annotated",
    "parameter",
    "function",
    "class",
    "for",
    "with",
    "except",
    "walrus",
    "augmented",
    "delete",
    "match",
    "comprehension",
    "type",
]


class Binding(NamedTuple):  # made by the hundred thousand: the fields of a frozen dataclass take five times as long
    """One place where a name gets (or loses) its meaning.

    ``node`` is the part of the statement that binds: the target Name, the ``ast.alias``, the ``ast.arg``, the
    definition, the handler, the pattern. ``value`` is what is bound, for ``assign`` (also element by element for
    ``a, b = 1, 2``), ``annotated``, ``walrus`` and ``type``; the default for a parameter; the iterable for ``for`` and
    ``comprehension``; the context manager for ``with``; the exception type for ``except``; the right-hand side for
    ``augmented``; else None.
    """

    kind: BindingKind
    name: str
    node: ast.AST
    value: ast.expr | None = None

    @property
    def assigned(self) -> ast.expr | None:
        """The expression whose very value the name has after this binding, or None."""
        return self.value if self.kind in ("assign", "annotated", "walrus") else None

    @property
    def gives_value(self) -> bool:
        """False for ``del x`` and for a bare ``x: int``, after which the name has no new value."""
        return self.kind != "delete" and not (self.kind == "annotated" and self.value is None)


def _targets(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.Name, ast.expr | None]]:
    """The names an assignment binds, each with its part of the value where the text shows it."""
    stack: list[tuple[ast.expr, ast.expr | None]] = [(target, value)]
    while stack:
        target, value = stack.pop()
        if isinstance(target, ast.Name):
            yield target, value
        elif isinstance(target, ast.Starred):
            stack.append((target.value, None))
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts: list[ast.expr | None] = [None] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                starred = any(isinstance(part, ast.Starred) for part in (*target.elts, *value.elts))
                parts = parts if starred else list(value.elts)
            stack.extend(zip(target.elts[::-1], parts[::-1], strict=True))


def _assign(node: ast.Assign) -> Iterator[Binding]:
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield Binding("assign", target.id, target, node.value)
        else:
            for name, value in _targets(target, node.value):
                yield Binding("assign", name.id, name, value)


def _annotated(node: ast.AnnAssign) -> Iterator[Binding]:
    if isinstance(node.target, ast.Name):
        yield Binding("annotated", node.target.id, node.target, node.value)


def _augmented(node: ast.AugAssign) -> Iterator[Binding]:
    if isinstance(node.target, ast.Name):
        yield Binding("augmented", node.target.id, node.target, node.value)


def _walrus(node: ast.NamedExpr) -> Iterator[Binding]:
    if isinstance(node.target, ast.Name):
        yield Binding("walrus", node.target.id, node.target, node.value)


def _for(node: ast.For | ast.AsyncFor | ast.comprehension) -> Iterator[Binding]:
    kind: BindingKind = "comprehension" if isinstance(node, ast.comprehension) else "for"
    for name, _ in _targets(node.target, None):
        yield Binding(kind, name.id, name, node.iter)


def _with(node: ast.withitem) -> Iterator[Binding]:
    if node.optional_vars is not None:
        for name, _ in _targets(node.optional_vars, None):
            yield Binding("with", name.id, name, node.context_expr)


def _delete(node: ast.Delete) -> Iterator[Binding]:
    for target in node.targets:
        for name, _ in _targets(target, None):
            yield Binding("delete", name.id, name)


def _parameters(node: ast.arguments) -> Iterator[Binding]:
    positional = [*node.posonlyargs, *node.args]
    defaults: list[ast.expr | None] = [*[None] * (len(positional) - len(node.defaults)), *node.defaults]
    rest = [arg for arg in (node.vararg, node.kwarg) if arg is not None]
    args = (*positional, *node.kwonlyargs, *rest)
    for arg, default in zip(args, (*defaults, *node.kw_defaults, *[None] * len(rest)), strict=True):
        yield Binding("parameter", arg.arg, arg, default)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Binding]:
    yield Binding("function", node.name, node)


def _class(node: ast.ClassDef) -> Iterator[Binding]:
    yield Binding("class", node.name, node)


def _import(node: ast.Import | ast.ImportFrom) -> Iterator[Binding]:
    for alias in node.names:
        if alias.name != "*":
            name = alias.name if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0]
            yield Binding("import", alias.asname or name, alias)


def _except(node: ast.ExceptHandler) -> Iterator[Binding]:
    if node.name is not None:
        yield Binding("except", node.name, node, node.type)


def _capture(node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> Iterator[Binding]:
    name = node.rest if isinstance(node, ast.MatchMapping) else node.name
    if name is not None:
        yield Binding("match", name, node)


def _type_parameter(node: ast.AST) -> Iterator[Binding]:
    name = getattr(node, "name", None)
    if isinstance(name, str):
        yield Binding("type", name, node)


def _type_alias(node: ast.AST) -> Iterator[Binding]:
    name = getattr(node, "name", None)
    if isinstance(name, ast.Name):
        yield Binding("type", name.id, name, getattr(node, "value", None))


BINDERS = cast(
    "dict[type[ast.AST], Callable[[ast.AST], Iterator[Binding]]]",
    {
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.NamedExpr: _walrus,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.comprehension: _for,
        ast.withitem: _with,
        ast.Delete: _delete,
        ast.arguments: _parameters,
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.ClassDef: _class,
        ast.Import: _import,
        ast.ImportFrom: _import,
        ast.ExceptHandler: _except,
        ast.MatchAs: _capture,
        ast.MatchStar: _capture,
        ast.MatchMapping: _capture,
    },
)
# Python 3.12 and later have these (PEP 695).
TYPE_PARAMETERS: list[type[ast.AST]] = [
    getattr(ast, name) for name in ("TypeVar", "ParamSpec", "TypeVarTuple") if hasattr(ast, name)
]
TYPE_ALIASES: list[type[ast.AST]] = [getattr(ast, name) for name in ("TypeAlias",) if hasattr(ast, name)]
BINDERS.update(dict.fromkeys(TYPE_PARAMETERS, _type_parameter))
BINDERS.update(dict.fromkeys(TYPE_ALIASES, _type_alias))
