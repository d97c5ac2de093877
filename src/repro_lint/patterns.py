"""Path patterns as in .gitignore."""

from __future__ import annotations

from collections.abc import Sequence

from repro_lint.files.ignores import IgnoreRules


class Patterns:
    """Patterns in the syntax of .gitignore, matched against paths relative to the root."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._none = not patterns
        data = "\n".join(patterns).encode("utf-8", "surrogateescape")
        self._rules = IgnoreRules({".gitignore": data}.get)

    def matches(self, path: str) -> bool:
        """Whether the path, or a directory that holds it, is matched; never for no patterns."""
        return not self._none and self._rules.ignores(path)
