"""Regular expressions that are compiled, and dataclasses whose methods are made, when they are first used.

A run of a small repository uses a fraction of what the rules know: compiling all patterns at import was a tenth of its
time, and writing the methods of two hundred dataclasses, each of which is compiled as source text, a quarter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr, cast

from repro_lint.records import complete


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


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, **options):
        """``dataclasses.dataclass``, applied when the first instance is made, by calling the class or by unpickling."""
        if cls is None:
            return lambda cls: dataclass(cls, **options)

        def __init__(self, *arguments, **named):  # noqa: N807
            _complete(cls)
            cls.__init__(self, *arguments, **named)

        def __setstate__(self, state):  # noqa: N807
            _complete(cls)
            self.__dict__.update(state)

        cls.__init__, cls.__setstate__, cls.__pending_dataclass__ = __init__, __setstate__, options
        return cls

    def _complete(cls):
        for base in reversed(cls.__mro__):
            if (options := vars(base).get("__pending_dataclass__")) is not None:
                del base.__pending_dataclass__, base.__init__, base.__setstate__
                complete(base, **options)
