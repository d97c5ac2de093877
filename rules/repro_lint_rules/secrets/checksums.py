"""What some tokens say of themselves: checksums and encodings that chance text does not have."""

from __future__ import annotations

import json
import string
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE32 = frozenset(string.ascii_uppercase + "234567")


def crc32_base62(body: str) -> str:
    """The six characters with which GitHub and npm end a token whose random part is ``body``.

    Source: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    """
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")


def _crc32(body: str) -> bool:
    return crc32_base62(body[:-6]) == body[-6:]


def _base32(body: str) -> bool:
    return _BASE32.issuperset(body)


def _jwt(body: str) -> bool:
    return bool(jwt_claims("eyJ" + body))


def jwt_claims(token: str) -> dict[str, Any] | None:
    """The claims of a JSON web token, or None where its header or its payload is not what RFC 7519 says."""
    header, payload = (_json(part) for part in token.split(".")[:2])
    return payload if header is not None and "alg" in header else None


def _json(part: str) -> dict[str, Any] | None:
    try:
        value = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


CHECKSUMS: dict[str, Callable[[str], bool]] = {"crc32": _crc32, "base32": _base32, "jwt": _jwt}
"""By the name in ``formats.toml``: whether the part behind the prefix is in order."""
