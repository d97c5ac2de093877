"""Calls that list files or folders in the order of the file system."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import PythonSource
from repro_lint_rules.randomness.sinks import Shape


@lru_cache(maxsize=1)
def listing_names() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """The content of ``unordered_listings.toml``."""
    import tomli

    text = (Path(__file__).parent / "unordered_listings.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomli.loads(text)
    return {table: {kind: frozenset(names.split()) for kind, names in kinds.items()} for table, kinds in data.items()}


def listings(source: PythonSource) -> Iterator[tuple[ast.Call, Shape]]:
    """The calls of the program that list files, and in which form they give them."""
    known = listing_names()
    for call in source.semantics.calls:
        if call.name in known["functions"]["walks"]:
            yield call.node, Shape.WALK
        elif call.name in known["functions"]["lists"] or (
            call.name is None and call.method in known["methods"]["lists"] and _is_of_path(call.node)
        ):
            yield call.node, Shape.LIST


def _is_of_path(call: ast.Call) -> bool:
    """Whether a method of this name is that of a path, as far as its arguments tell."""
    if not isinstance(call.func, ast.Attribute) or len(call.args) > 1:
        return False
    if call.func.attr == "iterdir":
        return not call.args
    return bool(call.args) and isinstance(call.args[0], (ast.Constant, ast.JoinedStr, ast.Name, ast.BinOp, ast.Call))
