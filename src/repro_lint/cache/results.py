"""What single files gave to earlier runs, for as long as their content, the rules and the code stay the same."""

from __future__ import annotations

import io
import os
import pickle
import sys
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from repro_lint.cache.store import read_entry, write_entry
from repro_lint.cache.tree_state import State, code_state, contents
from repro_lint.file_pass import FileResult

Stored = tuple[State, bytes]
_PLAIN = {
    "builtins": frozenset({"bytearray", "frozenset", "set"}),
    "collections": frozenset({"Counter", "OrderedDict", "defaultdict", "deque"}),
}


class KnownResults:
    """The results of one tree with one choice of rules, read when it is made and written by ``save``.

    A result is kept that nothing but the content of the file decides, and in which no secret was found: neither the
    value nor an excerpt that shows it may reach the disk.
    """

    def __init__(self, root: str, *, git: bool, tree: State | None, rules: object, code: Iterable[str]) -> None:
        code = tuple(code)
        self._packages = frozenset(os.path.basename(folder) for folder in code)
        self._contents: Mapping[str, State] = contents(root, git, tree)
        self._signature = sys.version, repr(rules), code_state(code)
        self._key = f"{zlib.crc32(os.fsencode(root)):08x}-{zlib.crc32(repr(rules).encode('utf-8', 'replace')):08x}"
        self._known = self._read()
        self._kept: dict[str, Stored] = {}
        self._changed = False

    def _read(self) -> dict[str, Stored]:
        try:
            signature, known = read_entry("files", self._key)
        except (TypeError, ValueError):
            return {}
        return known if signature == self._signature and isinstance(known, dict) else {}

    def find(self, path: str, *, judged: bool) -> FileResult | None:
        """What the file gave, if it is as it was then."""
        stored = self._known.get(path)
        if stored is None or path not in self._contents or stored[0] != (judged, *self._contents[path]):
            return None
        try:
            result = _Unpickler(stored[1], self._packages).load()
        except Exception:  # whatever a damaged entry makes of a class
            return None
        if not isinstance(result, FileResult):
            return None
        self._kept[path] = stored
        return result

    def keep(self, path: str, result: FileResult) -> None:
        """Store the result, unless more than the file's content has decided it."""
        if path not in self._contents or result.consulted or result.crashed or result.unreadable:
            return
        if any(finding.secrets for _, finding in result.findings):
            return
        self._kept[path] = ((result.judged, *self._contents[path]), pickle.dumps(result, protocol=5))
        self._changed = True

    def save(self) -> None:
        """Write what has come and what has gone, if anything has."""
        if self._changed or len(self._kept) != len(self._known):
            write_entry("files", self._key, (self._signature, self._kept))


class _Unpickler(pickle.Unpickler):
    """Makes objects of the rules' and our own classes, and calls nothing else: a directory may be shared, as in CI."""

    def __init__(self, data: bytes, packages: frozenset[str]) -> None:
        super().__init__(io.BytesIO(data))
        self._packages = packages

    def find_class(self, module: str, name: str) -> Any:
        """The class. Raises ``UnpicklingError`` for what is none, and for those of others."""
        if module.partition(".")[0] in self._packages or name in _PLAIN.get(module, ()):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a result")
