"""What a walk tells about the program: its calls, in the order in which they would be made."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from repro_lint.execution.values import NONE, OUTSIDE, Constant, Function, Value, options_of
from repro_lint.lazy import dataclass

if TYPE_CHECKING:
    from repro_lint.sources.python import PythonSource


@dataclass(eq=False)  # made twice for each call: with so many fields a frozen one takes six times as long
class CallEvent:
    """One call of code that is not the project's own.

    ``name`` is the qualified name of what is called (``numpy.random.rand``, ``pandas.read_csv().sample``), or None
    where only the ``method`` is known, its last component as written. ``receiver`` is what a method is called on.
    ``args`` and ``keywords`` are the values passed, after ``partial`` and unpacking; ``open`` when there may be more.
    ``certain`` is False under a condition that the text does not decide. ``order`` counts the calls of the walk.
    ``stack`` holds the project's functions that are running, outermost first. Nothing changes an event: ``but`` makes
    another.
    """

    node: ast.Call
    source: PythonSource
    name: str | None
    method: str | None
    receiver: Value | None
    args: tuple[Value, ...]
    keywords: Mapping[str, Value]
    open: bool
    certain: bool
    order: int
    stack: tuple[Function, ...]
    alternative: bool = False
    """Whether the text leaves open if this is called or something else in its place."""
    chosen: bool = False
    """Whether one of the functions on the stack is such an alternative."""
    handed: bool = False
    """Whether a function on the stack was handed to somebody else's code, which is taken to call it."""
    optional: bool = False
    """Whether it is made only if somebody asks for it from outside: by default its condition is false."""
    idle: bool = False
    """Whether nothing comes of it by default: it is multiplied by 0, or ``a if option else b`` leaves it out."""
    statement: ast.stmt | None = None
    """The statement at the top level of a module that led to the call."""
    importing: PythonSource | None = None
    """The module that it stands in, where that is being imported; None for the program's own file."""

    def but(self, **changes: Any) -> CallEvent:
        """The same call with other values of these fields."""
        made = copy.copy(self)
        made.__dict__.update(changes)
        return made

    def argument(self, position: int | None, *keywords: str) -> Value | None:
        """The value passed under one of the keywords or at the position (from 0), or None if nothing is."""
        for keyword in keywords:
            if keyword in self.keywords:
                return self.keywords[keyword]
        return self.args[position] if position is not None and position < len(self.args) else None


@dataclass(frozen=True, eq=False)
class AssignEvent:
    """An assignment to an attribute, or an item, of something that is not the project's own.

    ``name`` is the qualified name of what is assigned to (``numpy.random.seed``), for an item that of its container
    (``os.environ``) with the ``key``. ``order`` is that of the last call before it.
    """

    node: ast.Attribute | ast.Subscript
    source: PythonSource
    name: str
    key: Value | None
    value: Value
    certain: bool
    order: int
    stack: tuple[Function, ...]


class Handler:
    """Listens to a walk. Subclasses override what they need."""

    def assign(self, event: AssignEvent) -> None:
        """Called for each assignment to an attribute or item of a module or class of somebody else."""

    def call(self, event: CallEvent) -> Value | None:
        """Called for each call; what it returns is the value of the call, None for the usual ``Result``."""
        return None

    def rest(self) -> Handler | None:
        """Called when the program has ended: who listens to the functions that it has not called, or None."""
        return None

    def hears(self, path: str) -> bool:
        """Whether the functions of this file, which the program has not called, are to be told of."""
        return True

    def knows(self, name: str) -> bool:
        """Whether the qualified name means something to the handler: decides what a star import brings."""
        return False


def is_none(value: Value | None) -> bool:
    """Whether the value is surely None, or is not there."""
    return value is None or (isinstance(value, Constant) and value.value is None)


def is_none_by_default(value: Value | None) -> bool:
    """Whether the value is None unless somebody passes one on the command line or in the environment."""
    options = options_of(value) if value is not None else ()
    return len(options) == 2 and OUTSIDE in options and any(is_none(option) for option in options)


def may_be_none(value: Value | None) -> bool:
    """Whether None is among the values that it is known to have."""
    return value is None or any(is_none(option) for option in options_of(value))


__all__ = ["NONE", "AssignEvent", "CallEvent", "Handler", "is_none", "is_none_by_default", "may_be_none"]
