"""The settings that a program binds to literals at its top level: seeds, thresholds, dates, rates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tomli

from repro_lint.api import FileFact, Place, PythonSource, dataclass, last_name, lazy_pattern
from repro_lint_rules.configuration.machine_paths import machine_path


@dataclass(frozen=True)
class Setting:
    """A name that is bound to a literal. ``value`` is the literal as written.

    ``kind`` is a section of the table; ``bound`` for bounds and numbers such as ``MAX_AGE``, ``constant`` for other
    names in capitals, ``passed`` for what a call is given by name.
    """

    name: str
    value: str
    kind: str
    place: Place


@dataclass(frozen=True)
class FileSettings:
    """The settings of one file, and the literals in it that are more than a number or a word by chance."""

    settings: tuple[Setting, ...]
    copies: tuple[tuple[str, Place], ...]


TRIGGERS = tuple(
    b"seed state thresh cut size ratio fraction split fold date year table target level boot rate resolution horizon "
    b"look lr epoch drop decay momentum n_ num_ depth hidden dim layers patience iter toler warmup min_ max_".split()
)
"""A part of every name in the table."""

_CONSTANT = lazy_pattern(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+|[A-Z]{3,}")
_PASSED = frozenset({b"random_state", b"test_size", b"train_size", b"n_splits", b"start_date", b"end_date"})
"""Settings of an analysis that are mostly given to the calls of libraries."""
_LONGEST = 200
_CAMEL = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_BOUND = lazy_pattern(r"(?:MIN|MAX|N|NUM)_[A-Z_]+")
_PATH = lazy_pattern(r"(?=.*[/\\])(?!.*[{}<>|*?\n])(?![a-z]+://)[^\s].{6,}\.(?!py$|com$|org$)[A-Za-z]\w{1,7}")
_DATE = lazy_pattern(r"(?:19|20)\d\d-[01]\d-[0-3]\d(?:[ T][\d:]+)?")
_PRECISE = lazy_pattern(r"-?(?:\d*\.\d*[1-9]\d*[1-9]\d*[1-9]\d*|\d+\.\d+e-?\d+|\d{4,}[1-9])")
_READS = lazy_pattern(r"(?:read|load|scan|open|import)_?\w*|Path")


@cache
def kinds() -> dict[str, str]:
    """The section of each name in the table."""
    data = tomli.loads(Path(__file__).with_name("tunables.toml").read_text("utf-8"))
    return {name: kind for kind, row in data.items() for name in row["names"].split()}


@cache
def kind_of(name: str) -> str | None:
    """The section of the table that the name belongs to, ``bound`` or ``constant``; None for any other name."""
    if _BOUND.fullmatch(name):
        return "bound"
    words = (name if name.isupper() else _CAMEL.sub("_", name)).lower().strip("_").split("_")
    known = next((kind for start in range(len(words)) if (kind := kinds().get("_".join(words[start:])))), None)
    return known or ("constant" if _CONSTANT.fullmatch(name) else None)


class Settings(FileFact[FileSettings]):
    """The settings of every Python program."""

    subject = PythonSource
    triggers = ()

    @classmethod
    def collect(cls, source: PythonSource) -> FileSettings | None:
        """None for a file without any."""
        settings: list[Setting] = []
        copies: list[tuple[str, Place]] = []
        for statement in statements_run(source.tree.body):
            value = getattr(statement, "value", None)
            if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or value is None:
                continue
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name) and (literal := literal_of(value)):
                kind = kind_of(target.id)
                if kind is not None:
                    settings.append(Setting(target.id, literal, kind, source.place(statement)))
                if _is_distinctive(value):
                    copies.append((literal, source.place(value)))
            elif isinstance(value, ast.Call) and value.args and _READS.fullmatch(last_name(value) or ""):
                read = value.args[0]
                if _is_distinctive(read):
                    copies.append((literal_of(read) or "", source.place(read)))
        settings += _passed(source)
        return FileSettings(tuple(settings), tuple(copies)) if settings or copies else None


def _passed(source: PythonSource) -> Iterator[Setting]:
    """The settings of an analysis that calls at the top level are given by name, such as ``test_size=0.2``."""
    if not any(name in source.file.written for name in _PASSED):
        return
    for keyword in source.semantics.nodes(ast.keyword):
        name, literal = keyword.arg or "", literal_of(keyword.value)
        if literal and name.encode() in _PASSED and source.semantics.scope_of(keyword).kind == "module":
            yield Setting(name, literal, "passed", source.place(keyword))


def statements_run(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that every run of the program comes to, those of its main guard and of ``main`` among them."""
    for statement in body:
        guarded = isinstance(statement, ast.If) and is_main_test(statement.test)
        if guarded or (isinstance(statement, ast.FunctionDef) and statement.name == "main"):
            yield from statement.body  # type: ignore[attr-defined]
        else:
            yield statement


def is_main_test(test: ast.expr) -> bool:
    """Whether the test is that of a main guard."""
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


_DEEPEST = 8


def literal_of(value: ast.expr, depth: int = 0) -> str | None:
    """How a number, a text or a tuple of them is written, or None for anything else, and for empty texts."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, ast.Constant):
        return repr(value.value) if _is_scalar(value.value) else None
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        inner = literal_of(value.operand, depth + 1)
        return f"-{inner}" if inner else None
    if isinstance(value, ast.Tuple) and value.elts:
        parts = [literal_of(element, depth + 1) for element in value.elts]
        return f"({', '.join(part or '' for part in parts)})" if all(parts) else None
    return None


def _is_distinctive(value: ast.expr) -> bool:
    """Whether two people would not write the literal by chance: a path to a file, a date, a precise number."""
    if not isinstance(value, ast.Constant) or not _is_scalar(value.value):
        return False
    if isinstance(value.value, str):
        is_path = _PATH.fullmatch(value.value) and machine_path(value.value) is None  # those have a rule of their own
        return bool(is_path or _DATE.fullmatch(value.value))
    return _PRECISE.fullmatch(str(value.value)) is not None


def _is_scalar(value: object) -> bool:
    """Whether the value is a number or a text of a length that people write; long integers cannot even be shown."""
    if isinstance(value, str):
        return 0 < len(value) <= _LONGEST
    return isinstance(value, float) or (type(value) is int and abs(value) < 10**18)
