"""The statements of a program and what they stand in, without the expressions, which are nine tenths of its nodes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The fields that hold statements, or what holds statements (handlers, cases), last first.
_BLOCKS = ("finalbody", "orelse", "handlers", "body", "cases")


class _BlockFields(dict[type[ast.AST], tuple[str, ...]]):
    """For each kind of node the fields that hold blocks, last first."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        expression = issubclass(kind, ast.expr)  # the body of a lambda is no block
        self[kind] = fields = () if expression else tuple(field for field in _BLOCKS if field in kind._fields)
        return fields


_BLOCK_FIELDS = _BlockFields()


class StatementIndex:
    """What each statement, handler and case of a tree directly stands in, and its imports in document order."""

    def __init__(self, tree: ast.Module) -> None:
        parents: dict[ast.AST, ast.AST] = {}
        imports: list[ast.Import | ast.ImportFrom] = []
        stack: list[ast.AST] = [tree]
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = node.__class__
            if kind is ast.Import or kind is ast.ImportFrom:
                imports.append(node)  # type: ignore[arg-type]
            for field in _BLOCK_FIELDS[kind]:
                for child in getattr(node, field)[::-1]:
                    parents[child] = node
                    push(child)
        self.parents = parents
        self.imports = tuple(imports)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """What contains the statement, nearest first, up to the module."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)
