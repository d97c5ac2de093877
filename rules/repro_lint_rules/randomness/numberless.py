"""Draws that no number comes of which a reader would want again: only shown, tried, or used to time something."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Literal

from repro_lint.api import CallEvent, Program, lazy_pattern
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.durations import only_measures_time
from repro_lint_rules.randomness.pictures import only_shown
from repro_lint_rules.randomness.tryouts import only_tried

Use = Literal["", "shown", "timed", "tried out", "used if an option asks for it"]
"""What is only done with draws; nothing where more is."""
_MADE_UP = lazy_pattern(r"(?i)^_?(fake|dummy|mock|random)\w*(data|dataset|loader|module|generator)$")
_MOST_EARLY = 8
"""How many draws are followed one by one, each through the whole file."""


def use_of(program: Program, draws: Sequence[Draw]) -> Use:
    """What is done with the draws, or nothing if numbers may come of them."""
    if program.entry.syntax_errors:
        return ""  # what does not parse may learn from them
    if draws and all(_is_made_up(draw.event) for draw in draws):
        return "tried out"
    if draws and all(_is_asked_for(draw.event) for draw in draws):
        return "used if an option asks for it"
    if only_measures_time(program, draws):
        return "timed"
    if only_shown(program, draws):
        return "shown"
    return "tried out" if only_tried(program, draws) else ""


def use_and_order(program: Program, draws: list[Draw]) -> tuple[Use, list[Draw]]:
    """What is only done with the draws; and the draws, those last that a notebook shows or tries before others."""
    use = use_of(program, draws)
    if use or program.entry.notebook is None:
        return use, draws
    for n, draw in enumerate(draws[:_MOST_EARLY]):
        use = use_of(program, [draw])
        if not use:
            return "", draws[n:] + draws[:n]
    return (use, draws) if len(draws) <= _MOST_EARLY else ("", draws)


def _is_asked_for(event: CallEvent) -> bool:
    """Whether the very statement stands under an option that is off by default, as that for a random order."""
    statement = event.source.semantics.statement_of(event.node)
    condition = event.source.semantics.parent(statement)
    return event.optional and isinstance(condition, ast.If) and isinstance(statement, (ast.Expr, ast.Assign))


def _is_made_up(event: CallEvent) -> bool:
    """Whether a class draws that is named after data which stands in for others."""
    homes = (function.home.node.name for function in event.stack if function.home is not None)
    return any(map(_MADE_UP.search, homes))
