"""What users may say about values that look like secrets and are none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from repro_lint.api import Field, RuleOptions


class SecretOptions(RuleOptions):
    """The options of the rules that report values."""

    allow: tuple[re.Pattern[str], ...] = Field(
        (), description="Regular expressions. A value in which one of them is found is no secret."
    )

    def allows(self, values: Iterable[str]) -> bool:
        """Whether one of the values is said to be no secret."""
        return any(pattern.search(value) for value in values for pattern in self.allow)
