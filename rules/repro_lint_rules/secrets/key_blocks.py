"""Blocks of text that hold a private key: PEM (RFC 7468), OpenSSH, OpenPGP (RFC 9580) and PuTTY."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import dataclass, lazy_pattern
from repro_lint_rules.secrets.values import looks_random

_BEGINNINGS = ("-----BEGIN ", "PuTTY-User-Key-File-")
_HEADER = lazy_pattern(
    r"-----BEGIN (?P<kind>(?:[A-Z0-9]{2,12} ){0,2})PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d: \S{3,30}"
)
_END = lazy_pattern(r"-----END [A-Z0-9 ]{0,40}-----|Private-MAC: [0-9a-f]{8,80}")
_NOISE = lazy_pattern(
    r"\\+[nrt]|[\s\"'#,+>|\\]|(?:Proc-Type|DEK-Info|Version|Comment|Encryption|P\w+-Lines|Charset): [^\n\\]*"
)
_BASE64 = lazy_pattern(r"[A-Za-z0-9/+=]{48,}")
_LONGEST = 20_000
_ALPHABET = 20  # so many different characters at least are in a key of any length
_NOUNS = {
    "RSA ": "an RSA private key",
    "DSA ": "a DSA private key",
    "EC ": "an EC private key",
    "OPENSSH ": "an OpenSSH private key",
    "PGP ": "a PGP private key",
}


@dataclass(frozen=True)
class KeyBlock:
    """A private key: its first line is ``text[start:header_end]``, all of it ``text[start:end]``."""

    noun: str
    start: int
    header_end: int
    end: int
    encrypted: bool


def find_key_blocks(text: str) -> Iterator[KeyBlock]:
    """The private keys in the text, in order; no headers alone, and no placeholders between them."""
    for beginning in _BEGINNINGS:
        at = text.find(beginning)
        while at >= 0:
            following = text.find(beginning, at + 1)
            block = _block(text, at, min(following % (len(text) + 1), at + _LONGEST))
            if block:
                yield block
            at = following


def _block(text: str, at: int, limit: int) -> KeyBlock | None:
    """The key that begins at ``at`` and ends before ``limit``."""
    header = _HEADER.match(text, at)
    if header is None:
        return None
    ending = _END.search(text, header.end(), limit)
    blank = text.find("\n\n\n", header.end(), limit)
    stop = ending.start() if ending else blank if blank >= 0 else limit
    content = text[header.end() : stop]
    body = _BASE64.match(_NOISE.sub("", content))
    if body is None or not looks_random(body[0][len(body[0]) // 2 :]) or len(set(body[0])) < _ALPHABET:
        return None
    encrypted = "ENCRYPTED" in header[0] or "ENCRYPTED" in content[:200] or "aes256-cbc" in content[:200]
    noun = _NOUNS.get(header["kind"] or "", "a private key")
    return KeyBlock(noun, header.start(), header.end(), ending.end() if ending else stop, encrypted)
