"""From a character of a notebook cell to its place in the JSON file as stored."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property

from repro_lint.finding import Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.text import LineMap

# The decoder serves to step over values at the speed of C; numbers stay text, whatever their size.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_SPACE = lazy_pattern(r"[ \t\n\r]*")
_STRING = lazy_pattern(r'[ \t\n\r,]*("[^"\\]*(?:\\.[^"\\]*)*")')
_ESCAPE = lazy_pattern(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


@dataclass(frozen=True)
class CellOffsets:
    """Where a cell stands in the text: the whole and its id as (start, end), and the start of its source's value.

    The offsets of the id, which is a string, include the quotes.
    """

    whole: tuple[int, int]
    id: tuple[int, int] | None
    source: int | None


class Positions:
    """The places of all cells of a notebook, from its JSON text, which must be known to parse.

    The n-th entry is the n-th element of ``cells``, or for nbformat 3 of the ``cells`` of all worksheets.
    Of duplicate keys the last one counts, as it does for ``json``.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._maps: dict[int, _CharacterMap] = {}

    @cached_property
    def lines(self) -> LineMap:
        """The physical lines of the file."""
        return LineMap(self._text)

    @cached_property
    def cells(self) -> tuple[CellOffsets, ...]:
        """The cells in the order of the file."""
        return tuple(_scan(self._text))

    def cell_span(self, index: int) -> Span:
        """The physical span of the whole cell object; ``index`` counts from 1."""
        return self.lines.span(*self.cells[index - 1].whole)

    def id_span(self, index: int) -> Span:
        """The physical span of the cell's id without its quotes, or of the cell if it has none."""
        found = self.cells[index - 1].id
        return self.lines.span(found[0] + 1, found[1] - 1) if found else self.cell_span(index)

    def source_span(self, index: int, start: int, end: int | None) -> Span:
        """The physical span of the characters ``start`` up to ``end`` of the cell's source.

        It begins where the first character is stored and ends behind the last one, so it never reaches
        into the JSON between two lines of source at its end. Without ``end`` it is a point.
        """
        if index not in self._maps:
            self._maps[index] = _CharacterMap(self._text, self.cells[index - 1])
        characters = self._maps[index]
        first = characters.start(start)
        if end is None:
            return Span(*self.lines.position(first))
        return self.lines.span(first, characters.end(end - 1) if end > start else first)


class _CharacterMap:
    """Offsets in the file of the characters of one cell's source."""

    def __init__(self, text: str, cell: CellOffsets) -> None:
        self._text = text
        self._strings = _strings(text, cell.source) if cell.source is not None else []
        # The number of characters before each string.
        self._before: list[int] = []
        # For each string that was asked for, the characters from which on one of source is one of the file, and where.
        self._marks: dict[int, tuple[list[int], list[int]]] = {}
        count = 0
        for start, end in self._strings:
            self._before.append(count)
            count += end - start - 2
            if (escapes := text.count("\\", start, end)) == 1 and text[end - 3] == "\\":  # most lines: a line end
                count -= 1
            elif escapes:
                count -= sum(len(escape[0]) - 1 for escape in _ESCAPE.finditer(text, start + 1, end - 1))
        self._count = count
        self._nowhere = cell.whole[0]

    def start(self, character: int) -> int:
        """Where a character begins; behind the last one, where that ends."""
        if not self._strings:
            return self._nowhere
        if character >= self._count > 0:
            return self.end(self._count - 1)
        character = min(max(character, 0), self._count)
        string = bisect_right(self._before, character) - 1
        characters, offsets = self._marked(string)
        mark = bisect_right(characters, character) - 1
        return offsets[mark] + character - characters[mark]

    def _marked(self, string: int) -> tuple[list[int], list[int]]:
        if string not in self._marks:
            start, end = self._strings[string]
            count, previous = self._before[string], start + 1
            characters, offsets = self._marks[string] = [count], [previous]
            for escape in _ESCAPE.finditer(self._text, start + 1, end - 1):
                count += escape.start() - previous
                characters += (count, count + 1)
                offsets += escape.span()
                count += 1
                previous = escape.end()
        return self._marks[string]

    def end(self, character: int) -> int:
        """Where a character ends."""
        start = self.start(min(character, self._count - 1))
        escape = _ESCAPE.match(self._text, start)
        return escape.end() if escape else start + 1


def _scan(text: str) -> list[CellOffsets]:
    found: dict[str, list[CellOffsets]] = {}

    def top(key: str, start: int) -> int:
        found.pop(key, None)
        if text[start] != "[" or key not in ("cells", "worksheets"):
            return _skip(text, start)
        cells: list[CellOffsets] = []
        found[key] = cells
        if key == "cells":
            return _elements(text, start, lambda at: _cell(text, at, "source", cells))
        return _elements(text, start, lambda at: _worksheet(text, at, cells))

    start = _after_space(text, 0)
    if text[start] == "{":
        _members(text, start, top)
    return found["cells"] if "cells" in found else found.get("worksheets", [])


def _worksheet(text: str, start: int, cells: list[CellOffsets]) -> int:
    if text[start] != "{":
        return _skip(text, start)
    before = len(cells)

    def member(key: str, at: int) -> int:
        if key != "cells":
            return _skip(text, at)
        del cells[before:]
        if text[at] != "[":
            return _skip(text, at)
        return _elements(text, at, lambda element: _cell(text, element, "input", cells))

    return _members(text, start, member)


def _cell(text: str, start: int, preferred: str, cells: list[CellOffsets]) -> int:
    if text[start] != "{":
        end = _skip(text, start)
        cells.append(CellOffsets((start, end), None, None))
        return end
    sources: dict[str, int] = {}
    ids: list[tuple[int, int]] = []

    def member(key: str, at: int) -> int:
        if key in ("source", "input"):
            sources[key] = at
        found = _skip(text, at)
        if key == "id":
            ids[:] = [(at, found)] if text[at] == '"' else []
        return found

    end = _members(text, start, member)
    other = "input" if preferred == "source" else "source"
    source = sources.get(preferred, sources.get(other))
    cells.append(CellOffsets((start, end), ids[0] if ids else None, source))
    return end


def _strings(text: str, start: int) -> list[tuple[int, int]]:
    """The offsets, with the quotes, of the string that begins here, or of those in the list."""
    if text[start] != "[":
        return [(start, _skip(text, start))] if text[start] == '"' else []
    found: list[tuple[int, int]] = []
    at = start + 1
    while True:
        while match := _STRING.match(text, at):
            found.append(match.span(1))
            at = match.end()
        at = _after_space(text, at)
        if text[at] == "]":
            return found
        at = at + 1 if text[at] == "," else _skip(text, at)


def _members(text: str, start: int, visit: Callable[[str, int], int]) -> int:
    """Call ``visit`` with each key and the start of its value; it returns the value's end."""
    at = _after_space(text, start + 1)
    while text[at] != "}":
        if text[at] == ",":
            at = _after_space(text, at + 1)
        key, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, at)  # to the colon
        at = _after_space(text, at + 1)
        at = _after_space(text, visit(key, at))
    return at + 1


def _elements(text: str, start: int, visit: Callable[[int], int]) -> int:
    """Call ``visit`` with the start of each element; it returns the element's end."""
    at = _after_space(text, start + 1)
    while text[at] != "]":
        if text[at] == ",":
            at = _after_space(text, at + 1)
        at = _after_space(text, visit(at))
    return at + 1


def _skip(text: str, start: int) -> int:
    return _DECODER.raw_decode(text, start)[1]


def _after_space(text: str, start: int) -> int:
    match = _SPACE.match(text, start)
    return match.end() if match else start
