"""Where in a TOML document a key stands. The parser (tomli) gives values only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repro_lint.lazy import lazy_pattern

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = lazy_pattern(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*")
_PART = lazy_pattern(_KEY)
_TABLE = lazy_pattern(rf"\s*(\[\[?)\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*\]\]?")
_STRING = lazy_pattern(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.S)

KeyPath = tuple["str | int", ...]


def key_lines(text: str) -> dict[KeyPath, int]:
    """The 1-based line of every table header and key of a valid TOML document, by its path.

    The elements of arrays of tables count from 0 in the path; keys inside inline tables stand at the line of
    the value that holds them and are not listed.
    """
    # Strings may hold anything; blanked to their own shape they cannot look like keys or brackets.
    shape = _STRING.sub(lambda m: re.sub(r"[^\n\"']", "_", m[0]) if "\n" in m[0] else m[0], text)
    found: dict[KeyPath, int] = {}
    arrays: dict[KeyPath, int] = {}
    table: KeyPath = ()
    depth = 0
    in_multiline: str | None = None
    for number, line in enumerate(shape.split("\n"), 1):
        if in_multiline:
            if in_multiline in line:
                line = line.partition(in_multiline)[2]
                in_multiline = None
            else:
                continue
        elif depth == 0:
            if header := _TABLE.match(line):
                table = _absolute(_parts(header[2]), arrays)
                if header[1] == "[[":
                    arrays[table] = arrays.get(table, -1) + 1
                    table = (*table, arrays[table])
                found.setdefault(table, number)
                continue
            if (key := _DOTTED.match(line)) and line[key.end() : key.end() + 1] == "=":
                found.setdefault((*table, *_parts(key[1])), number)
                line = line[key.end() + 1 :]
        bare = _STRING.sub("", line)
        for quotes in ('"""', "'''"):
            if quotes in bare:
                in_multiline = quotes
                bare = bare.partition(quotes)[0]
        bare = bare.partition("#")[0]
        depth = max(0, depth + sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}"))
    return found


def key_line(text: str, path: Sequence[str | int]) -> int | None:
    """The line of the key, or of the nearest enclosing table or key that has one."""
    lines = key_lines(text)
    wanted = tuple(path)
    while wanted:
        if wanted in lines:
            return lines[wanted]
        wanted = wanted[:-1]
    return None


def _parts(dotted: str) -> KeyPath:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in _PART.findall(dotted))


def _absolute(path: KeyPath, arrays: dict[KeyPath, int]) -> KeyPath:
    """The path with the current element's index after each array of tables on the way."""
    result: KeyPath = ()
    for position, part in enumerate(path):
        result = (*result, part)
        if position < len(path) - 1 and result in arrays:
            result = (*result, arrays[result])
    return result
