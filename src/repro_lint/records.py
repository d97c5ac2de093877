"""The methods of a dataclass with as little compiled as can be: its initialiser.

``dataclasses`` writes each method as source text and compiles it, up to seven for a frozen class: a seventh of the time
of a run over a small repository. Here what compares, hashes and shows instances is code that all classes share.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any

_SHARED = {"frozen", "eq", "repr", "kw_only"}
_NOTHING = object()


def complete(cls: type[Any], **options: Any) -> None:
    """Give the class what ``dataclasses.dataclass`` with these options would."""
    if not _SHARED.issuperset(options) or any(
        "InitVar" in str(a) for a in vars(cls).get("__annotations__", {}).values()
    ):
        dataclasses.dataclass(cls, **options)
        return
    frozen, by_name = bool(options.get("frozen")), bool(options.get("kw_only"))
    own = vars(cls)
    # Which fields there are, with those of the bases, is still for ``dataclasses`` to say.
    dataclasses.dataclass(cls, init=False, repr=False, eq=False, kw_only=by_name)
    fields = dataclasses.fields(cls)
    if any(field.kw_only != by_name for field in fields):
        dataclasses.dataclass(cls, **options)
        return
    made: dict[str, Any] = {"__init__": _initialiser(cls, fields, frozen, by_name)}
    if options.get("repr", True):
        made["__repr__"] = _shower(tuple(field.name for field in fields if field.repr))
    if options.get("eq", True):
        get = _getter(tuple(field.name for field in fields if field.compare))
        made |= {"__eq__": _comparer(get), "__hash__": _hasher(get) if frozen else None}
    if frozen:
        made |= {"__setattr__": _refuse_setting, "__delattr__": _refuse_deleting}
    for name, method in made.items():
        if own.get(name) is None:  # a class with ``__eq__`` alone has None for ``__hash__``
            setattr(cls, name, method)


def _initialiser(cls: type[Any], fields: tuple[dataclasses.Field[Any], ...], frozen: bool, by_name: bool) -> Any:
    known: dict[str, Any] = {"_set": object.__setattr__, "_nothing": _NOTHING}
    parameters, lines = ["self", "*"] if by_name and fields else ["self"], []
    for field in fields:
        name, value = field.name, field.name
        made = field.default_factory is not dataclasses.MISSING
        known[f"_default_{name}"] = field.default_factory if made else field.default
        if not field.init:
            if not made:
                continue  # the class has the default, ``__post_init__`` the rest
            value = f"_default_{name}()"
        elif made:
            parameters.append(f"{name}=_nothing")
            value = f"_default_{name}() if {name} is _nothing else {name}"
        elif field.default is not dataclasses.MISSING:
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), known)
    made_init = known["__init__"]
    made_init.__qualname__ = f"{cls.__qualname__}.__init__"
    return made_init


def _getter(names: tuple[str, ...]) -> Any:
    return attrgetter(*names) if names else lambda instance: ()


def _comparer(get: Any) -> Any:
    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        return get(self) == get(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hasher(get: Any) -> Any:
    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(get(self))

    return __hash__


def _shower(names: tuple[str, ...]) -> Any:
    @recursive_repr()
    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _refuse_setting(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
