"""Where a logical line of Python ends, told without a tokenizer, which would choke on IPython's syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repro_lint.lazy import dataclass, lazy_pattern

_TOKEN = lazy_pattern(
    r"""
    (?P<comment>\#.*)
    | (?P<quote>\"{3}|'{3}|["'])
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<assign>(?<![-=!<>:+*/%&|^@~])=(?!=))
    | (?P<other>[^\#"'()\[\]{}=]+|=)
    """,
    re.VERBOSE,
)
_STRING_ENDS = {
    quote: re.compile(rf"(?:[^\\{quote[0]}]|\\.|{quote[0]}(?!{quote[1:]}))*{quote}" if len(quote) == 3
                      else rf"(?:[^\\{quote}]|\\.)*{quote}")
    for quote in ('"""', "'''", '"', "'")
}  # fmt: skip


@dataclass(frozen=True)
class LogicalLine:
    """The line after its last physical line, and what is seen on the way.

    ``value`` is the column behind the first assignment of the first line. ``asks`` tells that the code of its
    last line ends in a question mark.
    """

    end: int
    value: int | None
    asks: bool


def scan_logical_line(lines: Sequence[str], start: int) -> LogicalLine:
    """The logical line that begins with ``lines[start]``."""
    quote: str | None = None
    depth = 0
    value: int | None = None
    for number in range(start, len(lines)):
        line = lines[number]
        at = 0
        code_end = 0  # the end of what is neither a blank nor a comment
        commented = False
        while at < len(line):
            if quote:
                end = _STRING_ENDS[quote].match(line, at)
                if end is None:
                    at = code_end = len(line)
                    break
                at = code_end = end.end()
                quote = None
                continue
            token = _TOKEN.match(line, at)
            assert token is not None  # one of the alternatives takes any character
            at = token.end()
            kind = token.lastgroup
            if kind == "comment":
                commented = True
                break
            if token[0].strip():
                code_end = token.start() + len(token[0].rstrip())
            if kind == "quote":
                quote = token[0]
            elif kind == "open":
                depth += 1
            elif kind == "close":
                depth = max(depth - 1, 0)
            elif kind == "assign" and value is None and depth == 0 and number == start:
                value = len(line) - len(line[at:].lstrip())
        if quote and len(quote) == 1 and not line.endswith("\\"):
            quote = None  # an unterminated string: the error is Python's to report
        continued = quote is not None or depth > 0 or (line.endswith("\\") and not commented)
        if not continued or number + 1 == len(lines):
            asks = quote is None and not commented and line[:code_end].endswith("?")
            return LogicalLine(number + 1, value, asks)
    return LogicalLine(len(lines), value, False)
