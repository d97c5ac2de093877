"""A rule crashed, so what it would have said is not known."""

from __future__ import annotations

from repro_lint.api import INTERNAL_ERROR, EngineRule


class InternalError(EngineRule):
    """A rule crashed, so what it would have said is not known."""

    meta = INTERNAL_ERROR
