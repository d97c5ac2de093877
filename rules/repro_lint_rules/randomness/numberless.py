"""Draws that no number comes of which a reader would want again: only shown, tried, or used to time something."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Literal

from repro_lint.api import CallEvent, Program
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.durations import only_measures_time
from repro_lint_rules.randomness.pictures import only_shown
from repro_lint_rules.randomness.tryouts import only_tried

Use = Literal["", "shown", "timed", "tried out", "used if an option asks for it"]
"""What is only done with draws; nothing where more is."""
_MOST_EARLY = 6
"""How many draws are followed one by one, each through the whole file."""


def use_of(program: Program, draws: Sequence[Draw]) -> Use:
    """What is done with the draws, or nothing if numbers may come of them."""
    if draws and all(_is_asked_for(draw.event) for draw in draws):
        return "used if an option asks for it"
    if only_measures_time(program, draws):
        return "timed"
    if only_shown(program, draws):
        return "shown"
    return "tried out" if only_tried(program, draws) else ""


def numbers_first(program: Program, draws: list[Draw]) -> list[Draw]:
    """The draws of a notebook, those that it only shows or tries before any number comes of one moved to the end."""
    if program.entry.notebook is None:
        return draws
    early = draws[:_MOST_EARLY]
    shown = next((n for n, draw in enumerate(early) if not use_of(program, [draw])), 0)
    return draws[shown:] + draws[:shown]


def _is_asked_for(event: CallEvent) -> bool:
    """Whether the very statement stands under an option that is off by default, as that for a random order."""
    statement = event.source.semantics.statement_of(event.node)
    condition = event.source.semantics.parent(statement)
    return event.optional and isinstance(condition, ast.If) and isinstance(statement, (ast.Expr, ast.Assign))
