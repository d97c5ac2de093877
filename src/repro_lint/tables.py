"""Records that pydantic can read, write and describe, and that need none of it to be made.

Importing pydantic takes as long as looking at a small repository.
"""

from __future__ import annotations

import contextlib
import dataclasses
import operator
from collections.abc import Mapping
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from repro_lint.records import complete

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_):
        """Tells type checkers that subclasses are dataclasses."""
        return lambda cls: cls


T = TypeVar("T", bound="Table")


def kebab(name: str) -> str:
    """The name as it is written in a configuration file."""
    return name.replace("_", "-")


def Field(  # noqa: N802 - as pydantic calls it, which gets all that is said here
    default: Any = dataclasses.MISSING, *, description: str | None = None, **bounds: Any
) -> Any:
    """A field of a record. ``bounds`` are pydantic's: ``ge``, ``gt``, ``le``, ``lt``, ``min_length``."""
    about: dict[str, Any] = {"description": description, **bounds}
    if isinstance(default, Table):
        about["json_schema_extra"] = {"default": {kebab(name): value for name, value in vars(default).items()}}
    if isinstance(default, dict):
        about["json_schema_extra"] = {"default": default}
        return dataclasses.field(default_factory=default.copy, metadata=about)
    return dataclasses.field(default=default, metadata=about)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """Base of records: subclasses are frozen dataclasses, and hold nothing but their fields where they are read."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __init_subclass__(cls) -> None:
        complete(cls, frozen=True, kw_only=True)


class Table(Record):
    """A table of a configuration file, where its fields are written in kebab-case."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "alias_generator": kebab}


def validated(table: type[T], values: Mapping[str, Any]) -> T:
    """The table with these values. Raises pydantic's ``ValidationError``.

    What is plainly right is taken as it is, without pydantic.
    """
    try:
        return _read(table, dict(values))
    except _UnclearError:
        from pydantic import TypeAdapter

        return TypeAdapter(table).validate_python(dict(values))


class _UnclearError(Exception):
    """The value is wrong, or of a kind that pydantic knows better."""


_BOUNDS = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}


def _read(table: type[T], values: Any) -> T:
    fields = {kebab(field.name): field for field in dataclasses.fields(table)}
    if type(values) is not dict or not values.keys() <= fields.keys():
        raise _UnclearError
    try:
        hints = get_type_hints(table)
    except (NameError, TypeError) as error:
        raise _UnclearError from error
    found = {}
    for key, value in values.items():
        field = fields[key]
        found[field.name] = made = _as(hints[field.name], value)
        for name, limit in field.metadata.items():
            if not _is_within(name, limit, made):
                raise _UnclearError
    try:
        return table(**found)
    except TypeError as error:  # one is missing
        raise _UnclearError from error


def _is_within(name: str, limit: Any, value: Any) -> bool:
    if name == "min_length":
        return bool(len(value) >= limit)
    return name in ("description", "json_schema_extra") or (name in _BOUNDS and bool(_BOUNDS[name](value, limit)))


def _as(hint: Any, value: Any) -> Any:
    """The value as what an annotation asks for. Raises ``_UnclearError``."""
    kind, inner = get_origin(hint), get_args(hint)
    if hint is Any or (kind is Literal and type(value) is str and value in inner):
        return value
    if kind in (Union, UnionType):
        for one in inner:
            with contextlib.suppress(_UnclearError):
                return _as(one, value)
    elif kind is tuple and inner[1:] == (...,) and type(value) is list:
        return tuple(_as(inner[0], each) for each in value)
    elif kind is dict and type(value) is dict:
        return {_as(inner[0], name): _as(inner[1], each) for name, each in value.items()}
    elif kind is None and isinstance(hint, type):
        if issubclass(hint, Table):
            return _read(hint, value)
        if issubclass(hint, Enum) and type(value) is str and value in hint._value2member_map_:
            return hint(value)
        if hint is float and type(value) in (int, float):
            return float(value)
        if hint in (str, int, bool, type(None)) and type(value) is hint:
            return value
    raise _UnclearError


def keys_of(table: type[Table]) -> list[str]:
    """The keys that the table knows."""
    return [kebab(field.name) for field in dataclasses.fields(table)]
