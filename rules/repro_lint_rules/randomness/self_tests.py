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
_LASTING = lazy_pattern(
    r"(?i)^(input|post|connect|(make|make_vec|vec)(_env)?$|parse_(known_)?args|ArgumentParser|argument|option|minimize|optimize"
    r"|run|step|render|imwrite)$|^(save|to_(?!tensor)|write|dump|fit|train|learn|evaluate|backward|load_|fetch_|read_)"
)
"""Of these, those that do more than to take something in."""
_GUARDS = lazy_pattern(r"(?i)^_?(main|tests?|demo|example|self_?test|run_tests?)$")
"""Functions in which a module tries itself, as others do in their main guard."""
_TESTS = lazy_pattern(r"(?i)^_?(tests?|demo|self_?test|run_tests?)$")
"""Of these, those that are no more than that, as their names say."""
_LEARNING = lazy_pattern(r"(?i)^(fit|train|learn|solve|simulate|optimi[sz]e|run)(_|$)")
"""Methods that make results."""
_CHECKS = lazy_pattern(
    r"(?i)(^|[/_])((check_?)?grad(ient)?s?_?check(ing|er)?|check_?grad(ient)?s?|sanity_?checks?)(_[^/]*)?\.\w+$"
    r"|(^|/)(examples?|gallery|tutorials?)/([^/]+/)*plot_[^/]*\.py$"
)
"""Files that check code, and pages of a gallery, whose names start so where a documentation runs them."""
_PLOTTING = lazy_pattern(r"(?i)^(image|figure|subplots?)$|^(plot|show|draw|scatter|imshow)")


class Work:
    """Hears whether a program takes anything in, learns, or gives out more than what it prints, its imports aside."""

    def __init__(self) -> None:
        self.done = False
        self.lasting = False
        """Whether it does more than to take something in."""
        self.plotted = False

    def hear(self, event: CallEvent) -> None:
        """Note what the call does."""
        if self.lasting or event.method is None or does("printing", event.method) or event.importing is not None:
            return
        self.lasting = does("writing", event.method) or _LASTING.search(event.method) is not None
        self.done = self.done or self.lasting or _WORKING.search(event.method) is not None
        self.plotted = self.plotted or _PLOTTING.search(event.method) is not None


def is_check(path: str) -> bool:
    """Whether a file is named after a check of code, such as of its derivatives, or is a page of a gallery."""
    return _CHECKS.search(path) is not None


def tries_itself(program: Program, draws: list[Draw], takes: bool) -> bool:
    """Whether a module that others import tries what it defines, with numbers made up there or with a file.

    As for ``is_self_test``, the draws are made by the main guard, or by a function that is named as what tries a module
    and does what others do there; or by methods that these call. Where its name says that it tests, and it ``takes``
    nothing in, nobody need import the module.
    """
    guard = program.entry.semantics.main_guard if program.entry.notebook is None else None
    if guard is None or not draws or not all(_is_made_in_trial(draw.event) for draw in draws):
        return False
    named = all(draw.event.stack and _TESTS.search(draw.event.stack[0].name) for draw in draws)
    return (named and not takes) or program.is_imported


def _is_made_in_trial(event: CallEvent) -> bool:
    stack = event.stack
    if any(_LEARNING.search(function.name) for function in stack):
        return False
    if len(stack) == 1 and event.statement is event.source.semantics.main_guard:
        return True  # a function that draws: its module tries it, as others import it
    if stack and stack[0].home is None and _GUARDS.search(stack[0].name) and stack[0].source is event.source:
        stack = stack[1:]
        return not stack or stack[0].home is not None
    return _is_tried(event)


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
