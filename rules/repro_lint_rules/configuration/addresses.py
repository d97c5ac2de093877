"""Recognising the address of one service in a text: a host, a database, a bucket, a queue."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from repro_lint.api import dataclass, lazy_pattern
from repro_lint_rules.configuration.roots import words


@dataclass(frozen=True)
class Address:
    """The address that a text is: ``what`` it is the address of, in words.

    ``local`` ones are on the machine that runs the code; ``certain`` ones cannot be anything else, whatever is done
    with the text.
    """

    text: str
    what: str
    local: bool = False
    certain: bool = True


_URL = lazy_pattern(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,30})://(?P<user>[^/@\s]*@)?(?P<host>\[[0-9a-fA-F:]+\]|[^\s/?#:,\"'<>{}$%]*)"
    r"(?::(?P<port>\d{1,5}))?(?P<rest>[^\s\"'<>]*)"
)
_JDBC = lazy_pattern(r"jdbc:(?P<scheme>[a-z]+):(?:thin:@|)(?://)?(?P<host>[\w.-]+)(?P<rest>[^\s]*)", re.I)
_IP = lazy_pattern(r"(?P<host>\d{1,3}(?:\.\d{1,3}){3})(?::(?P<port>\d{1,5}))?")
_HOST_PORT = lazy_pattern(r"(?P<host>[A-Za-z][\w-]*(?:\.[\w-]+)*):(?P<port>\d{2,5})")
_HOST = lazy_pattern(r"(?=.*[A-Za-z])[\w-]+(?:\.[\w-]+)+|localhost")
_BUCKET = lazy_pattern(r"(?=.*[a-z])(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PLACEHOLDER = lazy_pattern(
    r"(?:^|[^a-z])(?:your|my|some|the|xxx+|example|sample|placeholder|changeme|todo|dummy|fake|foo|bar|test)(?:$|[^a-z])"
    r"|^(?:host|hostname|server|bucket|bucket-?name|address|domain|ip|url|user|name|mybucket|myhost|x+)$|\.(?:example|test|invalid)$"
    r"|\bexample\.(?:com|org|net)$|yourdomain|[<>{}]|\.\.\.|-host$|:port|^metadata\.google|^kubernetes\.default|^(?:smtp|imap|pop3?)\.\w",
    re.I,
)
_FILE = lazy_pattern(
    r"\.(?:db|sqlite\w?|sqlite3|duckdb|mdb|accdb|csv|json|txt|ya?ml|toml|ini|cfg|conf|log|py|sock|pem|key)$", re.I
)
_INTERNAL = lazy_pattern(r"\.(?:local|internal|intranet|lan|corp|localdomain|svc|cluster\.local)$", re.I)
_LOOPBACK = lazy_pattern(r"localhost|127\.\d+\.\d+\.\d+|\[?::1\]?", re.I)
_NO_MACHINE = ("192.0.2.", "198.51.100.", "203.0.113.", "255.", "0.", "1.2.3.", "8.8.8.8", "8.8.4.4", "1.1.1.1")
"""Beginnings of masks, of what RFC 5737 keeps for examples, and name servers that everyone reaches."""
_BLANK = lazy_pattern(r"\s")
_WEB = words("http https ws wss grpc")
_MAX_LENGTH = 300


@cache
def table() -> dict[str, dict[str, str]]:
    """What ``endpoints.toml`` holds, turned round: for each section the meaning of each word."""
    data: dict[str, dict[str, Any]] = tomli.loads(Path(__file__).with_name("endpoints.toml").read_text("utf-8"))
    return {name: {word: what for what, ws in rows.items() for word in ws.split()} for name, rows in data.items()}


def address_of(text: str, *, cut: bool = False) -> Address | None:
    """The address that the text is on its own account, or None. ``cut`` tells that it is only a beginning."""
    if not 6 <= len(text) <= _MAX_LENGTH or _BLANK.search(text):
        return None
    if match := _JDBC.match(text):
        return _database(text, match["host"])
    if match := _URL.match(text):
        return _of_url(text, match, cut)
    if match := _IP.fullmatch(text):
        return _of_ip(text, match["host"], with_port=match["port"] is not None)
    return None


def named_address(text: str, what: str) -> Address | None:
    """The address that the text is where something is called a ``what``: a host, a bucket, a queue, an endpoint."""
    if known := address_of(text):
        return known
    if not 3 <= len(text) <= 120 or _PLACEHOLDER.search(text) or _FILE.search(text):
        return None
    if what == "a bucket":
        return Address(text, what, certain=False) if _is_bucket(text) and re.search(r"[-.\d]", text) else None
    if _LOOPBACK.fullmatch(text):
        return Address(text, "a service on the same machine", local=True, certain=False)
    host = match["host"] if (match := _HOST_PORT.fullmatch(text)) else text
    if match is None and not _HOST.fullmatch(host):
        return None
    if _PLACEHOLDER.search(host):
        return None
    local = _LOOPBACK.fullmatch(host) is not None
    return Address(text, "a service on the same machine" if local else "one host", local=local, certain=False)


def _of_url(text: str, match: re.Match[str], cut: bool) -> Address | None:
    scheme, host = match["scheme"].lower().partition("+")[0], match["host"]
    if match["scheme"].lower() in table()["schemes"]:
        scheme = match["scheme"].lower()
    if cut and match.end("host") == len(text) and scheme not in _WEB:
        return None  # the name goes on in what is not known
    if cut and text.endswith(":") and _LOOPBACK.fullmatch(host):
        return None  # the program knows the port, most often because it has opened it
    if match["user"] and ":" in match["user"]:
        return None  # a password is another rule's to report
    if not host or _PLACEHOLDER.search(host) or match["rest"].startswith((":port", "/path/")):
        return None
    what = table()["schemes"].get(scheme)
    if what == "a bucket":
        return _of_bucket(text, match["user"] or "", host)
    if what == "a database" or (what and what != "a cluster"):
        return _database(text, host, what)
    if what is None and scheme not in _WEB:
        return None
    if _LOOPBACK.fullmatch(host) or host == "0.0.0.0":
        return Address(text, "a service on the same machine", local=True)
    if _IP.fullmatch(host):
        return _of_ip(text, host, with_port=True)
    return _of_host(text, host, what, match["port"])


def _of_host(text: str, host: str, what: str | None, port: str | None) -> Address | None:
    for end, service in table()["hosts"].items():
        if host.lower().endswith(end):
            return Address(text, f"one account's {service.partition(' ')[2]}")
    if _INTERNAL.search(host) or ("." not in host and port) or what:
        return Address(text, "a host of one network")
    return None


def _of_ip(text: str, host: str, *, with_port: bool) -> Address | None:
    try:
        ip = ipaddress.IPv4Address(host)
    except ValueError:
        return None
    if ip.is_multicast or ip.is_reserved or ip.is_unspecified or host.startswith(_NO_MACHINE):
        return None
    if ip.is_loopback:
        return Address(text, "a service on the same machine", local=True, certain=with_port)
    if ip.is_link_local:
        return None  # the metadata service of clouds, at the same place in all of them
    where = "one machine of a private network" if ip.is_private else "one machine, by its number"
    return Address(text, where, certain=with_port or ip.is_private)


def _database(text: str, host: str, what: str = "a database") -> Address | None:
    if _PLACEHOLDER.search(host) or host.lower() in ("mem", "memory", "sqlite", "tcp"):
        return None
    local = _LOOPBACK.fullmatch(host) is not None
    return Address(text, f"{what} on the same machine" if local else f"one {what.partition(' ')[2]}", local=local)


def _of_bucket(text: str, container: str, host: str) -> Address | None:
    name = container.rstrip("@") or host
    return Address(text, "one bucket") if _is_bucket(name) else None


def _is_bucket(name: str) -> bool:
    return _BUCKET.fullmatch(name) is not None and not _PLACEHOLDER.search(name) and not name.startswith(_public())


@cache
def _public() -> tuple[str, ...]:
    return tuple(table()["public"])
