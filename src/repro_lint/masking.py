"""Keeping secret values out of everything that leaves the process."""

from __future__ import annotations

from collections.abc import Iterable

PLACEHOLDER = "***"


class Mask:
    """Replaces each of the given values, wherever it occurs in a text, by three stars.

    The longest value goes first, so that a secret which contains another leaves no remainder. Texts are often single
    lines of a file, so the lines of a value are secrets themselves, unless they are as short as a bracket.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        parts = {part for secret in secrets for part in (secret, *_long_lines(secret)) if part}
        self._secrets = sorted(parts, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, PLACEHOLDER)
        try:
            text.encode()
        except UnicodeEncodeError:  # half a surrogate pair, from a strange file name or escape: no output could hold it
            return text.encode("utf-8", "backslashreplace").decode()
        return text


def _long_lines(secret: str) -> list[str]:
    return [line for line in secret.splitlines() if len(line.strip()) >= 4]
