"""The formats of providers' credentials, and where in a text they occur."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from repro_lint.api import Confidence, dataclass, lazy_pattern
from repro_lint_rules.secrets.checksums import CHECKSUMS, jwt_claims
from repro_lint_rules.secrets.suspects import Suspects
from repro_lint_rules.secrets.values import looks_random

_WORD = lazy_pattern(r"[A-Za-z0-9_\-]{16,}")
_KEY_WORD = lazy_pattern(r"key|token|secret|login|client|auth|init|password|[\"']x-", re.I)
_VALUE = lazy_pattern(r"(?<![\w\-+/.=])[\w\-+/.]{20,}={0,2}(?![\w\-+/=])")
_NOT_A_KEY = lazy_pattern(r"http|hash|commit|sha\d|digest|revision|md5|checksum|run[_ ]?id", re.I)
_DIGIT = lazy_pattern(r"\d")
_LEAD_ENDS = (".", "/", "~", "$")
_NAMELESS_LENGTHS = frozenset({25, 32, 36, 40, 64})
_LONG_WORD = 36
_CONTINUED = ("/", "+", "=", ".")
_OPENERS = "\"'`=:(>[ \t,"
_REACH = 120  # how far behind the name of its provider a value without a form of its own may stand
_SIGNED = ("AWSAccessKeyId=", "X-Amz-Credential=")
_BROKEN_UP = ("Q~", "sig=")  # in tokens with signs that no word has, so that their words can be short
_LEFT, _RIGHT = r"(?<![A-Za-z0-9_\-+])", r"(?![A-Za-z0-9_])"
_STRICT_LEFT, _STRICT_RIGHT = r"(?<![\w\-+/.])", r"(?![\w\-+/=])"


@dataclass(frozen=True)
class Format:
    """What one kind of credential looks like: a row of ``formats.toml``, where the fields are explained."""

    id: str
    noun: str
    provider: str
    documentation: str
    prefix: tuple[str, ...] = ()
    body: str = ""
    lead: tuple[str, ...] = ()
    literal: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    pattern: str = ""
    before: tuple[int, ...] = (0,)
    named: bool = False
    weak: bool = False
    checksum: str | None = None
    confidence: Confidence = Confidence.HIGH

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression for the whole credential; its last group is the part that looks random."""
        if self.context:
            return re.compile(f"({self.pattern})")
        if not self.prefix:
            return re.compile(f"(?<![A-Za-z0-9]){self.pattern}{_RIGHT}")
        prefixes = "|".join(map(re.escape, sorted(self.prefix, key=len, reverse=True)))
        left, right = (_STRICT_LEFT, _STRICT_RIGHT) if len(min(self.prefix, key=len)) < 4 else (_LEFT, _RIGHT)
        return re.compile(f"{left}(?:{prefixes})({self.body}){right}")

    @property
    def is_word(self) -> bool:
        """Whether one word holds the credential, or enough of it to be seen: no sign of base 64 breaks it."""
        return "/" not in self.body

    @property
    def is_inside(self) -> bool:
        """Whether the literal stands inside the credential, in one long word with most of it."""
        return self.before[0] > 30 and bool(self.literal) and "+" not in self.literal[0]

    def around(self, text: str, at: int) -> Iterator[Token]:
        """The credential to which the literal or lead at this offset belongs, if it does to one."""
        for distance in self.before:
            if distance <= at:
                yield from self.accepted(self.compiled.match(text, at - distance))

    def accepted(self, match: re.Match[str] | None) -> Iterator[Token]:
        """The credential that was matched, unless it is a placeholder, an example or a word."""
        if match is None:
            return
        body = match[match.lastindex or 0]
        if self.id.endswith("key-id") and match.string.endswith(_SIGNED, 0, match.start()):
            return  # the id of a key that signed the address, which is made to be passed on
        if "sig=" in self.literal and _is_short_lived(match):
            return
        if not looks_random(body, weak=self.weak):
            return
        verified = CHECKSUMS[self.checksum](body) if self.checksum else None
        if self.checksum == "jwt" and (not verified or _is_harmless(match[0])):
            return
        yield Token(self, match.start(), match.end(), match[0], verified)


@dataclass(frozen=True)
class Token:
    """A credential in a text: ``text[start:end] == value``."""

    format: Format
    start: int
    end: int
    value: str
    verified: bool | None = None
    """Whether its checksum is right, or None where it has none."""


_PUBLIC_ROLES = frozenset({"anon", "public", "guest"})
_DAY = 86_400


def _is_harmless(token: str) -> bool:
    """Whether a web token is made to be public, to be an example, or not to last for more than a day."""
    claims = jwt_claims(token) or {}
    if claims.get("role") in _PUBLIC_ROLES or claims.get("name") in ("John Doe", "Jane Doe"):
        return True
    issued, expires = claims.get("iat"), claims.get("exp")
    return isinstance(issued, int) and isinstance(expires, int) and expires - issued <= _DAY


_TIMES = {
    name: lazy_pattern(rf"[?&;]{name}=(\d{{4}}-\d\d-\d\d(?:T\d\d(?::|%3[Aa])\d\d(?:(?::|%3[Aa])\d\d)?)?)")
    for name in ("st", "skt", "se")
}
"""The times between which a shared access signature, and the key that made it, are valid."""
_ADDRESS = 1_000


