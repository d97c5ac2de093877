"""Which lines of a notebook cell are code, and which of them only hold data or belong to a definition."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from repro_lint.api import CodeCell

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DATA = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict)


def code_lines(cell: CodeCell) -> frozenset[int]:
    """The lines of the cell, counted from 1, that are Python: no blanks, comments, magics and texts that do nothing.

    A cell in another language has none.
    """
    if cell.opaque:
        return frozenset()
    stored = cell.source.split("\n")
    found = set()
    for number, line in enumerate(cell.code.split("\n"), 1):
        text = line.strip()
        # What stands for a magic is a `pass` that nobody wrote.
        magic = text == "pass" and (number > len(stored) or stored[number - 1].strip() != "pass")
        if text and not text.startswith("#") and not magic:
            found.add(number)
    return frozenset(found - lines_of(cell, _idle_texts(cell.body)))


def lines_of(cell: CodeCell, nodes: Iterable[ast.AST], skip: int = 0) -> frozenset[int]:
    """The lines of the cell that the nodes cover, counted from 1, without the first ``skip`` of each."""
    found: set[int] = set()
    for node in nodes:
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 0
        decorators = [decorator.lineno for decorator in getattr(node, "decorator_list", ())]
        found.update(range(min([first, *decorators]) + skip - cell.first_line + 1, last - cell.first_line + 2))
    return frozenset(found)


def definitions_in(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The functions and classes that the statements themselves define, none of those inside of others."""
    for statement in body:
        if isinstance(statement, DEFINITIONS):
            yield statement


def literals_in(body: Iterable[ast.stmt]) -> Iterator[ast.expr]:
    """The outermost texts, constants and displays of constants and names: what is data, not code."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.JoinedStr) or (isinstance(node, _DATA) and is_literal(node, names=True)):
            yield node
        else:
            stack += ast.iter_child_nodes(node)


def is_literal(node: ast.expr, *, names: bool = False) -> bool:
    """Whether the expression holds only constants at any depth, or also ``names`` such as ``np.nan``."""
    stack: list[ast.expr | None] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Dict):
            stack += [*part.keys, *part.values]
        elif isinstance(part, (ast.List, ast.Tuple, ast.Set)):
            stack += part.elts
        elif isinstance(part, ast.UnaryOp):
            stack.append(part.operand)
        elif names and isinstance(part, ast.Attribute):
            stack.append(part.value)
        elif not (isinstance(part, ast.Constant) or (names and isinstance(part, ast.Name))):
            return False
    return True


def _idle_texts(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that are a text and nothing else: docstrings and code that was commented out in quotes."""
    stack = list(body)
    while stack:
        statement = stack.pop()
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            if isinstance(statement.value.value, str):
                yield statement
        else:
            stack += [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt)]
