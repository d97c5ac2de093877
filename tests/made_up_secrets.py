"""Secrets that never were: made at test time from the formats, so that no file of this repository holds one."""

from __future__ import annotations

import random
import string
from typing import Any

from repro_lint_rules.secrets.checksums import crc32_base62
from repro_lint_rules.secrets.formats import Format

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as parser

_WORDS = string.ascii_letters + string.digits + "_"


def matching(pattern: str, source: random.Random) -> str:
    """A random text that the pattern matches as a whole; repetitions are as long as a token would have them."""
    return _sequence(parser.parse(pattern), source)


def _sequence(items: Any, source: random.Random) -> str:
    return "".join(_item(str(operation), argument, source) for operation, argument in items)


def _item(operation: str, argument: Any, source: random.Random) -> str:
    if operation == "LITERAL":
        return chr(argument)
    if operation == "IN":
        return source.choice([character for member in argument for character in _members(member)])
    if operation == "MAX_REPEAT":
        low, high, repeated = argument
        count = source.randint(low, high) if high - low <= 20 else low + source.randint(0, 10)
        return "".join(_sequence(repeated, source) for _ in range(count))
    if operation == "SUBPATTERN":
        return _sequence(argument[3], source)
    if operation == "BRANCH":
        return _sequence(source.choice(argument[1]), source)
    raise ValueError(operation)


def _members(member: Any) -> str:
    operation, argument = str(member[0]), member[1]
    if operation == "LITERAL":
        return chr(argument)
    if operation == "RANGE":
        return "".join(map(chr, range(argument[0], argument[1] + 1)))
    return string.digits if "DIGIT" in str(argument) else _WORDS


def token_of(known: Format, source: random.Random) -> str:
    """A token of this format, with the right checksum where it has one that random characters do not fit."""
    if not known.prefix:
        return matching(known.pattern, source)
    body = matching(known.body, source)
    if known.checksum == "crc32":
        body = body[:-6] + crc32_base62(body[:-6])
    return source.choice(known.prefix) + body
