"""Generators as values: where they are made, and what they start from."""

from __future__ import annotations

import ast

from repro_lint.api import FUNCTIONS, CallEvent, Member, Result, Value, is_none, is_none_by_default, root_of
from repro_lint_rules.randomness.entropy import Origin, origin
from repro_lint_rules.randomness.knowledge import canonical, knowledge

_DEEPEST = 5


def generator_of(event: CallEvent) -> Result | None:
    """The generator whose method is called, or None."""
    root = root_of(event.receiver) if event.receiver is not None else None
    return root if isinstance(root, Result) and is_made(root) else None


def is_made(value: Result) -> bool:
    """Whether the call that gave the value makes a generator."""
    return canonical(value.event.name or "") in knowledge().generators


def start_of(generator: Result, depth: int = 0) -> tuple[bool, Origin | None]:
    """Whether the generator surely starts from fresh entropy, and what its seed is made of if that differs."""
    event = generator.event
    made = knowledge().generators[canonical(event.name or "")]
    if made.position is None:
        return True, None
    if event.open or event.alternative or event.chosen:
        return False, None
    seed = event.argument(made.position, made.keyword, "seed")
    if is_none(seed) or none_by_default(event, seed):
        return True, None
    root = root_of(seed) if isinstance(seed, (Result, Member)) else None
    if isinstance(root, Result) and is_made(root) and depth < _DEEPEST:
        return start_of(root, depth + 1)
    different = origin(seed)
    return False, different if different is not None and different.kind != "drawn" else None


def none_by_default(event: CallEvent, seed: Value | None) -> bool:
    """Whether the seed is None unless somebody passes one; a condition around the call may have asked for that."""
    return event.certain and is_none_by_default(seed)


def is_fallback(event: CallEvent) -> bool:
    """Whether a function makes the generator if it is passed none, where it is not known whether it is called at all.

    ``if rng is None: rng = np.random.default_rng()``
    """
    if event.certain or not event.stack:
        return False
    for node in event.source.semantics.ancestors(event.node):
        if isinstance(node, FUNCTIONS):
            return False
        test = node.test if isinstance(node, (ast.If, ast.IfExp)) else None
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and isinstance(test.left, ast.Name):
            return any(test.left.id == arg.arg for arg in _arguments(event.stack[-1].node))
    return False


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs]
