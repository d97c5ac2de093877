"""The ordered scales a diagnostic is graded on: severity, confidence and the ladder's level.

Plain enums, so that rule modules can name them without paying for the import of the diagnostics models.
"""

from __future__ import annotations

from enum import Enum
from functools import total_ordering


@total_ordering
class _Grade(str, Enum):
    """A string enum ordered by definition: the first member is the lowest."""

    @property
    def rank(self) -> int:
        """The position on the scale, 0 for the lowest grade."""
        return list(type(self)).index(self)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.rank < other.rank

    # ``str`` defines the other comparisons, and ``total_ordering`` leaves inherited ones alone.
    def __le__(self, other: object) -> bool:
        return self == other or self < other

    def __gt__(self, other: object) -> bool:
        return not self <= other

    def __ge__(self, other: object) -> bool:
        return not self < other

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return str(self.value)


class Severity(_Grade):
    """How bad it is when the finding is right."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Confidence(_Grade):
    """How sure the rule is that the finding is right."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Level(_Grade):
    """The rung of the ladder from notebook to production that a rule guards."""

    SAFE = "safe"
    RUNNABLE = "runnable"
    REPRODUCIBLE = "reproducible"
    PRODUCTION = "production"
