"""The baseline: findings that were there when it was written, one line each, so that only others count."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repro_lint.errors import ConfigError, UsageError
from repro_lint.lazy import dataclass
from repro_lint.matching import Sighting, match

if TYPE_CHECKING:
    from repro_lint.diagnostics import Diagnostic

DEFAULT_FILE = ".repro-lint-baseline.jsonl"
VERSION = 1
_MARKER = "repro-lint-baseline"
_CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_DIGITS = 20
_PLACE_DIGITS = 10


@dataclass(frozen=True, order=True)
class Entry:
    """A finding, or several that nothing but their lines tells apart.

    ``scope`` and ``text`` are keyed hashes, so that the file quotes nothing of the tree.
    """

    path: str
    rule: str
    scope: str
    text: str
    places: tuple[str, ...] = ()
    """Where there are several, for it may come to begin with another one."""


@dataclass
class Baseline:
    """The entries with how often each occurs, and the key of their hashes."""

    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    entries: Counter[Entry] = field(default_factory=Counter)

    def entry(self, diagnostic: Diagnostic) -> Entry:
        """What is kept of the finding. Secret values have no part in it: they are masked before."""
        known = diagnostic.identity
        scope = f"{known.cell}:{known.scope}" if known.cell or known.scope else ""
        places = known.places if len(known.places) > 1 else ()
        return Entry(
            known.path,
            known.rule,
            scope and self._hash("scope", scope),
            self._hash("text", known.text),
            tuple(self._hash("place", *place)[:_PLACE_DIGITS] for place in places),
        )

    def _hash(self, *parts: str) -> str:
        return hmac.new(self.salt.encode(), json.dumps(parts).encode(), hashlib.sha256).hexdigest()[:_DIGITS]

    def _sighting(self, diagnostic: Diagnostic) -> Sighting:
        first = self._hash("place", *diagnostic.identity.places[0])[:_PLACE_DIGITS]
        entry = self.entry(diagnostic)
        return Sighting(entry.rule, entry.path, entry.scope, entry.text, places=entry.places or (first,))

    def apply(
        self, diagnostics: Sequence[Diagnostic], exists: Callable[[str], bool]
    ) -> tuple[set[int], Counter[Entry]]:
        """The positions of the diagnostics that it knows, and the entries that nothing was found for.

        ``exists`` says whether there is a file of this path: the findings of one that is gone may be in another now.
        """
        kept = [entry for entry in sorted(self.entries) for _ in range(self.entries[entry])]
        paths = {entry.path for entry in kept}
        gone = {path for path in paths if path != "." and not exists(path)}
        added = {d.identity.path for d in diagnostics} - paths
        older = [Sighting(e.rule, e.path, e.scope, e.text, places=e.places) for e in kept]
        met = match(older, [self._sighting(d) for d in diagnostics], gone=gone, added=added)
        return met.known | met.edited, Counter(entry for n, entry in enumerate(kept) if n not in met.met)


def baselined(diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic, set aside."""
    from repro_lint.diagnostics import Disposition

    return diagnostic.model_copy(update={"disposition": Disposition(state="baselined")})


def read_baseline(path: Path) -> Baseline:
    """The baseline in the file. Raises ``UsageError``, which names the file and the line."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no baseline here: write one with `repro-lint baseline write`") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error
    found: Baseline | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line.startswith(_CONFLICT):
            message = "a merge conflict is not resolved: keep the lines of both sides, without the markers"
            raise ConfigError(str(path), number, message)
        table = _table(path, number, line)
        if found is None:
            found = Baseline(_salt(path, number, table))
        else:
            entry, count = _entry(path, number, table)
            # A line that both sides of a merge have changed may stand there twice.
            found.entries[entry] = max(found.entries[entry], count)
    if found is None:
        raise ConfigError(str(path), None, "is empty: write it with `repro-lint baseline write`")
    return found


def _table(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        table = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigError(str(path), number, f"not a line of a baseline: {error}") from error
    if not isinstance(table, dict):
        raise ConfigError(str(path), number, "not a line of a baseline: not a JSON object")
    return table


def _salt(path: Path, number: int, table: dict[str, Any]) -> str:
    version, salt = table.get(_MARKER), table.get("salt")
    if isinstance(version, int) and version > VERSION:
        message = f"the baseline has format {version}, this repro-lint knows {VERSION}: update repro-lint"
        raise ConfigError(str(path), number, message)
    if version != VERSION or not isinstance(salt, str) or not salt:
        message = f'not a baseline: the first line must be {{"{_MARKER}": {VERSION}, "salt": "…"}}'
        raise ConfigError(str(path), number, message)
    return salt


def _entry(path: Path, number: int, table: dict[str, Any]) -> tuple[Entry, int]:
    values = {name: table.get(name, "" if name == "scope" else None) for name in ("path", "rule", "scope", "text")}
    count, places = table.get("count", 1), table.get("places", [])
    wrong = next((name for name, value in values.items() if not isinstance(value, str)), None)
    if wrong is None and not (isinstance(places, list) and all(isinstance(place, str) for place in places)):
        wrong = "places"
    if wrong is None and (type(count) is not int or count < 1):
        wrong = "count"
    if wrong is not None:
        hint = "a second header; keep one and write the baseline anew" if _MARKER in table else f'"{wrong}" is wrong'
        raise ConfigError(str(path), number, f"not an entry of a baseline: {hint}")
    return Entry(**{name: str(value) for name, value in values.items()}, places=tuple(places)), count


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write the file, sorted, so that a change touches few lines. Raises ``UsageError``."""
    header = json.dumps({_MARKER: VERSION, "salt": baseline.salt})
    lines = []
    for entry, count in baseline.entries.items():
        table = {name: value for name, value in vars(entry).items() if value}
        lines.append(json.dumps(table | ({"count": count} if count > 1 else {}), ensure_ascii=False))
    try:
        path.write_text("\n".join([header, *sorted(lines)]) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def describe(entries: Counter[Entry]) -> Iterable[str]:
    """A line for each entry: where it was, and of which rule."""
    for entry in sorted(entries):
        yield f"{entry.path}: {entry.rule}" + (f" ×{entries[entry]}" if entries[entry] > 1 else "")
