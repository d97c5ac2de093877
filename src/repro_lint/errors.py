"""The errors that end a run before it starts: the command prints them in one line and exits with 2."""

from __future__ import annotations

from collections.abc import Iterable


class UsageError(Exception):
    """The command line or the configuration asks for something that cannot be done."""


class ConfigError(UsageError):
    """A configuration file is wrong; the message begins with its path and line."""

    def __init__(self, path: str, line: int | None, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` (did you mean "…"?)`` for the nearest known word, or an empty string."""
    import difflib  # takes longer than most runs need it

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' (did you mean "{close[0]}"?)' if close else ""
