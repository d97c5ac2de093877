"""What a walk through a program knows about the values in it: little, and never more than the text shows."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Final, Literal

from repro_lint.lazy import dataclass

if TYPE_CHECKING:
    from repro_lint.execution.events import CallEvent
    from repro_lint.execution.frames import Frame, ModuleState
    from repro_lint.sources.python import PythonSource

_MAX_CHOICES = 10
_MAX_CALLABLES = 24
_MAX_NAME = 160
MAX_ITEMS = 64


class Value:
    """Something that a program computes."""

    __slots__ = ()


class Unknown(Value):
    """A value of which nothing is known. There is one: UNKNOWN."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
OUTSIDE: Final = Unknown()
"""What somebody may pass on the command line or in the environment: as little known, but known to be optional."""


@dataclass(frozen=True, eq=False)
class Constant(Value):
    """None, a bool, a number or a text."""

    value: object


NONE: Final = Constant(None)


@dataclass(frozen=True)
class Name(Value):
    """What an import, or an attribute of one, stands for: a module, class or function of somebody else."""

    qualified: str


@dataclass(frozen=True, eq=False)
class Result(Value):
    """What a call of somebody else's code gave, or an element or arithmetic of it; ``event`` is the call."""

    event: CallEvent
    notes: dict[str, Value] = field(default_factory=dict)
    """What models of libraries remember of the object, such as the options of an argument parser."""

    @property
    def qualified(self) -> str | None:
        """The qualified name of what was called, with ``()`` behind it."""
        return None if self.event.name is None else f"{self.event.name}()"


@dataclass(frozen=True, eq=False)
class Member(Value):
    """An attribute of a value that is not the program's own."""

    owner: Value
    name: str


@dataclass(frozen=True, eq=False)
class Function(Value):
    """A function, method or lambda of the project; ``bound`` is the object or class it was taken from."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    frame: Frame
    """Where it was defined."""
    source: PythonSource
    defaults: dict[str, Value]
    decorators: tuple[str, ...] = ()
    """The qualified names of the decorators that are not the project's own, outermost first."""
    kind: Literal["plain", "property", "static", "class"] = "plain"
    bound: Value | None = None
    home: Class | None = None
    """The class in whose body it stands."""

    @property
    def name(self) -> str:
        """The name it was defined with."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name

    def bind(self, owner: Value) -> Function:
        """The function as an attribute of the owner."""
        return Function(self.node, self.frame, self.source, self.defaults, self.decorators, self.kind, owner, self.home)


@dataclass(frozen=True, eq=False)
class Class(Value):
    """A class of the project."""

    node: ast.ClassDef
    frame: Frame
    attributes: dict[str, Value]
    bases: tuple[Value, ...]
    fields: tuple[str, ...] = ()
    """The annotated names of its body in order: the parameters of a dataclass."""

    def order(self) -> list[Class]:
        """The class and those of its bases that are the project's own, in the order in which they are searched."""
        found: list[Class] = []
        queue: list[Value] = [self]
        while queue and len(found) < MAX_ITEMS:
            cls = queue.pop(0)
            if isinstance(cls, Class) and cls not in found:
                found.append(cls)
                queue = [*cls.bases, *queue]
        return found

    def foreign_bases(self) -> list[str]:
        """The qualified names of the bases that are not the project's own, of all classes it is made of."""
        return [name for cls in self.order() for base in cls.bases if (name := qualified(base)) is not None]

    def find(self, name: str, after: Class | None = None) -> Value | None:
        """The attribute in the class or its bases; with ``after`` only in those that are searched after that one."""
        order = self.order()
        if after in order:
            order = order[order.index(after) + 1 :]
        return next((cls.attributes[name] for cls in order if name in cls.attributes), None)


@dataclass(frozen=True, eq=False)
class Object(Value):
    """An instance of a class of the project; without a class a record, such as parsed arguments."""

    cls: Class | None
    attributes: dict[object, Value] = field(default_factory=dict)
    """By their names; the dictionary is the object's ``__dict__``."""


@dataclass(frozen=True, eq=False)
class Super(Value):
    """``super()`` in a method of ``home``."""

    owner: Value
    home: Class


@dataclass(frozen=True, eq=False)
class Sequence(Value):
    """A list, tuple, set or iterator; ``complete`` when the items are all there are, in order."""

    items: list[Value]
    complete: bool = True

    def add(self, values: Iterable[Value]) -> Sequence:
        """The sequence with further items, of which only so many are kept."""
        joined = [*self.items, *values]
        return Sequence(joined[:MAX_ITEMS], self.complete and len(joined) <= MAX_ITEMS)


@dataclass(eq=False)
class Mapping(Value):
    """A dictionary; what is not among the items is unknown unless it is ``complete``, which it may cease to be."""

    items: dict[object, Value]
    complete: bool = True


