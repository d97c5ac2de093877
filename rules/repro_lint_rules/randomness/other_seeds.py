"""Seeds that are set for something else than the draws before them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from repro_lint.api import CallEvent, Function
from repro_lint_rules.randomness.draws import Draw, Seeding
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.top_level import bound_by, read_in


def serves_another(seeding: Seeding, draws: Sequence[Draw]) -> bool:
    """Whether a function seeds what it does itself, or a module what it defines, and the draws are no part of that."""
    function = _seeding(seeding.event)
    if function is None:
        module = seeding.event.importing
        return module is not None and all(draw.event.importing not in (None, module) for draw in draws)
    return not any(_leads_to(draw.event, function) for draw in draws)


def _seeding(event: CallEvent) -> Function | None:
    """The function that wants the seed: not one that does nothing else, as its name says."""
    helper = knowledge().helper
    return next((function for function in reversed(event.stack) if not helper.match(function.name)), None)


def _leads_to(draw: CallEvent, function: Function) -> bool:
    """Whether the function, or a method of its class, makes the draw, or it reads what the draw's statement binds."""
    if any(running.node is function.node for running in draw.stack):
        return True
    if function.home is not None and any(_home(running) is function.home.node for running in draw.stack):
        return True
    if draw.statement is None or draw.importing is not None:
        return False
    names = bound_by(function.source, draw.statement)
    return names is None or not names.isdisjoint(read_in(function.node))


def _home(function: Function) -> ast.AST | None:
    return function.home.node if function.home is not None else None
