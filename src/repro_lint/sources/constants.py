"""Constant propagation: the value of an expression where the text alone decides it."""

from __future__ import annotations

import ast
import posixpath
from enum import Enum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from repro_lint.sources.names import Resolver
    from repro_lint.sources.scopes import ScopeIndex


class _Unknown(Enum):
    UNKNOWN = "UNKNOWN"

    def __repr__(self) -> str:
        return self.value

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = _Unknown.UNKNOWN
"""What stands for a value that the text does not decide; compare with ``is``. It is false."""

_MAX_DEPTH = 40
_MAX_STEPS = 5000
_JOINS = frozenset({"os.path.join", "posixpath.join", "ntpath.join"})
_PATHS = frozenset(
    f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath")
)
_TEXTS = frozenset({"builtins.str", "os.fspath"})
_NUMBERS = (int, float, complex)
_FAITHFUL = (str, bytes, int, float, complex, type(None), type(...))  # bool is an int


class Constants:
    """Folds expressions of one program.

    Known are: literals, signed numbers, displays of known values, ``+`` on texts, numbers and sequences, ``-`` on
    numbers, f-strings without format specifications, ``os.path.join``, ``Path`` and ``/`` on paths (all give a plain
    str with forward slashes as separators), ``str`` of a text, and names with one certain binding to a known value
    that cannot change: a list, set or dict is known where it is written, not through a name.
    """

    def __init__(self, scopes: ScopeIndex, resolver: Resolver) -> None:
        self._scopes = scopes
        self._resolver = resolver
        self._steps = 0

    def constant(self, expr: ast.AST | None) -> object:
        """The value of the expression, or UNKNOWN; long and deeply nested expressions are not followed to the end."""
        self._steps = 0
        return self._fold(expr, 0)

    def _fold(self, expr: ast.AST | None, depth: int) -> object:
        self._steps += 1
        if depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return UNKNOWN
        if isinstance(expr, ast.Constant):
            return expr.value
        if isinstance(expr, ast.Name):
            return self._name(expr, depth)
        if isinstance(expr, ast.JoinedStr):
            return self._fstring(expr, depth)
        if isinstance(expr, ast.BinOp):
            return self._operation(expr, depth)
        if isinstance(expr, ast.Call):
            return self._call(expr, depth)
        if isinstance(expr, ast.UnaryOp):
            value = self._fold(expr.operand, depth + 1)
            if isinstance(value, _NUMBERS) and isinstance(expr.op, (ast.USub, ast.UAdd)):
                return -value if isinstance(expr.op, ast.USub) else +value
            return UNKNOWN
        if isinstance(expr, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
            return self._display(expr, depth)
        return self._fold(expr.value, depth + 1) if isinstance(expr, ast.NamedExpr) else UNKNOWN

    def _name(self, name: ast.Name, depth: int) -> object:
        binding = self._scopes.binding_of(name)
        if binding is None or binding.assigned is None:
            return UNKNOWN
        value = self._fold(binding.assigned, depth + 1)
        return value if _is_immutable(value) else UNKNOWN

    def _display(self, expr: ast.Tuple | ast.List | ast.Set | ast.Dict, depth: int) -> object:
        if isinstance(expr, ast.Dict):
            keys, values = self._all(expr.keys, depth), self._all(expr.values, depth)
        else:
            keys, values = [], self._all(expr.elts, depth)
        if keys is None or values is None:
            return UNKNOWN
        try:
            if isinstance(expr, ast.Dict):
                return dict(zip(keys, values, strict=True))
            if isinstance(expr, ast.Set):
                return set(values)
        except TypeError:  # an unhashable element: the program fails when it gets there
            return UNKNOWN
        return values if isinstance(expr, ast.List) else tuple(values)

    def _all(self, exprs: list[ast.expr] | list[ast.expr | None], depth: int) -> list[object] | None:
        """The values, or None unless all are known (a ``**mapping`` has the key None and is not)."""
        values: list[object] = []
        for expr in exprs:
            value = self._fold(expr, depth + 1)
            if value is UNKNOWN:
                return None
            values.append(value)
        return values

    def _fstring(self, expr: ast.JoinedStr, depth: int) -> object:
        pieces: list[str] = []
        for part in expr.values:
            if isinstance(part, ast.FormattedValue):
                value = self._fold(part.value, depth + 1)
                converted = part.conversion not in (-1, ord("s"))
                if part.format_spec is not None or converted or isinstance(value, bytes) or not _is_scalar(value):
                    return UNKNOWN
            else:
                value = self._fold(part, depth + 1)
            try:
                pieces.append(str(value))
            except ValueError:  # an integer of too many digits
                return UNKNOWN
        return "".join(pieces)

    def _operation(self, expr: ast.BinOp, depth: int) -> object:
        # A long sum is a deep tree on its left side only: taken apart in a loop.
        operands: list[tuple[ast.operator, ast.expr]] = []
        left: ast.expr = expr
        while isinstance(left, ast.BinOp) and isinstance(left.op, (ast.Add, ast.Sub, ast.Div)):
            operands.append((left.op, left.right))
            left = left.left
            if len(operands) > _MAX_STEPS:
                return UNKNOWN
        if not operands:
            return UNKNOWN
        value = self._fold(left, depth + 1)
        for operator, right in reversed(operands):
            if value is UNKNOWN:
                return UNKNOWN
            value = _combined(operator, value, self._fold(right, depth + 1))
        return value

    def _call(self, expr: ast.Call, depth: int) -> object:
        if expr.keywords:
            return UNKNOWN
        name = self._resolver.resolve(expr.func)
        if name not in _JOINS and name not in _PATHS and name not in _TEXTS:
            return UNKNOWN
        parts = self._all(expr.args, depth) or []
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) != len(expr.args) or (name not in _PATHS and not texts):
            return UNKNOWN
        if name in _TEXTS:
            return texts[0] if len(texts) == 1 else UNKNOWN
        return posixpath.join(*texts) if name in _JOINS else str(PurePosixPath(*texts))


def _combined(operator: ast.operator, left: object, right: object) -> object:
    if isinstance(operator, ast.Div):
        # Between texts the operator exists for paths only, and a path is a text here.
        return str(PurePosixPath(left, right)) if isinstance(left, str) and isinstance(right, str) else UNKNOWN
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return left + right if isinstance(operator, ast.Add) else left - right
    if isinstance(operator, ast.Add):
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        if isinstance(left, bytes) and isinstance(right, bytes):
            return left + right
        if isinstance(left, tuple) and isinstance(right, tuple):
            return left + right
        if isinstance(left, list) and isinstance(right, list):
            return left + right
    return UNKNOWN


def _is_scalar(value: object) -> bool:
    return isinstance(value, _FAITHFUL)


def _is_immutable(value: object) -> bool:
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack.extend(part)
        elif not _is_scalar(part):
            return False
    return True
