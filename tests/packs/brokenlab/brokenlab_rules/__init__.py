"""A pack that was written for another version."""

from repro_lint.api import RuleOfLongAgo  # type: ignore[attr-defined]

__all__ = ["RuleOfLongAgo"]
