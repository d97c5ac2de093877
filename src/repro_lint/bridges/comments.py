"""Comments that ruff takes for code: which are code, and where a block of them begins and ends."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from repro_lint.lazy import lazy_pattern
from repro_lint.sources.python import PythonSource

if TYPE_CHECKING:
    from repro_lint.bridges.ruff_judgement import Said

# Shapes, names and numbers in a comment explain; jupytext's headers and markers of cells are for a machine.
_NOTE = lazy_pattern(r"#+\s*(?:[\[({][\w\s,.:'\"*+-]*[\])}]|[\w.]+|[+-](?:\s.*)?|MAGIC\b.*)\s*$")
_SPACED = lazy_pattern(r"(?!print\b)[\w.]+\s+[(\[]")
_DEFINED = lazy_pattern(r"\s*(?:async\s+)?(?:def|class)\s+(\w+)")


def joined(source: PythonSource, items: Sequence[Said]) -> Iterator[Said]:
    """The findings, with commented-out code told once for each block of comments, and not at all for prose."""
    for (code, index), group in groupby(items, key=lambda item: (item.code, item.cell)):
        if code != "ERA001":
            yield from group
            continue
        cell = next((c for c in source.cells if c.index == index), None) if source.notebook else None
        yield from _blocks(source.lines[cell.first_line - 1 if cell else 0 :], group)


def in_header(source: PythonSource, line: int) -> bool:
    """Whether the line belongs to the header that jupytext puts in front of a script, between two ``# ---``."""
    lines = [line.rstrip() for line in source.lines[:line]]
    return bool(lines) and lines[0] == "# ---" and "# ---" not in lines[1:]


def is_prose(comment: str) -> bool:
    """Whether the comment only looks like code: ``# 50% accuracy``, ``# x: (batch, channels)``, ``# load (again)``.

    What parses as no statement at all, such as one line of a longer call, is left to ruff's judgement.
    """
    if _NOTE.fullmatch(comment):
        return True
    text = comment.lstrip("#").strip()
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    statement = statements[0] if len(statements) == 1 else None
    if isinstance(statement, ast.AnnAssign):  # a name, a colon and what is said of it
        return statement.value is None or not isinstance(statement.annotation, (ast.Name, ast.Attribute, ast.Subscript))
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    if isinstance(value, (ast.Call, ast.Subscript)):
        return _SPACED.match(text) is not None
    return isinstance(value, (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.Tuple, ast.Constant))


def _blocks(lines: Sequence[str], items: Iterator[Said]) -> Iterator[Said]:
    """One finding for each run of comments; of a lone comment above its function, the signature is no code."""
    block: Said | None = None
    for item in items:
        row = item.span.line
        if is_prose(lines[row - 1].strip()) or _is_signature(lines, row):
            continue
        if block is not None:
            between = lines[block.span.last_line : row - 1]
            if all(line.lstrip().startswith("#") for line in between):
                end = replace(block.span, end_line=item.span.last_line, end_column=item.span.end_column)
                block = replace(block, span=end)
                continue
            yield block
        block = item
    if block is not None:
        yield block


def _is_signature(lines: Sequence[str], row: int) -> bool:
    """Whether the comment calls what the first line of code below it defines."""
    below = next((line for line in lines[row:] if line.strip() and not line.lstrip().startswith("#")), "")
    defined = _DEFINED.match(below)
    return defined is not None and lines[row - 1].lstrip("# \t").startswith(f"{defined[1]}(")
