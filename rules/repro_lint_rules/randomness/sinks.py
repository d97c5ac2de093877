"""What becomes of an order: which functions keep it, which forget it, and where it reaches a result."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import PythonSource, code_of, dataclass

_LONGEST = 60


class Shape(Enum):
    """In which form a value carries an order that is not fixed."""

    SET = "a set"
    LIST = "a list or iterator"
    MATCHES = "an iterator over what fulfils a condition"
    PAIRS = "elements with their numbers"
    WALK = "what os.walk gives"
    TREE = "the folders of os.walk, of which the first is always the top"
    FOLDER = "one folder of os.walk: its path, its folders, its files"
    LISTS = "a dictionary of lists"
    NESTED = "a dictionary of dictionaries of lists"
    DICT = "a dictionary that was filled in that order"
    DATA = "an array or a frame"
    COLUMNS = "a frame whose columns have that order"
    TEXT = "a text"


@dataclass(frozen=True)
class Sink:
    """Where an order reaches a result; ``effect`` continues the sentence that begins with the listing or set."""

    node: ast.AST
    effect: str
    printed: bool = False
    read: bool = False
    """What is printed was read from an element that was taken by its position."""
    found: bool = False
    """An element is found by a number that may belong to it, as numbers of rows do."""
    single: bool = False
    """Only one element is taken, which is harmless where there is but one."""


@lru_cache(maxsize=1)
def sink_names() -> Mapping[str, frozenset[str]]:
    """The names in ``sinks.toml`` by what they do."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "sinks.toml").read_text(encoding="utf-8"))
    return {kind: frozenset(names.split()) for table in data.values() for kind, names in table.items()}


def does(kind: str, name: str | None) -> bool:
    """Whether the function or method of this last name does that."""
    return name in sink_names()[kind]


def last_name(func: ast.expr) -> str | None:
    """The last component of what is called, as written."""
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else None


def snippet(node: ast.AST) -> str:
    """The source of a node for a message, cut where it is long."""
    text = code_of(node).partition("\n")[0]
    if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
        text = code_of(node.func) + code_of(node.args[0])
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[: _LONGEST - 3]}...`"


def shown_by(source: PythonSource, node: ast.AST) -> str | None:
    """What an expression is only looked at by: ``print``, a plot, a log, ``raise``, the end of a cell; else None."""
    child = node
    for parent in source.semantics.ancestors(node):
        if isinstance(parent, ast.Call):
            name = last_name(parent.func)
            if child is not parent.func and name is not None and does("showing", name):
                return name
        elif isinstance(parent, ast.Expr):
            name = last_name(child.func) if isinstance(child, ast.Call) else "display"
            return name if name is not None and (child is node or does("showing", name)) else None
        elif isinstance(parent, (ast.Assert, ast.Raise)):
            return "raise"
        elif isinstance(parent, ast.stmt):
            return None
        child = parent
    return None
