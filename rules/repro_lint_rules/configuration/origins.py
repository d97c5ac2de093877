"""What the place that a path names depends on: the text, the working directory, or where the program lies."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from enum import IntEnum

from repro_lint.api import PythonSource, dataclass
from repro_lint_rules.configuration.roots import words


class Origin(IntEnum):
    """What has to be known to find the place; of several the highest decides."""

    LITERAL = 0
    """Nothing but the text."""
    CURRENT = 1
    """The working directory, asked for by name."""
    PROGRAM = 2
    """Where the program lies: ``__file__``."""
    UNKNOWN = 3
    """Something that the text does not tell."""


@dataclass(frozen=True)
class Whence:
    """The origin of a path. ``text`` is its first literal and ``node`` where that stands; "" and None without one."""

    origin: Origin
    text: str = ""
    node: ast.expr | None = None

    @property
    def absolute(self) -> bool:
        """Whether the literal begins at a root, so that the working directory does not matter."""
        return self.text.startswith(("/", "\\\\", "~")) or self.text[1:2] == ":"


_UNKNOWN = Whence(Origin.UNKNOWN)
_CURRENT = words("os.getcwd os.getcwdb pathlib.Path.cwd os.curdir os.path.curdir")
_PARENT = words("os.pardir os.path.pardir")
_KEEPING = words(
    "os.path.abspath os.path.realpath os.path.normpath os.path.dirname os.path.join os.path.expanduser os.fspath "
    "os.path.normcase builtins.str pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.WindowsPath"
)
"""Functions whose result depends on nothing but their arguments, as far as it matters here."""
_METHODS = words("resolve absolute as_posix joinpath expanduser __str__ replace rstrip strip format")
_MAX_DEPTH = 12


def origin_of(source: PythonSource, expr: ast.expr, depth: int = 0) -> Whence:
    """Where the path that the expression gives comes from, followed through names that are bound once."""
    if depth > _MAX_DEPTH:
        return _UNKNOWN
    if isinstance(expr, ast.Constant):
        return Whence(Origin.LITERAL, expr.value, expr) if isinstance(expr.value, str) else _UNKNOWN
    name = source.semantics.resolve(expr) or ""
    if name in _PARENT or name in _CURRENT:
        return Whence(Origin.LITERAL, "..") if name in _PARENT else Whence(Origin.CURRENT)
    if isinstance(expr, ast.Name):
        return _of_name(source, expr, depth)
    if isinstance(expr, ast.Call):
        return _of_call(source, expr, depth)
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, (ast.Add, ast.Div)):
        return _joined(origin_of(source, part, depth + 1) for part in (expr.left, expr.right))
    if isinstance(expr, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.FormattedValue) else part for part in expr.values)
        return _joined(origin_of(source, part, depth + 1) for part in parts)
    if isinstance(expr, ast.Subscript) or (isinstance(expr, ast.Attribute) and expr.attr in ("parent", "parents")):
        return origin_of(source, expr.value, depth + 1)
    return _UNKNOWN


def _of_name(source: PythonSource, name: ast.Name, depth: int) -> Whence:
    if name.id == "__file__":
        return Whence(Origin.PROGRAM)
    binding = source.semantics.binding_of(name)
    if binding is None or binding.assigned is None:
        return _UNKNOWN
    return origin_of(source, binding.assigned, depth + 1)


def _of_call(source: PythonSource, call: ast.Call, depth: int) -> Whence:
    called = source.semantics.resolve(call.func) or ""
    if called in _CURRENT:
        return Whence(Origin.CURRENT)
    if called in _KEEPING:
        if not call.args:
            return Whence(Origin.CURRENT) if called.startswith("pathlib.") else _UNKNOWN
        return _joined(origin_of(source, part, depth + 1) for part in call.args)
    if isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS:
        parts = call.args if call.func.attr == "joinpath" else []
        return _joined(origin_of(source, part, depth + 1) for part in (call.func.value, *parts))
    return _UNKNOWN


def _joined(parts: Iterable[Whence]) -> Whence:
    known = list(parts)
    origin = max((part.origin for part in known), default=Origin.UNKNOWN)
    first = next((part for part in known if part.text), _UNKNOWN)
    return Whence(origin, first.text, first.node)
