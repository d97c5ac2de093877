"""Where the value of a seed comes from, and whether somebody wrote it down."""

from __future__ import annotations

import ast
from typing import Literal

from repro_lint.api import (
    OTHER_SIDE,
    CallEvent,
    Member,
    PythonSource,
    Result,
    Sequence,
    Value,
    code_of,
    dataclass,
    options_of,
)
from repro_lint_rules.randomness.knowledge import canonical, knowledge

_PASSING = ("builtins.", "struct.", "math.", "numpy.int", "numpy.uint", "numpy.floor", "zlib.", "hashlib.", "binascii.")
"""The beginnings of what hands on what its arguments are made of."""
_WRITING = frozenset(
    {"print", "info", "debug", "warning", "log", "write", "writerow", "dump", "dumps", "save", "savez", "to_csv"}
    | {"log_param", "log_params", "add_hparams", "add_text", "echo", "append_to_log", "logger", "log_message"}
)
_DEEPEST = 6

Kind = Literal["clock", "process", "system", "drawn"]


@dataclass(frozen=True, eq=False)
class Origin:
    """What a seed is made of that is different in each run: ``drawn`` from a generator, or something of the machine."""

    kind: Kind
    event: CallEvent


def origin(value: Value | None, depth: int = 0) -> Origin | None:
    """What makes the value different in each run, or None where that is not certain."""
    if value is None or depth > _DEEPEST:
        return None
    found = [_origin_of(option, depth) for option in options_of(value)]
    return found[0] if all(found) else None


def _origin_of(value: Value, depth: int) -> Origin | None:
    if isinstance(value, Member):
        return origin(value.owner, depth + 1)
    if isinstance(value, Sequence):
        return next((made for item in value.items if (made := origin(item, depth + 1)) is not None), None)
    if not isinstance(value, Result):
        return None
    return _origin_of_call(value, depth) or origin(value.notes.get(OTHER_SIDE), depth + 1)


def _origin_of_call(value: Result, depth: int) -> Origin | None:
    if value.event.name is None:
        return None
    known = knowledge()
    event, name = value.event, canonical(value.event.name)
    if name in known.entropy:
        return Origin(known.entropy[name], event)
    if name in known.draws:
        return Origin("drawn", event)
    if name.startswith(_PASSING):
        found = [made for arg in event.args if (made := origin(arg, depth + 1)) is not None]
        return found[0] if found else None
    inner = origin(event.receiver, depth + 1)
    return inner if inner is not None and inner.kind in ("clock", "system") else None


def is_written_down(seeded: CallEvent, origin: Origin | None = None) -> bool:
    """Whether the program writes down the seed that the call is given: there, or where it is made."""
    arguments = [*seeded.node.args, *(keyword.value for keyword in seeded.node.keywords)]
    if arguments and is_recorded(seeded.source, arguments[0]):
        return True
    if origin is None:
        return False
    statement = origin.event.source.semantics.statement_of(origin.event.node)
    names = statement.targets if isinstance(statement, ast.Assign) else []
    return any(is_recorded(origin.event.source, name) for name in names)


def is_recorded(source: PythonSource, seed: ast.expr) -> bool:
    """Whether the file prints, logs or saves the variable that holds the seed."""
    wanted = code_of(seed)
    if not isinstance(seed, (ast.Name, ast.Attribute)):
        return False
    return any(
        _last_name(call.func) in _WRITING and any(code_of(part) == wanted for part in _parts(call))
        for call in source.semantics.nodes(ast.Call)
    )


def _parts(call: ast.Call) -> list[ast.AST]:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return [part for arg in arguments for part in ast.walk(arg) if isinstance(part, (ast.Name, ast.Attribute))]


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
