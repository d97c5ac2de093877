"""A suppression suppresses nothing."""

from __future__ import annotations

from repro_lint.api import UNUSED_SUPPRESSION, EngineRule


class UnusedSuppression(EngineRule):
    """A suppression suppresses nothing."""

    meta = UNUSED_SUPPRESSION
