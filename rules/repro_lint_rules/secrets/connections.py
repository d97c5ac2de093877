"""Credentials in addresses and connection strings: what stands behind a user's name, or behind ``Password=``."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote

from repro_lint.api import Confidence, dataclass, lazy_pattern
from repro_lint_rules.secrets.judgement import confidence_of
from repro_lint_rules.secrets.names import Kind, Meaning, folded
from repro_lint_rules.secrets.values import Shape, looks_random, shape


@dataclass(frozen=True)
class ConnectionSecret:
    """A secret at ``text[start:end]``, which is how it is written; ``value`` is what that means."""

    noun: str
    value: str
    start: int
    end: int
    confidence: Confidence


_PASSWORD = Meaning(Kind.PASSWORD, "password")
_KEY = Meaning(Kind.KEY, "key")
_AUTHORITY = lazy_pattern(
    r"(?P<user>[^\s:/@\"'<>\\`]{0,100}):(?P<secret>[^\s/\"'<>\\`?#]{1,200})@(?P<host>[\w\[%.\-*<{$]{1,100})"
)
_USER_AT_HOST = lazy_pattern(r"://[^\s/\"'<>\\`]{0,302}@")
_SCHEME = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.\-]{1,30}\Z")
_IMAGES = ("docker", "oci", "docker-daemon", "oras")
_PAIR = lazy_pattern(
    r"(?P<key>password|pwd|accountkey|sharedaccesskey)[ ]{0,2}=[ ]{0,2}(?P<secret>[^\s;,\"'&<>)}\]|\\`]{3,200})", re.I
)
_PAIR_STARTS = ("password", "pwd", "accountkey", "sharedaccesskey")
_COMPANION = lazy_pattern(
    r"(?:^|[\s;?&\"'(])(?:server|data source|host|hostname|driver|database|dbname|initial catalog|uid|user|user id"
    r"|username|accountname|endpoint|sharedaccesskeyname)[ ]{0,2}=",
    re.I,
)
_DELIMITED = lazy_pattern(r"(?:[;?&][ ]{0,2}|[\w.]+=[^\s,;()=]+ )\Z")
_QUERY = lazy_pattern(r"[?&](?P<key>[\w\-]{0,24})\Z")
_ASKED = r"[\w\-]{0,24}(?:token|key|secret|Token|Key|KEY)=[A-Za-z0-9_\-.~%]{16}"
_ASKS = (lazy_pattern(rf"\?{_ASKED}"), lazy_pattern(f"&{_ASKED}"))
_QUERY_ENDS = ("token=", "key=", "secret=", "Token=", "Key=", "KEY=")
_QUERY_NAMES = frozenset(
    "token access_token auth_token api_key apikey api-key app_key subscription-key client_secret secret".split()
)
_PUBLIC_LINK = lazy_pattern(r"alt=media|\.svg\?|badge|//img\.shields\.io/")
_QUERY_VALUE = lazy_pattern(r"[A-Za-z0-9_\-.~%]{16,512}")
_NETRC = lazy_pattern(
    r"(?:machine\s{1,8}(?P<host>\S{1,100})|^default)\s{1,8}login\s{1,8}(?P<user>\S{1,100})\s{1,8}password\s{1,8}(?P<secret>\S{1,200})",
    re.M,
)
_PGPASS = lazy_pattern(
    r"^(?P<host>[^:\n#]{1,100}):[^:\n]{1,8}:[^:\n]{1,100}:(?P<user>[^:\n]{1,100}):(?P<secret>[^\n]{1,200})$", re.M
)
_BASIC = lazy_pattern(r"(?:Basic |\"auth\"[ ]{0,2}:[ ]{0,2}\")(?P<secret>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])")
_LOCAL_HOST = lazy_pattern(r"(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1|host\.docker\.internal)", re.I)
_LOCAL_SERVER = lazy_pattern(
    r"(?:server|data source|host|hostname)[ ]{0,2}=[ ]{0,2}(?:tcp:)?(?:localhost|127\.|0\.0\.0\.0|\(local\)|\.[;\\])",
    re.I,
)
_DOTLESS_HOST = lazy_pattern(r".*?://[\w\-]{1,64}(?::\d{1,5})?/")
_NO_HOST = lazy_pattern(
    r"(?:\w+\.)*example\.(?:com|org|net)|.*\.(?:example|test|invalid)|(?:my|your|some|the)?[\-_.]?(?:db)?[\-_.]?(?:host|hostname|server|proxy|domain|url"
    r"|ip|address|site|website|endpoint)(?:[\-_]?name)?(?:\.com|\.org|\.net)?|<.*|[{$%].*|foo|bar|hostname.*|host\d?",
    re.I,
)
_NO_USER = frozenset(
    """
    user username myuser usr foo bar login name me admin_user your_user your_username userid uid u alice bob scope
    """.split()
)
_PROSE = (".md", ".rst", ".markdown", ".adoc", ".tex", ".html", ".htm")
# The key of the storage emulator, the same for everyone: https://learn.microsoft.com/azure/storage/common/storage-use-azurite
_EMULATOR = "Eby8vdM02x"


def find_connection_secrets(text: str, path: str) -> Iterator[ConnectionSecret]:
    """The credentials of this kind in the text; ``path`` is that of its file."""
    if _USER_AT_HOST.search(text):
        yield from _in_urls(text, path)
    if any(asked.search(text) for asked in _ASKS):
        yield from _in_queries(text, path)
    yield from _in_pairs(text, path)
    if "machine" in text or "netrc" in path:
        for match in _NETRC.finditer(text):
            yield from _judged("a password for a host", match, path)
    if path.endswith("pgpass"):
        for match in _PGPASS.finditer(text):
            yield from _judged("a password of a database", match, path)
    if "Basic " in text or '"auth"' in text:
        yield from _encoded(text, path)


def _in_urls(text: str, path: str) -> Iterator[ConnectionSecret]:
    at = text.find("://")
    while at >= 0:
        match = _AUTHORITY.match(text, at + 3)
        scheme = _SCHEME.search(text[max(at - 31, 0) : at]) if match else None
        if match and scheme and scheme[0].lower() not in _IMAGES and not match["secret"].isdigit():
            yield from _judged("a password in a URL", match, path)
        at = text.find("://", at + 3)


def _judged(noun: str, match: re.Match[str], path: str) -> Iterator[ConnectionSecret]:
    secret, user, host = match["secret"], match["user"] or "", match["host"] or ""
    value = unquote(secret)
    looks = shape(value, _PASSWORD, user if user.lower() == value.lower() else "")
    confidence = confidence_of(looks, _PASSWORD, path)
    if confidence is None:
        return
    if user.lower() == "scott" and value.lower().startswith("tiger"):  # of Oracle's manuals since 1979
        return
    illustrates = bool(_NO_HOST.fullmatch(host)) or user.lower() in _NO_USER
    if (illustrates and looks < Shape.MIXED) or _NO_HOST.fullmatch(host) or _illustrates(value, path):
        confidence = Confidence.LOW
    elif _LOCAL_HOST.match(host):
        confidence = min(confidence, Confidence.MEDIUM if looks >= Shape.MIXED else Confidence.LOW)
    yield ConnectionSecret(noun, value, match.start("secret"), match.end("secret"), confidence)


def _illustrates(value: str, path: str) -> bool:
    """Whether the value stands in a document and may have been chosen for its readers."""
    return path.lower().endswith(_PROSE) and not (len(value) >= 12 and looks_random(value))


def _in_pairs(text: str, path: str) -> Iterator[ConnectionSecret]:
    lower = folded(text)
    for start in _PAIR_STARTS:
        at = lower.find(start)
        while at >= 0:
            match = _PAIR.match(text, at)
            if match and _is_in_connection_string(text, match):
                is_key = match["key"].lower().endswith("key")
                looks = shape(match["secret"], _KEY if is_key else _PASSWORD, "")
                confidence = confidence_of(looks, _KEY if is_key else _PASSWORD, path)
                if confidence is not None and not match["secret"].startswith((_EMULATOR, "tiger")):
                    noun = "an access key in a connection string" if is_key else "a password in a connection string"
                    if _illustrates(match["secret"], path) or (looks < Shape.MIXED and _is_local(text, match)):
                        confidence = Confidence.LOW
                    yield ConnectionSecret(noun, match["secret"], *match.span("secret"), confidence)
            at = lower.find(start, at + 1)


def _is_in_connection_string(text: str, match: re.Match[str]) -> bool:
    before = text[max(match.start() - 300, 0) : match.start()].rpartition("\n")[2]
    after = text[match.end() : match.end() + 200].partition("\n")[0]
    if not _DELIMITED.search(before[-80:]) and not after.startswith(";"):
        return False
    return bool(_COMPANION.search(before) or _COMPANION.search(after) or "jdbc:" in before)


def _is_local(text: str, match: re.Match[str]) -> bool:
    """Whether the connection string is for the machine that it is used on."""
    before = text[max(match.start() - 300, 0) : match.start()].rpartition("\n")[2]
    after = text[match.end() : match.end() + 200].partition("\n")[0]
    return _LOCAL_SERVER.search(before) is not None or _LOCAL_SERVER.search(after) is not None


def _in_queries(text: str, path: str) -> Iterator[ConnectionSecret]:
    for end in _QUERY_ENDS:
        at = text.find(end)
        while at >= 0:
            value = _QUERY_VALUE.match(text, at + len(end))
            key = _QUERY.search(text[max(at - 26, 0) : at]) if value else None
            if key and value and (key["key"] + end[:-1]).lower() in _QUERY_NAMES:
                url = text[max(at - 200, 0) : at].split()[-1]
                looks = shape(value[0], _KEY, "")
                confidence = confidence_of(looks, _KEY, path)
                if (
                    confidence
                    and "://" in url
                    and not _PUBLIC_LINK.search(url)
                    and not _LOCAL_HOST.match(url.rpartition("://")[2])
                ):
                    # A container, which is gone with its token; or a name in a network of one's own.
                    highest = Confidence.LOW if _DOTLESS_HOST.match(url) else Confidence.MEDIUM
                    yield ConnectionSecret("a key in a URL", value[0], *value.span(), min(confidence, highest))
            at = text.find(end, at + 1)


def _encoded(text: str, path: str) -> Iterator[ConnectionSecret]:
    """HTTP Basic (RFC 7617) and the log-ins that Docker keeps: a name and a password in base 64."""
    for match in _BASIC.finditer(text):
        try:
            user, colon, password = b64decode(match["secret"], validate=True).decode("ascii").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            continue
        confidence = (
            confidence_of(shape(password, _PASSWORD, user), _PASSWORD, path) if colon and user.isprintable() else None
        )
        if confidence is not None:
            yield ConnectionSecret("a password in base 64", match["secret"], *match.span("secret"), confidence)