def _is_short_lived(signature: re.Match[str]) -> bool:
    """Whether an address is signed for a day at most, as those are to which a download is passed on.

    The times are fields of the address: https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
    """
    before = signature.string[max(signature.start() - _ADDRESS, 0) : signature.start()].rpartition("\n")[2]
    after = signature.string[signature.end() : signature.end() + _ADDRESS].partition("\n")[0]
    address = before.split()[-1:] + after.split()[:1]
    found = {name: match[1] for name, time in _TIMES.items() if (match := time.search("&".join(address)))}
    begin, end = found.get("st") or found.get("skt"), found.get("se")
    if begin is None or end is None:
        return False
    try:
        first, last = (datetime.fromisoformat(time.replace("%3A", ":").replace("%3a", ":")) for time in (begin, end))
    except ValueError:
        return False
    return (last - first).total_seconds() <= _DAY


@cache
def formats() -> tuple[Format, ...]:
    """Every format, in the order of the file."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "formats.toml").read_text(encoding="utf-8"))
    return tuple(_format(row, group) for group in data["provider"] for row in group["formats"])


def _format(row: dict[str, Any], group: dict[str, Any]) -> Format:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    if "confidence" in values:
        values["confidence"] = Confidence(values["confidence"])
    return Format(provider=group["name"], documentation=group["documentation"], **values)


@cache
def _by_prefix() -> dict[str, tuple[Format, ...]]:
    """The formats by the first three characters of their prefixes, or two where there are no more."""
    found: dict[str, list[Format]] = {}
    for known in formats():
        for start in {prefix[:3] for prefix in known.prefix if known.is_word}:
            found.setdefault(start, []).append(known)
    return {start: tuple(several) for start, several in found.items()}


@cache
def _literals() -> tuple[tuple[str, Format], ...]:
    """What to search the text for, with the formats that it may belong to."""
    found: list[tuple[str, Format]] = []
    for known in formats():
        if known.named:
            found += [(literal, known) for literal in known.context]
        elif not known.is_word:
            found += [(literal, known) for literal in known.prefix]
        elif not known.is_inside:
            found += [(literal, known) for literal in known.literal]
    return tuple(found)


@cache
def _leads() -> dict[str, Format]:
    return {lead: known for known in formats() for lead in known.lead}


@cache
def _inside() -> tuple[tuple[str, Format], ...]:
    """What to search long words for."""
    return tuple((literal, known) for known in formats() if known.is_inside for literal in known.literal)


@cache
def _nameless() -> tuple[tuple[re.Pattern[str], Format], ...]:
    """The formats of values that only the name of their provider tells from others, with the names."""
    return tuple(
        (re.compile("|".join(map(re.escape, known.context)), re.I), known)
        for known in formats()
        if known.context and not known.named
    )


@cache
def _suspects() -> Suspects:
    return Suspects(tuple(prefix for known in formats() for prefix in known.prefix), _BROKEN_UP)


def find_tokens(text: str) -> list[Token]:
    """Every credential of a known provider, in order; where two overlap, the one that begins first and then the longer.

    Looked at is what is near words that could belong to one: see ``Suspects``.
    """
    found: list[Token] = []
    for begin, end in _suspects().spans(text):
        found += _in_words(text, begin, end)
        found += _at_literals(text, begin, end)
    found.sort(key=lambda token: (token.start, -token.end))
    kept: list[Token] = []
    for token in found:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    return kept


def _in_words(text: str, begin: int, end: int) -> Iterator[Token]:
    table, ends = _by_prefix(), tuple(_leads())
    for word in _WORD.finditer(text, begin, end):
        found, at = word[0], word.start()
        if word.end() == end < len(text):  # cut in two; what made this part of the text suspect is not at its end
            continue
        for known in (*table.get(found[:3], ()), *table.get(found[:2], ())):
            yield from known.accepted(known.compiled.match(text, at))
        if text[at - 1 : at] in _LEAD_ENDS and text.endswith(ends, 0, at):
            for lead, known in _leads().items():
                if text.endswith(lead, 0, at):
                    yield from known.around(text, at - len(lead))
        if len(found) >= _LONG_WORD:
            for literal, known in _inside():
                if literal in found:
                    yield from known.around(text, at + found.index(literal))
        if len(found) in _NAMELESS_LENGTHS and _DIGIT.search(found):
            yield from _nameless_value(text, word)


def _nameless_value(text: str, value: re.Match[str]) -> Iterator[Token]:
    """The value, if the line names a provider before it, as something that is a key."""
    before = text[max(value.start() - _REACH, 0) : value.start()].rpartition("\n")[2]
    if before[-1:] not in _OPENERS or text[value.end() : value.end() + 1] in _CONTINUED:
        return
    for names, known in _nameless():
        nearest = max(names.finditer(before), key=lambda name: name.start(), default=None)
        if nearest and _KEY_WORD.search(before, nearest.start()) and not _NOT_A_KEY.search(before, nearest.end()):
            yield from known.accepted(known.compiled.fullmatch(text, value.start(), value.end()))


def _at_literals(text: str, begin: int, end: int) -> Iterator[Token]:
    for literal, known in _literals():
        at = text.find(literal, begin, end)
        while at >= 0:
            if known.named:
                yield from _named_value(text, at + len(literal), known)
            else:
                yield from known.around(text, at)
            at = text.find(literal, at + len(literal), end)


def _named_value(text: str, begin: int, known: Format) -> Iterator[Token]:
    line = text[begin : begin + _REACH].split("\n", 1)[0]
    if (value := _VALUE.search(line)) and line[value.start() - 1] in _OPENERS:
        yield from known.accepted(known.compiled.fullmatch(text, begin + value.start(), begin + value.end()))
