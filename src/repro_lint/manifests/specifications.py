"""One requirement as text (PEP 508), read leniently: what people write, rather than what the standard admits."""

from __future__ import annotations

import re

from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.model import Requirement, canonical, is_pinned

_REQUIREMENT = lazy_pattern(
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[(?P<extras>[^\]]*)\])?\s*(?P<rest>(?:$|[=<>!~@;(]|--).*)$", re.S
)
_OPTIONS = lazy_pattern(r"(?:^|\s)--[a-z].*$", re.S)


def parse_requirement(text: str, line: int | None, scope: str = "", *, hashed: bool = False) -> Requirement | None:
    """The requirement, or None for text that is none. ``hashed``: the hash of what is installed stands beside it."""
    match = _REQUIREMENT.match(text)
    if match is None:
        return None
    rest = _OPTIONS.sub("", match["rest"]).strip()
    url = ""
    if rest.startswith("@"):
        url, _, marker = rest[1:].strip().partition(" ;")
    else:
        rest, _, marker = rest.partition(";")
    specifier = "" if url else rest.strip().strip("()").strip()
    return Requirement(
        canonical(match["name"]),
        line,
        hashed or is_pinned(url or specifier),
        scope,
        specifier,
        tuple(canonical(extra.strip()) for extra in (match["extras"] or "").split(",") if extra.strip()),
        marker.strip(),
        url.strip(),
        match["name"],
    )
