"""The kinds of work that the cells of a notebook do, told by what they call."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import PythonSource, dataclass

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WorkKind:
    """A kind of work; ``verb`` says it of calls, as in "load data"."""

    name: str
    verb: str
    calls: re.Pattern[str]
    """The qualified names of what is called for it."""
    methods: Mapping[str, frozenset[str]]
    """For methods of objects of unknown type, the libraries of which one must be imported."""


@lru_cache(maxsize=1)
def work_kinds() -> tuple[WorkKind, ...]:
    """The content of ``work_kinds.toml``, in the order in which such work is done; read when it is first asked for."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "work_kinds.toml").read_text(encoding="utf-8"))
    return tuple(
        WorkKind(
            name,
            kind["verb"],
            re.compile("|".join(re.escape(call).replace(r"\*", ".*") for call in kind["calls"].split())),
            {
                method: frozenset(group["libraries"].split())
                for group in kind["methods"]
                for method in group["names"].split()
            },
        )
        for name, kind in data.items()
    )


def work_in(source: PythonSource) -> Mapping[str, list[ast.Call]]:
    """For each kind by name, the calls that do such work outside of functions, in document order."""
    semantics = source.semantics
    libraries = {found.top for found in semantics.imports}
    found: dict[str, list[ast.Call]] = {kind.name: [] for kind in work_kinds()}
    names: dict[str, str | None] = {}
    for call in semantics.calls:
        if call.name is None:
            kind = _kind_of_method(call.node.func, libraries)
        elif call.name == "builtins.open" and _writes(call.argument(1, "mode")):
            kind = None
        else:
            if call.name not in names:
                names[call.name] = _kind_of_name(call.name)
            kind = names[call.name]
        if kind is not None and not any(isinstance(outer, _FUNCTIONS) for outer in semantics.ancestors(call.node)):
            found[kind].append(call.node)
    return found


def _kind_of_name(name: str) -> str | None:
    return next((kind.name for kind in work_kinds() if kind.calls.fullmatch(name)), None)


def _kind_of_method(function: ast.expr, libraries: set[str]) -> str | None:
    """The kind of a method call, with ``plot`` for the drawing methods that pandas keeps together (``df.plot.bar``)."""
    if not isinstance(function, ast.Attribute):
        return None
    holder = function.value
    method = "plot" if isinstance(holder, ast.Attribute) and holder.attr == "plot" else function.attr
    return next((kind.name for kind in work_kinds() if kind.methods.get(method, _NONE) & libraries), None)


def _writes(mode: ast.expr | None) -> bool:
    """Whether this is the mode of a file that is opened to be written."""
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and mode.value[:1] in ("w", "a", "x")
