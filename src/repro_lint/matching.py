"""Knowing findings again: which finding in one state of a tree is which in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sighting:
    """A finding in one state of the tree, told by what both states can tell.

    Paths and lines of the older state are those that they have become in the newer one.
    """

    rule: str
    path: str
    scope: str
    """The notebook cell, function or class that it is in; empty outside of any."""
    text: str
    """The line or the subject that it is about, in whatever form both sides give it."""
    line: int | None = None
    """The line in the newer state, where that is known and the line has not changed."""
    hunk: int | None = None
    """The stretch of rewritten lines that it lies in."""
    others: frozenset[str] = frozenset()
    """The paths of all its places, for one that has a subject and no one place of its own."""


Key = Callable[[Sighting], Hashable]


def match(
    older: Sequence[Sighting], newer: Sequence[Sighting], *, gone: Collection[str] = (), added: Collection[str] = ()
) -> tuple[dict[int, int], dict[int, int]]:
    """The position of the older finding for that of each newer one: first those known again, then the edited ones.

    Each finding has one partner at most, so one more copy of a known smell has none. The surest resemblance goes
    first: the same text in the same scope, where it is ambiguous on the same line; the same text elsewhere in the file;
    the same text in the same cell or function of another file; the same text in an ``added`` file that stands
    where one is ``gone``. Edited is what the same rule says about the same stretch of rewritten lines.
    """
    pairs = _Pairs(older, newer)
    pairs.match(lambda s: s.line and (s.rule, s.path, s.scope, s.text, s.line))
    pairs.match(lambda s: (s.rule, s.path, s.scope, s.text))
    pairs.match(lambda s: s.line and (s.rule, s.path, s.text, s.line))
    pairs.match(lambda s: (s.rule, s.path, s.text))
    pairs.match(lambda s: s.scope and s.text and (s.rule, s.scope, s.text))
    pairs.match(
        lambda s: s.text and s.path in gone and (s.rule, s.text),
        lambda s: s.text and s.path in added and (s.rule, s.text),
    )
    pairs.match_members()
    known = dict(pairs.found)
    pairs.match(lambda s: s.hunk and (s.rule, s.path, s.hunk))
    return known, {new: old for new, old in pairs.found.items() if new not in known}


class _Pairs:
    def __init__(self, older: Sequence[Sighting], newer: Sequence[Sighting]) -> None:
        self.older = dict(enumerate(older))
        self.newer = dict(enumerate(newer))
        self.found: dict[int, int] = {}

    def match(self, key: Key, newer_key: Key | None = None) -> None:
        """Pair what has the same key, in order; a key that is not true takes no part."""
        candidates: dict[Hashable, list[int]] = defaultdict(list)
        for old, sighting in reversed(self.older.items()):
            if value := key(sighting):
                candidates[value].append(old)
        for new, sighting in list(self.newer.items()):
            value = (newer_key or key)(sighting)
            if value and candidates.get(value):
                self._pair(new, candidates[value].pop())

    def match_members(self) -> None:
        """Pair what is about several places, and has come to begin with another of them."""
        for new, sighting in list(self.newer.items()):
            for old, other in self.older.items():
                same = (sighting.rule, sighting.text) == (other.rule, other.text)
                if same and (sighting.path in other.others or other.path in sighting.others):
                    self._pair(new, old)
                    break

    def _pair(self, new: int, old: int) -> None:
        self.found[new] = old
        del self.newer[new], self.older[old]
