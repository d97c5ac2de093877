"""Keeping secret values out of everything that leaves the process."""

from __future__ import annotations

from collections.abc import Iterable

PLACEHOLDER = "***"


class Mask:
    """Replaces each of the given values, wherever it occurs in a text, by three stars.

    The longest value goes first, so that a secret which contains another leaves no remainder.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({s for s in secrets if s}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, PLACEHOLDER)
        return text