@dataclass(frozen=True, eq=False)
class Package(Value):
    """A module of the project, by the dotted name and file it was imported by; ``state`` is None for a bare folder."""

    dotted: str
    level: int
    importer: str
    state: ModuleState | None


@dataclass(frozen=True, eq=False)
class Partial(Value):
    """``functools.partial``."""

    function: Value
    args: tuple[Value, ...]
    keywords: dict[str, Value]


@dataclass(frozen=True, eq=False)
class Choice(Value):
    """One of several values, depending on what the text does not tell."""

    options: tuple[Value, ...]


def join(*values: Value) -> Value:
    """The value that is one of these."""
    options: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, Choice) else (value,):
            for other in options:  # no any(): a generator takes as long as the comparisons
                if option is other or same(option, other):
                    break
            else:
                options.append(option)
    if len(options) == 1:
        return options[0]
    return Choice(tuple(options)) if 0 < len(options) <= _MAX_CHOICES else UNKNOWN


def any_of(values: Iterable[Value]) -> Value:
    """One of the functions and classes, as when a configuration names it; UNKNOWN for other and too many values."""
    found = list({id(value): value for value in values}.values())
    if not 0 < len(found) <= _MAX_CALLABLES or not all(map(_is_callable, found)):
        return UNKNOWN
    return found[0] if len(found) == 1 else Choice(tuple(found))


def picked(mapping: Mapping, key: Value) -> Value | None:
    """The item of a key, or None where there is none; for one that only others know one of the functions in it."""
    usual = default_of(key)
    if isinstance(usual, Constant):
        try:
            found = mapping.items.get(usual.value)
        except TypeError:
            return None
        return found if found is None or usual is key or _is_callable(found) else join(found, OUTSIDE)
    found = any_of(mapping.items.values())
    return None if found is UNKNOWN else found


def _is_callable(value: Value) -> bool:
    """Whether it is a function or class, or a row of values that begins with or contains one."""
    if isinstance(value, Sequence):
        return any(isinstance(item, (Function, Class, Partial)) for item in value.items)
    return isinstance(value, (Function, Class, Name, Partial))


def options_of(value: Value) -> tuple[Value, ...]:
    """The values that it could be: one, unless it is a choice."""
    return value.options if isinstance(value, Choice) else (value,)


def default_of(value: Value) -> Value:
    """What the value is unless somebody gives another from outside; the value itself where that is not known."""
    options = options_of(value)
    inside = [option for option in options if option is not OUTSIDE]
    return inside[0] if len(inside) == 1 and len(options) == 2 else value


def same(a: Value, b: Value) -> bool:
    """Whether two values are surely the same."""
    if a is b:
        return True
    if isinstance(a, Constant) and isinstance(b, Constant):
        return type(a.value) is type(b.value) and a.value == b.value
    if isinstance(a, Member) and isinstance(b, Member):
        return a.name == b.name and same(a.owner, b.owner)
    return isinstance(a, Name) and a == b


def qualified(value: Value) -> str | None:
    """The dotted name of somebody else's module, class, function or method, or None.

    What a call gave has the name of what was called with ``()``: ``numpy.random.default_rng().normal``.
    """
    if isinstance(value, (Name, Result)):
        return value.qualified
    if isinstance(value, Member):
        owner = qualified(value.owner)
        if owner is None:
            return None
        # A long chain of methods keeps its root and its end.
        owner = owner if len(owner) < _MAX_NAME else f"{owner.split('(', 1)[0]}()"
        return f"{owner}.{value.name}"
    return None


def root_of(value: Value) -> Value:
    """What a chain of attributes and method calls began with."""
    for _ in range(MAX_ITEMS):
        if isinstance(value, Member):
            value = value.owner
        elif isinstance(value, Result) and value.event.receiver is not None:
            value = value.event.receiver
        else:
            break
    return value


def _truth_of_name(qualified: str) -> bool | None:
    """What the condition decides that is a name of somebody else's: modules, classes and functions are true."""
    last = qualified.rpartition(".")[2]
    if last == "TYPE_CHECKING":
        return False  # it is True for type checkers only (PEP 484)
    return None if last.isupper() else True  # a constant may be anything: HAS_CUDA


def truth(value: Value) -> bool | None:
    """What ``if value`` decides, or None where the text does not tell."""
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Name):
        return _truth_of_name(value.qualified)
    if isinstance(value, (Function, Class, Partial, Package)):
        return True
    if isinstance(value, (Sequence, Mapping)):
        return True if value.items else None  # an empty list may be filled at the next turn of a loop
    if isinstance(value, Choice):
        found = {truth(option) for option in value.options}
        return found.pop() if len(found) == 1 else None
    return None
