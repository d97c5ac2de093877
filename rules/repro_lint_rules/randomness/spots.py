"""Calls as a reader sees them: where they stand, and what they are called there."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from repro_lint.api import CallEvent, Place, code_of, dataclass
from repro_lint_rules.randomness.draws import Draw


@dataclass(frozen=True)
class Spot:
    """A call, as a reader sees it."""

    place: Place
    shown: str
    library: str = ""


def spot(event: CallEvent, library: str = "", short: bool = False) -> Spot:
    """The call as plain data, with its name as written where ``short`` is enough to know it."""
    scope = event.stack[-1].name if event.stack and event.stack[-1].source is event.source else ""
    name = event.node.func.id if short and isinstance(event.node.func, ast.Name) else shown(event)
    return Spot(event.source.place(event.node, scope), name, library)


def spots_of(draws: Iterable[Draw]) -> tuple[Spot, ...]:
    """The draws, each once."""
    return tuple(dict.fromkeys(spot(draw.event, draw.library, draw.parameter is not None) for draw in draws))


def shown(event: CallEvent) -> str:
    """The name as written, or the full one where only its last part is."""
    written = code_of(event.node.func)
    if "." in written and len(written) < 50 and "(" not in written:
        return written
    if event.name is None or "(" in event.name:
        return written if len(written) < 50 else f"….{event.method}"
    return written if event.name.startswith(".") else event.name
