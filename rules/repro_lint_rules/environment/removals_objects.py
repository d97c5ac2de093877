"""Which class an object is of, where the text leaves no doubt."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from repro_lint.api import Semantics, dataclass
from repro_lint_rules.environment.removals import Library

_MAX_DEPTH = 8
_FRAME, _SERIES = "pandas.DataFrame", "pandas.Series"


@dataclass(frozen=True)
class Advice:
    """The content of ``removed_names.toml``."""

    replacements: Mapping[str, str]
    moved: Mapping[str, str]
    """For packages, the release in which names were lost, and where they still are."""
    returns: Mapping[str, str]
    """The class that a function returns an object of."""
    same: Mapping[str, frozenset[str]]
    """The methods of a class that return another object of it."""


@cache
def advice() -> Advice:
    """What was written by hand about names, read when it is first asked for."""
    import tomli

    data: dict[str, Any] = tomli.loads(Path(__file__).with_name("removed_names.toml").read_text(encoding="utf-8"))
    returns = {name: cls for cls, names in data["returns"].items() for name in names.split()}
    same = {cls: frozenset(names.split()) for cls, names in data["same"].items()}
    return Advice(data["replacements"], data["moved"], returns, same)


class Objects:
    """Finds the classes of objects in one program."""

    def __init__(self, semantics: Semantics, libraries: Mapping[str, Library]) -> None:
        self._semantics = semantics
        self._libraries = libraries
        self._names: dict[tuple[int, str], str | None] = {}

    def type_of(self, expr: ast.expr, depth: int = 0) -> str | None:
        """The qualified name of the class, or None."""
        if depth > _MAX_DEPTH:
            return None
        if isinstance(expr, ast.Name):
            return self._name(expr, depth)
        if isinstance(expr, ast.Call):
            return self._result(expr, depth)
        if isinstance(expr, ast.Subscript):
            return self._part(expr, depth)
        return None

    def _name(self, name: ast.Name, depth: int) -> str | None:
        """All that is ever assigned to the name has to be of one class; what is made from itself says nothing."""
        semantics = self._semantics
        one = semantics.binding_of(name)
        bindings = [one] if one is not None else [b for b in semantics.bindings_of(name) if b.gives_value]
        key = (id(bindings[0].node) if bindings else 0, f"{name.id}{len(bindings)}")
        if key in self._names:
            return self._names[key]
        self._names[key] = ""  # itself
        found: set[str | None] = set()
        for binding in bindings:
            found.add(None if binding.assigned is None else self.type_of(binding.assigned, depth + 1))
        found.discard("")
        self._names[key] = result = found.pop() if len(found) == 1 else None
        return result

    def _result(self, call: ast.Call, depth: int) -> str | None:
        name = self._semantics.resolve(call.func)
        if name is not None and not name.startswith("__main__."):
            if name in advice().returns:
                return advice().returns[name]
            top = name.partition(".")[0]
            return name if top in self._libraries and self._libraries[top].has(name) else None
        if isinstance(call.func, ast.Attribute):
            owner = self.type_of(call.func.value, depth + 1)
            if owner == "":
                return ""
            same = advice().same
            if owner is None:
                return None
            group = owner if owner in same else owner.partition(".")[0]
            in_place = any(keyword.arg in ("inplace", "axis") for keyword in call.keywords)
            return owner if call.func.attr in same.get(group, ()) and not in_place else None
        return None

    def _part(self, expr: ast.Subscript, depth: int) -> str | None:
        owner = self.type_of(expr.value, depth + 1)
        if owner == _FRAME:
            if isinstance(expr.slice, (ast.List, ast.Compare, ast.Slice)):
                return _FRAME
            return _SERIES if isinstance(expr.slice, ast.Constant) and isinstance(expr.slice.value, str) else None
        return owner if owner == _SERIES and isinstance(expr.slice, (ast.Compare, ast.Slice)) else None
