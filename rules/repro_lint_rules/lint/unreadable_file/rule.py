"""A file that should be checked could not be read."""

from __future__ import annotations

from repro_lint.api import UNREADABLE_FILE, EngineRule


class UnreadableFile(EngineRule):
    """A file that should be checked could not be read."""

    meta = UNREADABLE_FILE
