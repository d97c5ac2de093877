"""A cheap look at the bytes of a file: whether it can hold the address of a service."""

from __future__ import annotations

import re

# Each begins with one fixed byte or a fixed word, for which the search is fast.
_NUMBER = re.compile(rb"\.(?<=\d\.)\d{1,3}\.\d{1,3}\.\d")
_URL = re.compile(rb"://(?!(?:www\.|github\.com|[\w.-]+\.(?:org|io|edu)\b))")
_PUBLIC = re.compile(
    rb"https?://[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|edu|gov|de|uk|eu|fr|ai|dev|co|ch|ca|jp|cn|info|me|be|nl)\b"
)
_SERVICE = (
    b"amazonaws",
    b"azure",
    b"windows.net",
    b"snowflake",
    b"databricks",
    b"mongodb",
    b"run.app",
    b"confluent",
    b"ngrok",
    b"elastic",
    b"redis",
)
_WORDS = (b"host", b"bucket", b"broker", b"server", b"nodes", b"contact_points")
_NAMED = re.compile(
    rb"(?:host(?:name)?|bucket(?:_?name)?|brokers?|servers?|nodes|points)\\?[\"']?\]?\s{0,9}"
    rb"(?::\s{0,9}\w{1,40}\s{0,9})?[=:]\s{0,9}[\[(]?\\?[\"']"
)
_CALL = re.compile(
    rb"\((?=[\s\[(]{0,20}\\?[\"'])(?:(?<=connect\()|(?<=client\()|(?<=bucket\()|(?<=redis\()|(?<=smtp\()|(?<=ftp\()"
    rb"|(?<=telnet\()|(?<=search\()|(?<=cluster\()|(?<=connection\())"
)


def may_hold_address(data: bytes) -> bool:
    """Whether the bytes of a file can hold one; True where they are encoded in some other way."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\\/" in data or b"\\u00" in data:
        return True
    if b"jdbc:" in data or _NUMBER.search(data):
        return True
    for match in _URL.finditer(data):
        start = max(match.start() - 8, 0)
        public = _PUBLIC.search(data, start, match.end() + 80)
        if public is None or any(service in public[0].lower() for service in _SERVICE):
            return True
    folded = data.lower()
    if _CALL.search(folded):
        return True
    return any(word in folded for word in _WORDS) and _NAMED.search(folded) is not None
