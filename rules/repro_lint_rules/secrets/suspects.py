"""Where in a text a token could stand at all: one search for its long words, each of which is judged once per run."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import lazy_pattern
from repro_lint_rules.secrets.values import cost

_SHORTEST = 16  # no token has fewer characters, and each has a run of as many
_RUN = lazy_pattern(r"[^A-Za-z0-9_\-+/][A-Za-z0-9_\-+/]{16,}")
_FIRST_RUN = lazy_pattern(r"[A-Za-z0-9_\-+/]{16,}")
_PLAIN = lazy_pattern(r".(?:[a-z_\-+]+|[0-9]+(?:[eE]?[\-+][0-9]+)?)")
"""Words and numbers. No prefix of two characters is a word, and no credential has a part of sixteen digits alone."""
_LONGEST = 20_000  # more characters without a break are data
_REACH = 160  # how far from the random part of a token that may stand which tells its kind
_FEW = 8
_DIGITS = b"0123456789"
_RARELY_DIGITS = 6
_TOKEN_COST = 3.3  # a little less than what the tokens themselves must have: the run may hold more than the token
_MOST_KEPT = 400_000

_harmless: set[str] = set()
"""Runs that can belong to no token, with the character before them. Sources repeat their identifiers."""


class Suspects:
    """The search for what may be tokens: ``prefixes`` are what those begin with that begin with something known."""

    def __init__(self, prefixes: tuple[str, ...], marks: tuple[str, ...]) -> None:
        self._marks = marks
        self._by_start: dict[bytes, tuple[bytes, ...]] = {}
        for prefix in prefixes:
            start = prefix[:3].encode()
            self._by_start[start] = (*self._by_start.get(start, ()), prefix.encode())

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The parts of the text that hold every token, with what may tell its kind; in order, none touching another."""
        runs = set(_RUN.findall(text))
        if first := _FIRST_RUN.match(text):
            runs.add(f"\n{first[0]}")
        runs -= _harmless
        if len(_harmless) > _MOST_KEPT:
            _harmless.clear()
        suspects = {run for run in runs if self._is_suspect(run)}
        _harmless.update(run for run in runs - suspects if len(run) <= 100 and not run[1:].isdigit())
        found = [*_occurrences(text, suspects), *self._marked(text)]
        return _merged(sorted((max(start - _REACH, 0), min(end + _REACH, len(text))) for start, end in found))

    def _is_suspect(self, run: str) -> bool:
        if _PLAIN.fullmatch(run) and run[1:4].encode() not in self._by_start:
            return False
        raw = run[1:].encode()
        if len(raw) > _LONGEST:
            return False
        for word in raw.split(b"/"):
            prefixes = self._by_start.get(word[:3]) or self._by_start.get(word[:2])
            if prefixes and word.startswith(prefixes):
                return True
            if len(word) >= _SHORTEST and any(_may_be_random(part) for part in word.split(b"+")):
                return True
        return _may_be_random(raw)

    def _marked(self, text: str) -> Iterator[tuple[int, int]]:
        for mark in self._marks:
            at = text.find(mark)
            while at >= 0:
                yield at, at + len(mark)
                at = text.find(mark, at + len(mark))


def forget() -> None:
    """Judge every word anew, as at the start of a run."""
    _harmless.clear()


def _may_be_random(run: bytes) -> bool:
    if len(run) < _SHORTEST:
        return False
    digits = len(run) - len(run.translate(None, _DIGITS))
    if not digits and run.islower():
        return False
    return digits * _RARELY_DIGITS >= min(len(run), 64) or cost(run.decode()) >= _TOKEN_COST


def _occurrences(text: str, runs: set[str]) -> Iterator[tuple[int, int]]:
    if len(runs) > _FEW:
        for match in _RUN.finditer(text):
            if match[0] in runs:
                yield match.span()
        if (first := _FIRST_RUN.match(text)) and f"\n{first[0]}" in runs:
            yield first.span()
        return
    for run in runs:
        at = text.find(run[1:])
        while at >= 0:
            yield at, at + len(run)
            at = text.find(run[1:], at + len(run))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
