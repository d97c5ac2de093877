"""Which rules of ruff the repository has decided about itself, read from its configuration of ruff."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

import tomli

from repro_lint.files import FileView
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.patterns import Patterns

_SELECTOR = lazy_pattern(r"([A-Z]+)(\d*)")
_LISTS = ("select", "extend-select", "ignore", "extend-ignore")
_PER_FILE = ("per-file-ignores", "extend-per-file-ignores")
_MOST_EXTENDS = 10

# Of the rules that are bridged, those that every release in the window of pyproject.toml has on by default.
_DEFAULT = frozenset("F401 F402 F601 F631 F632 F634 F811 F821 F822 F823 F841".split())


@dataclass(frozen=True)
class _Settings:
    """What one file decides, with what it extends. ``folder`` is what its patterns are relative to."""

    folder: str
    selectors: frozenset[str]
    by_default: bool
    per_file: tuple[tuple[Patterns, frozenset[str]], ...]

    def decides(self, path: str, code: str, name: str) -> bool:
        """Whether the rule is switched on or off for the file."""
        if _named(self.selectors, code, name) or (self.by_default and code in _DEFAULT):
            return True
        inside = posixpath.relpath(path, self.folder or ".")
        return any(patterns.matches(inside) and _named(found, code, name) for patterns, found in self.per_file)


class RuffSettings:
    """The repository's own configurations of ruff, each of which holds for the files below it up to the next.

    A rule that one of them names is one that its readers are told of already, or do not want to hear of: both
    ``select`` and ``ignore`` decide about it. One without a selection leaves ruff's defaults in force.
    """

    def __init__(self, view: FileView) -> None:
        self._view = view
        self._paths = frozenset(view.paths())
        self._by_folder: dict[str, _Settings | None] = {}

    def decides(self, path: str, code: str, name: str) -> bool:
        """Whether the repository itself switches the rule of this code and name on or off for the file."""
        settings = self._of_folder(posixpath.dirname(path))
        return settings is not None and settings.decides(path, code, name)

    def _of_folder(self, folder: str) -> _Settings | None:
        if folder not in self._by_folder:
            self._by_folder[folder] = self._nearest(folder)
        return self._by_folder[folder]

    def _nearest(self, folder: str) -> _Settings | None:
        for name in (".ruff.toml", "ruff.toml", "pyproject.toml"):  # the order in which ruff looks
            table = self._table(posixpath.join(folder, name))
            if table is not None:
                return self._read(folder, table)
        return self._of_folder(posixpath.dirname(folder)) if folder else None

    def _table(self, path: str) -> dict[str, Any] | None:
        """The settings in the file, or None where it is absent, broken or about something else."""
        if path not in self._paths:
            return None
        try:
            table: Any = tomli.loads(self._view.read(path).decode("utf-8-sig"))
        except (OSError, ValueError, RecursionError):  # a TOMLDecodeError is a ValueError
            return None
        if posixpath.basename(path) == "pyproject.toml":
            table = _table(_table(table).get("tool")).get("ruff")
        return table if isinstance(table, dict) else None

    def _read(self, folder: str, table: dict[str, Any]) -> _Settings:
        selectors: set[str] = set()
        per_file: list[tuple[Patterns, frozenset[str]]] = []
        selects = False
        for level in self._with_extended(folder, table):
            for part in (level, _table(level.get("lint"))):  # the older place, and the one since 2024
                selects = selects or "select" in part
                for key in _LISTS:
                    selectors.update(_words(part.get(key)))
                for key in _PER_FILE:
                    for pattern, codes in _table(part.get(key)).items():
                        per_file.append((Patterns([pattern]), frozenset(_words(codes))))
        return _Settings(folder, frozenset(selectors), not selects, tuple(per_file))

    def _with_extended(self, folder: str, table: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for _ in range(_MOST_EXTENDS):
            yield table
            base = table.get("extend")
            if not isinstance(base, str):
                return
            path = posixpath.normpath(posixpath.join(folder, base))
            found = self._table(path)
            if found is None:
                return
            folder, table = posixpath.dirname(path), found


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: Any) -> Iterator[str]:
    yield from (word for word in (value if isinstance(value, list) else ()) if isinstance(word, str))


def _named(selectors: Iterable[str], code: str, name: str) -> bool:
    """Whether one of the selectors is that of the rule: ALL, its linter, the beginning of its code, or its name."""
    match = _SELECTOR.fullmatch(code)
    letters, digits = (match[1], match[2]) if match else (code, "")
    for selector in selectors:
        if selector in ("ALL", name):
            return True
        found = _SELECTOR.fullmatch(selector)
        if found is None:
            continue
        if found[1] == letters and digits.startswith(found[2]):
            return True
        if selector == "PL" and letters.startswith("PL"):
            return True
    return False
