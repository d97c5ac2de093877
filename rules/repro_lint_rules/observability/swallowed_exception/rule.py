"""Every error is caught, and nobody learns of it."""

from __future__ import annotations

import ast

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
    code_of,
    last_name,
)
from repro_lint_rules.observability.handlers import (
    cleans_up,
    does_nothing,
    gives_nothing,
    is_broad,
    is_explained,
    is_in_tests,
    is_under_way,
    says_something,
    tries_only,
)


class SwallowedException(Rule):
    """Looks for handlers of every kind of error that neither raise, log, nor look at what they caught."""

    meta = RuleMeta(
        code="OBS001",
        name="swallowed-exception",
        family="observability",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Every error is caught, and nobody learns of it.",
        why="A typo, a missing file or a full disk looks like success, and the results are wrong without a trace.",
        help="catch the errors that you expect, and log the others with their traceback or let them through",
    )
    triggers = (b"except:", b"except :", b"Exception", b"suppress")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each handler, at its first line."""
        if is_in_tests(source.path):
            return
        for handler in source.semantics.nodes(ast.ExceptHandler):
            if not is_broad(handler.type) or says_something(handler) or tries_only(source, handler):
                continue
            if is_explained(source, handler) or not (does_nothing(handler) or gives_nothing(handler)):
                continue
            if (block := source.semantics.parent(handler)) is not None and is_under_way(source, block):
                continue
            what = "goes on" if does_nothing(handler) else "gives an empty result"
            caught = "except:" if handler.type is None else f"except {code_of(handler.type)}:"
            yield Finding(
                source.place(_Head(handler), source.semantics.scope_of(handler).qualname),
                f"`{caught}` catches every error and {what}, without a word",
                confidence=Confidence.HIGH if does_nothing(handler) else Confidence.MEDIUM,
            )
        for call in source.semantics.calls_to("contextlib.suppress"):
            broad = next((arg for arg in call.args if last_name(arg) in ("Exception", "BaseException")), None)
            block = source.semantics.statement_of(call.node)
            if broad is not None and isinstance(block, (ast.With, ast.AsyncWith)) and not cleans_up(block.body):
                yield Finding(
                    source.place(call.node), f"`suppress({last_name(broad)})` drops every error without a word"
                )


class _Head(ast.expr):
    """The word that begins a handler, for its place."""

    def __init__(self, handler: ast.ExceptHandler) -> None:
        self.lineno = self.end_lineno = handler.lineno
        self.col_offset = handler.col_offset
        self.end_col_offset = handler.col_offset + len("except")
