"""What a program gives out while it runs: numbers and files, or nothing but pictures in a window."""

from __future__ import annotations

from repro_lint.api import CallEvent, lazy_pattern
from repro_lint_rules.randomness.model_use import TRAINING, describes
from repro_lint_rules.randomness.sinks import does

_KEEPING = lazy_pattern(
    r"(?i)^(write|writelines|info|debug|log|warning|critical|exit|put|post|send|insert)$|save|^(to_|imwrite)"
)
"""What tells, stores or sends something, besides what is known to print and to write."""


class Outlets:
    """Hears whether anything is told or stored, imports aside, or learnt, which many a library reports by itself."""

    def __init__(self) -> None:
        self._tells = self._shows = False

    @property
    def only_shows(self) -> bool:
        """Whether pictures are shown and nothing else."""
        return self._shows and not self._tells

    def hear(self, event: CallEvent) -> None:
        """Note what the call does."""
        if self._tells or event.method is None or event.importing is not None:
            return
        if does("printing", event.method):
            self._tells = not all(map(describes, event.node.args))
        elif does("writing", event.method) or event.method in TRAINING or _KEEPING.search(event.method):
            self._tells = True
        else:
            self._shows = self._shows or does("showing", event.method)
