"""Knowing findings again: which finding in one state of a tree is which in another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import field

from repro_lint.lazy import dataclass


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
    places: tuple[Hashable, ...] = ()
    """What tells its places apart, the primary one first; empty where that must not be used."""
    subject: str = ""
    """The text, if it is a subject."""


@dataclass
class Match:
    """What was known again, by position."""

    known: set[int] = field(default_factory=set)
    """Newer findings that were there before."""
    edited: set[int] = field(default_factory=set)
    """Newer findings that were there before, but whose lines are rewritten, or which have more places now."""
    met: set[int] = field(default_factory=set)
    """Older findings that are still there."""


Key = Callable[[Sighting], Hashable]


def match(
    older: Sequence[Sighting], newer: Sequence[Sighting], *, gone: Collection[str] = (), added: Collection[str] = ()
) -> Match:
    """What is known again, each older finding once, so that one more copy of a known smell is not.

    The surest resemblance goes first: the same text in the same scope, where it is ambiguous on the same line; the
    same text elsewhere in the file; the same text in the same cell or function of another file; the same text in an
    ``added`` file that stands where one is ``gone``. Then come findings about several places, which may begin with
    another of them or fall apart, and at last what the same rule says about the same rewritten lines.
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
    found = Match(met=set(pairs.found.values()))
    for new, old in pairs.found.items():
        more = older[old].places and Counter(newer[new].places) - Counter(older[old].places)
        (found.edited if more else found.known).add(new)
    _match_places(older, newer, pairs.found, found)
    pairs.forget(found)
    pairs.match(lambda s: s.hunk and (s.rule, s.path, s.hunk))
    found.edited.update(new for new in pairs.found if new not in found.known)
    found.met.update(pairs.found.values())
    return found


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
                old = candidates[value].pop()
                self.found[new] = old
                del self.newer[new], self.older[old]

    def forget(self, found: Match) -> None:
        """Leave out what was known again by other means."""
        self.newer = {n: s for n, s in self.newer.items() if n not in found.known | found.edited}
        self.older = {n: s for n, s in self.older.items() if n not in found.met}


def _match_places(older: Sequence[Sighting], newer: Sequence[Sighting], pairs: dict[int, int], found: Match) -> None:
    """Know again by their places the findings that have no partner: each place of one stands for one place."""
    room_before = {old: Counter(sighting.places) for old, sighting in enumerate(older)}
    room_now = {new: Counter(sighting.places) for new, sighting in enumerate(newer)}
    for new, old in pairs.items():
        room_before[old] -= Counter(newer[new].places)
        room_now[new] -= Counter(older[old].places)
    by_rule: dict[str, list[int]] = defaultdict(list)
    for old in room_before:
        by_rule[older[old].rule].append(old)
    for new in [new for new in room_now if new not in pairs]:
        for old in by_rule[newer[new].rule]:
            shared = room_before[old] & room_now[new]
            if shared and _compatible(older[old], newer[new]):
                room_before[old] -= shared
                room_now[new] -= shared
                found.met.add(old)
                found.known.add(new)
        if new in found.known and room_now[new]:
            found.known.remove(new)
            found.edited.add(new)
    now_by_rule: dict[str, list[int]] = defaultdict(list)
    for new in pairs:
        now_by_rule[newer[new].rule].append(new)
    for old in [old for old in room_before if old not in found.met]:
        for new in now_by_rule[older[old].rule]:
            if room_before[old] & room_now[new] and _compatible(older[old], newer[new]):
                room_now[new] -= room_before[old]
                found.met.add(old)
                break


def _compatible(one: Sighting, other: Sighting) -> bool:
    return not one.subject or not other.subject or one.subject == other.subject
