"""Regular expressions that are compiled when they are first used.

A run of a small repository uses a fraction of the patterns that the rules know, and compiling them all at import was a
tenth of its time.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _LazyPattern:
    """Stands in for a compiled pattern; its methods are the pattern's own after the first use of each."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._source = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._source), name)  # re keeps what it has compiled
        setattr(self, name, value)
        return value


def lazy_pattern(pattern: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` returns, but an invalid expression raises ``re.error`` only when it is used."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(pattern, int(flags)))
