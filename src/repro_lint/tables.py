"""Records that pydantic can read, write and describe, and that need none of it to be made.

Importing pydantic takes as long as looking at a small repository.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

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
    default: Any = dataclasses.MISSING, *, description: str | None = None, **bounds: float
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
    """The table with these values. Raises pydantic's ``ValidationError``."""
    from pydantic import TypeAdapter

    return TypeAdapter(table).validate_python(dict(values))


def keys_of(table: type[Table]) -> list[str]:
    """The keys that the table knows."""
    return [kebab(field.name) for field in dataclasses.fields(table)]
