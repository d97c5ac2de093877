"""Mappings whose values are found when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class OnDemand(Mapping[str, T]):
    """What ``find`` knows of each of the keys, each found once; keys of which it knows nothing (None) are not there."""

    def __init__(self, keys: Collection[str], find: Callable[[str], T | None]) -> None:
        self._keys = keys
        self._find = find
        self._found: dict[str, T | None] = {}

    def get(self, key: str, default: T | None = None) -> T | None:  # type: ignore[override]
        """The value, or the default where there is none."""
        if key not in self._found:
            self._found[key] = self._find(key) if key in self._keys else None
        found = self._found[key]
        return default if found is None else found

    def __getitem__(self, key: str) -> T:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._keys if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
