"""Values in base 64 where a format says that they are: the ``data`` of a Kubernetes Secret."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator

from repro_lint.api import lazy_pattern

_KIND = lazy_pattern(r"kind[\"']?:[ ]{0,4}[\"']?Secret\b")
_VALUE = lazy_pattern(
    r"^[ \t]{1,20}[\"']?[\w.\-]{1,80}[\"']?:[ ]{1,4}[\"']?([A-Za-z0-9+/]{16,40000}={0,2})[\"',]{0,2}[ \t]{0,9}$", re.M
)


def encoded_values(text: str) -> Iterator[tuple[int, int, str]]:
    """From where to where each value reaches, and the text that it encodes; none for values that encode no text.

    Source of the format: https://kubernetes.io/docs/concepts/configuration/secret/
    """
    if "Secret" not in text or not _KIND.search(text):
        return
    for match in _VALUE.finditer(text):
        try:
            yield *match.span(1), b64decode(match[1], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
