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
from repro_lint.cache.tree_state import Code, State, contents
from repro_lint.file_pass import FileResult

Stored = tuple[State, bytes, tuple[str, ...]]
"""Whether it was judged with the state of the content, the result, and the keys of the facts that the file lacks.

Where nothing else is known of a file, the result is empty.
"""
_PLAIN = {
    "builtins": frozenset({"bytearray", "frozenset", "set"}),
    "collections": frozenset({"Counter", "OrderedDict", "defaultdict", "deque"}),
}


class KnownResults:
    """The results of one tree with one choice of rules, read when it is made and written by ``save``.

    A result is kept that nothing but the content of the file decides, and in which no secret was found: neither the
    value nor an excerpt that shows it may reach the disk.
    """

    def __init__(
        self, root: str, *, git: bool, tree: State | None, rules: object, wider: object = None, code: Code
    ) -> None:
        """What is known of the tree for the ``rules``; what is known for a ``wider`` choice serves as well."""
        self._packages = frozenset(os.path.basename(folder) for folder in code[0])
        self._contents: Mapping[str, State] = contents(root, git, tree)
        self._root = f"{zlib.crc32(os.fsencode(root)):08x}"
        self._versions = sys.version, code
        self._rules = repr(rules)
        self._known = self._read(self._rules)
        self._wider = {} if wider is None else self._read(repr(wider))
        self._new: dict[str, Stored] = {}
        self._classes: dict[tuple[str, str], type] = {}
        self._lacking: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._absent: dict[str, set[str]] = {}

    def _read(self, rules: str) -> dict[str, Stored]:
        try:
            signature, known = read_entry("files", self._key(rules))
        except (TypeError, ValueError):
            return {}
        return known if signature == (self._versions, rules) and isinstance(known, dict) else {}

    def _key(self, rules: str) -> str:
        return f"{self._root}-{zlib.crc32(rules.encode('utf-8', 'replace')):08x}"

    def find(self, path: str, *, judged: bool) -> FileResult | None:
        """What the file gave, if it is as it was then. Of one that is not ``judged`` it may be the facts alone."""
        return self._valid(self._known, path, judged) or self._valid(self._wider, path, judged)

    def _valid(self, known: Mapping[str, Stored], path: str, judged: bool) -> FileResult | None:
        stored = known.get(path)
        if stored is None or not stored[1] or not self._is_current(path, stored):
            return None
        was_judged = stored[0][0]
        if judged and not was_judged:
            return None
        try:
            result = _Unpickler(stored[1], self._packages, self._classes).load()
        except Exception:  # whatever a damaged entry makes of a class
            return None
        if not isinstance(result, FileResult):
            return None
        if known is self._wider:
            result.holds = ()  # for the triggers of other rules
        return FileResult(facts=result.facts, holds=result.holds) if was_judged and not judged else result

    def lacks(self, path: str, fact: str) -> bool:
        """Whether the file, as it is, was asked for the fact of this key and does not have it."""
        found = (known.get(path) for known in (self._known, self._wider))
        return any(stored and fact in stored[2] and self._is_current(path, stored) for stored in found)

    def keep_absence(self, path: str, fact: str) -> None:
        """Remember that the file, as it is, does not have the fact of this key."""
        self._absent.setdefault(path, set()).add(fact)

    def _is_current(self, path: str, stored: Stored) -> bool:
        return path in self._contents and stored[0][1:] == self._contents[path]

    def keep(self, path: str, result: FileResult, facts: Iterable[str]) -> None:
        """Store the result, as far as it is the file's content, with what was asked, that has decided it.

        ``facts`` are the keys of those that the file was asked for.
        """
        if path not in self._contents or result.facts_consulted or result.crashed or result.unreadable:
            return
        if any(finding.secrets for _, finding in result.findings):
            return
        if result.consulted:
            result = FileResult(facts=result.facts, holds=result.holds)
        lacking = [fact for fact in facts if fact not in result.facts]
        self._new[path] = self._stored(path, result.judged, pickle.dumps(result, protocol=5), lacking)

    def _stored(self, path: str, judged: bool, result: bytes, lacking: Iterable[str]) -> Stored:
        keys = tuple(lacking)
        keys = self._lacking.setdefault(keys, keys)  # written once for all that lack the same
        return (judged, *self._contents[path]), result, keys

    def save(self) -> None:
        """Write what has come and what has gone, if anything has. What nobody asked for stays."""
        current = {path: stored for path, stored in self._known.items() if self._is_current(path, stored)}
        for path, absent in self._absent.items():
            if path not in self._new and path in self._contents and (path not in current or not current[path][1]):
                lacking = absent.union(current[path][2] if path in current else ())
                self._new[path] = self._stored(path, False, b"", sorted(lacking))
        if self._new or len(current) != len(self._known):
            write_entry("files", self._key(self._rules), ((self._versions, self._rules), {**current, **self._new}))


class _Unpickler(pickle.Unpickler):
    """Makes objects of the rules' and our own classes, and calls nothing else: a directory may be shared, as in CI."""

    def __init__(self, data: bytes, packages: frozenset[str], classes: dict[tuple[str, str], type]) -> None:
        super().__init__(io.BytesIO(data))
        self._packages = packages
        self._classes = classes

    def find_class(self, module: str, name: str) -> Any:
        """The class. Raises ``UnpicklingError`` for what is none, and for those of others."""
        if (known := self._classes.get((module, name))) is not None:
            return known  # each of a few is asked for by thousands of files
        if module.partition(".")[0] in self._packages or name in _PLAIN.get(module, ()):
            found = super().find_class(module, name)
            if isinstance(found, type):
                self._classes[module, name] = found
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a result")
