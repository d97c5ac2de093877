"""Which findings a change brings, which were there before, and which it removes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from repro_lint.files import StartView, display_path
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.matching import Match, Sighting, match
from repro_lint.project import Project
from repro_lint.sources.notebook import Notebook
from repro_lint.sources.text import decode

if TYPE_CHECKING:
    from repro_lint.diagnostics import Diagnostic, Location, State

_NEWLINE = lazy_pattern("\r\n?|\n")


@dataclass(frozen=True)
class Lines:
    """The lines of a file, those of the cells one after the other for a notebook, each with a line for its head."""

    texts: tuple[str, ...]
    cells: Mapping[int, int] = field(default_factory=dict)
    """How many lines come before the first of each cell."""

    @classmethod
    def of(cls, project: Project, path: str) -> Lines:
        """The lines of the project's file; none for what cannot be read."""
        file = project.files.get(path)
        if file is None:
            return cls(())
        if Notebook.accepts(path) and (notebook := project.load(Notebook, path)) is not None and notebook.readable:
            texts: list[str] = []
            cells = {}
            for cell in notebook.cells:
                texts.append(f"\0{cell.type} {cell.id or ''}")
                cells[cell.index] = len(texts)
                texts += _NEWLINE.split(cell.source)
            return cls(tuple(texts), cells)
        try:
            return cls(tuple(_NEWLINE.split(decode(file.data).text)))
        except OSError:
            return cls(())

    def number(self, place: Location) -> int | None:
        """The line of the place, from 1; None for a whole file and for what is not among the lines."""
        if place.line is None or (place.cell is None) == bool(self.cells):
            return None
        before = self.cells.get(place.cell.index, 0) if place.cell else 0
        return before + place.line


@dataclass(frozen=True)
class Alignment:
    """What became of the lines of a file."""

    kept: Mapping[int, int]
    """The new number of each old line that is still there."""
    old_hunks: Mapping[int, int]
    new_hunks: Mapping[int, int]
    """The number of the rewritten stretch that a line lies in, where it replaced another."""


def align(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """The lines of two states of a file, side by side."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    kept = {n: n for n in range(1, start + 1)}
    kept |= {len(old) - n: len(new) - n for n in range(end)}
    old_hunks: dict[int, int] = {}
    new_hunks: dict[int, int] = {}
    import difflib

    matcher = difflib.SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end])
    for hunk, (tag, a, b, c, d) in enumerate(matcher.get_opcodes(), 1):
        if tag == "equal":
            kept |= {start + a + n: start + c + n for n in range(1, b - a + 1)}
        elif tag == "replace":
            old_hunks |= dict.fromkeys(range(start + a + 1, start + b + 1), hunk)
            new_hunks |= dict.fromkeys(range(start + c + 1, start + d + 1), hunk)
    return Alignment(kept, old_hunks, new_hunks)


@dataclass(frozen=True)
class Change:
    """Both states of the tree."""

    view: StartView
    before: Project
    after: Project

    def compare(
        self, older: Sequence[Diagnostic], newer: Sequence[Diagnostic]
    ) -> tuple[list[Diagnostic], list[Diagnostic]]:
        """The newer diagnostics with their dispositions, and of the older ones those that are gone.

        A suppressed finding stays one; what was suppressed before and no longer is counts as new.
        """
        active = [number for number, d in enumerate(newer) if d.counts]
        aside = [number for number, d in enumerate(newer) if not d.counts]
        standing = [d for d in older if d.counts]
        found = self._match(standing, [newer[number] for number in active])
        result = list(newer)
        states: tuple[tuple[set[int], State], ...] = ((found.known, "existing"), (found.edited, "touched"))
        for positions, state in states:
            for position in positions:
                result[active[position]] = _in_state(newer[active[position]], state)
        left = [d for number, d in enumerate(standing) if number not in found.met]
        hidden = self._match(left, [newer[number] for number in aside]).met
        return result, [_in_state(d, "fixed") for number, d in enumerate(left) if number not in hidden]

    def _match(self, older: Sequence[Diagnostic], newer: Sequence[Diagnostic]) -> Match:
        old = [self._old_sighting(d) for d in older]
        new = [_sighting(d, lambda path: path) for d in newer]
        # Lines matter only where the same is found once more, or no longer: to compare files costs time.
        unequal = Counter(map(_alike, old))
        unequal.subtract(map(_alike, new))
        for path in {path for (path, *_), count in unequal.items() if count}:
            former = next((name for name, now in self.view.renames.items() if display_path(now) == path), path)
            before, after = Lines.of(self.before, former), Lines.of(self.after, path)
            aligned = align(before.texts, after.texts)
            for number in (number for number, sighting in enumerate(old) if sighting.path == path):
                line = before.number(older[number].location) or 0
                hunk = None if older[number].identity.secret else aligned.old_hunks.get(line)
                old[number] = replace(old[number], line=aligned.kept.get(line), hunk=hunk)
            for number in (number for number, sighting in enumerate(new) if sighting.path == path):
                line = after.number(newer[number].location) or 0
                hunk = None if newer[number].identity.secret else aligned.new_hunks.get(line)
                new[number] = replace(new[number], line=line, hunk=hunk)
        there, then = set(self.after.view.paths()), set(self.before.view.paths())
        renamed = set(self._new_paths.values())
        gone = {path for path in map(display_path, then - there) if path not in self._new_paths}
        added = set(map(display_path, there - then)) - renamed
        return match(old, new, gone=gone, added=added)

    @cached_property
    def _new_paths(self) -> dict[str, str]:
        return {display_path(old): display_path(new) for old, new in self.view.renames.items()}

    def _old_sighting(self, diagnostic: Diagnostic) -> Sighting:
        names = self._new_paths
        found = _sighting(diagnostic, lambda path: names.get(path, path))
        if diagnostic.identity.named and names:  # a subject may name files
            subject = self._former_names.sub(lambda match: names[match[0]], found.text)
            return replace(found, text=subject, subject=subject)
        return found

    @cached_property
    def _former_names(self) -> re.Pattern[str]:
        return re.compile("|".join(rf"(?<![\w/.-]){re.escape(name)}(?![\w/-])" for name in self._new_paths))


def _sighting(diagnostic: Diagnostic, new_path: Callable[[str], str]) -> Sighting:
    known = diagnostic.identity
    scope = f"{known.cell}:{known.scope}" if known.cell or known.scope else ""
    # Another value is another secret, and has leaked anew.
    text = f"{known.text}\0{known.secret}" if known.secret else known.text
    places = () if known.secret else tuple((new_path(path), line) for path, line in known.places)
    # What is said about several files as a whole may be said in other words of some of them.
    of_files = len(known.places) > 1 and not known.places[0][1]
    subject = text if known.named and not of_files else ""
    return Sighting(known.rule, new_path(known.path), scope, text, places=places, subject=subject)


def _alike(sighting: Sighting) -> tuple[str, str, str, str]:
    return sighting.path, sighting.rule, sighting.scope, sighting.text


def _in_state(diagnostic: Diagnostic, state: State) -> Diagnostic:
    from repro_lint.diagnostics import Disposition

    return diagnostic.model_copy(update={"disposition": Disposition(state=state)})
