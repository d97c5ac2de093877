"""What version specifiers admit, in whatever language they are written."""

from __future__ import annotations

from repro_lint.api import Requirement


def is_bounded(requirement: Requirement) -> bool:
    """Whether there is a release later than which none is admitted.

    The operators mean the same in PEP 440, Poetry and conda, as far as this goes: only ``>``, ``>=`` and ``!=``
    leave the end open, and so does nothing at all. Alternatives are separated by bars, conditions by commas.
    """
    return all(
        any(part.strip() not in ("", "*") and not part.strip().startswith((">", "!=")) for part in choice.split(","))
        for choice in requirement.specifier.replace("||", "|").split("|")
    )
