"""Draws that no number comes of which a reader would want again: they are only shown, or used to time something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from repro_lint.api import Program
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.durations import only_measures_time
from repro_lint_rules.randomness.pictures import only_shown


def use_of(program: Program, draws: Sequence[Draw]) -> Literal["", "shown", "timed"]:
    """What is done with the draws, or nothing if numbers may come of them."""
    if only_measures_time(program, draws):
        return "timed"
    return "shown" if only_shown(program, draws) else ""
