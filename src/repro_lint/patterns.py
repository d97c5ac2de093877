"""Path patterns as in .gitignore."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns:
    """Patterns in the syntax of .gitignore, matched against paths relative to the root."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = tuple(patterns)

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec  # costs as much as a tenth of a whole run: only where it is needed

        return GitIgnoreSpec.from_lines(self._patterns)

    def matches(self, path: str) -> bool:
        """Whether the path is matched; never for no patterns."""
        return bool(self._patterns) and self._spec.match_file(path)
