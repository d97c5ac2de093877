"""What a module shows of itself in its main guard: a program that nobody runs for its result."""

from __future__ import annotations

import ast

from repro_lint.api import CallEvent, Program, lazy_pattern
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.sinks import does

_WORKING = lazy_pattern(
    r"(?i)^(open|input|get|post|urlopen|connect|listdir|scandir|i?glob|walk|iterdir|(make|make_vec|vec)(_env)?$|parse_(known_)?args"
    r"|ArgumentParser|argument|option|minimize|optimize|compute|run|main|step|render|imread|imwrite)$"
    r"|^(read|load|fetch|download|from_pretrained|save|to_|write|dump|fit|train|learn|evaluate)"
)
"""Functions and methods that take data or options in, learn from them, or give something out that stays."""
_PLOTTING = lazy_pattern(r"(?i)^(image|figure|subplots?)$|^(plot|show|draw|scatter|imshow)")


class Work:
    """Hears whether a program takes anything in, learns, or gives out more than what it prints."""

    def __init__(self) -> None:
        self.done = False
        self.plotted = False

    def hear(self, event: CallEvent) -> None:
        """Note what the call does."""
        if self.done or event.method is None or does("printing", event.method):
            return
        self.done = does("writing", event.method) or _WORKING.search(event.method) is not None
        self.plotted = self.plotted or _PLOTTING.search(event.method) is not None


def is_self_test(program: Program, draws: list[Draw], plotted: bool) -> bool:
    """Whether it is the main guard of a module that others import, and only tries what the module defines.

    Such a guard makes objects of the module and gives them numbers. One that calls a function which draws is not meant:
    that function may be a simulation; unless the guard makes up its input, too, and only prints what comes out.
    """
    guard = program.entry.semantics.main_guard if program.entry.notebook is None else None
    if guard is None:
        return False
    made_up = any(not draw.event.stack and program.entry.semantics.in_main_guard(draw.event.node) for draw in draws)
    if not all(_is_tried(draw.event) for draw in draws) and (plotted or not made_up):
        return False
    if any(isinstance(node, ast.Attribute) and node.attr == "argv" for node in ast.walk(guard)):
        return False
    return program.is_imported  # last, for it asks every file of the project


def _is_tried(event: CallEvent) -> bool:
    """Whether the draw stands in the main guard itself, or in a method that is called there."""
    return event.stack[0].home is not None if event.stack else event.source.semantics.in_main_guard(event.node)
