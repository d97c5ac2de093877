"""Whether two calls are made in one run: branches of a condition, commands of a command line."""

from __future__ import annotations

import ast

from repro_lint.api import CallEvent, PythonSource


def other_branch(a: CallEvent, b: CallEvent) -> bool:
    """Whether two calls stand in different branches of one condition, so that only one of them runs."""
    if a.source is not b.source:
        return False
    around = set(b.source.semantics.ancestors(b.node))
    return any(
        isinstance(node, ast.If) and _branch_of(a.source, a.node, node) != _branch_of(b.source, b.node, node)
        for node in a.source.semantics.ancestors(a.node)
        if node in around
    )


def same_condition(seed: CallEvent, draw: CallEvent) -> bool:
    """Whether what decides if the seed is set decides, too, if anything is drawn."""
    if seed.source is not draw.source:
        return False
    around = list(draw.source.semantics.ancestors(draw.node))
    condition = next((node for node in seed.source.semantics.ancestors(seed.node) if isinstance(node, ast.If)), None)
    if condition is None and seed.stack and draw.stack:
        return seed.stack[-1].node is draw.stack[-1].node
    return condition in around and _branch_of(seed.source, seed.node, condition) is _branch_of(
        draw.source, draw.node, condition
    )


def other_command(a: CallEvent, b: CallEvent) -> bool:
    """Whether two calls are made by different commands of a command line, of which one run takes one."""
    if not (a.stack and b.stack) or a.stack[0].node is b.stack[0].node:
        return False
    return all(_is_command(event.stack[0].node) for event in (a, b))


def _is_command(node: ast.AST) -> bool:
    decorators = (getattr(made, "func", made) for made in getattr(node, "decorator_list", ()))
    return any(isinstance(made, ast.Attribute) and made.attr == "command" for made in decorators)


def _branch_of(source: PythonSource, node: ast.AST, condition: ast.If) -> bool:
    """Whether the node stands in the part after else."""
    inside = [node, *source.semantics.ancestors(node)]
    return any(statement in inside for statement in condition.orelse)
