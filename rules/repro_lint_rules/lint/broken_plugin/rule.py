"""A rule pack, or a rule of one, could not be loaded."""

from __future__ import annotations

from repro_lint.api import BROKEN_PLUGIN, EngineRule


class BrokenPlugin(EngineRule):
    """A rule pack, or a rule of one, could not be loaded."""

    meta = BROKEN_PLUGIN
