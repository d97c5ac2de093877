"""Whether a cell does something in every run, or only where a condition holds."""

from __future__ import annotations

import ast
from functools import cached_property

from repro_lint.api import CodeCell, PythonSource, Span
from repro_lint_rules.notebooks.first_pass import decided
from repro_lint_rules.notebooks.handlers import going_on

_DEPTH = 4


class CellGuards:
    """Answers for one program. In doubt something is guarded: it is then not certain to happen."""

    def __init__(self, source: PythonSource) -> None:
        self._source = source
        self._semantics = source.semantics

    def of_line(self, cell: CodeCell, span: Span) -> bool:
        """Whether a line magic or shell command stands under a condition: a statement holds its place in the tree."""
        if self._source.notebook is None:  # they are comments there
            return False
        statement = self._statements.get(cell.first_line + span.line - 1)
        return span.column > 1 if statement is None else self.of_node(statement)

    def of_node(self, node: ast.AST) -> bool:
        """Whether a node stands under a condition, or in a function that is not certainly called."""
        return self._is_guarded(node, 0)

    @cached_property
    def _statements(self) -> dict[int, ast.stmt]:
        """The innermost statement that begins on each line."""
        return {node.lineno: node for node in self._semantics.nodes(ast.stmt)}

    def _is_guarded(self, node: ast.AST, depth: int) -> bool:
        for guard in self._semantics.guards(node):
            if guard.kind in ("except", "else", "match") or not guard.polarity:
                return True
            if guard.kind in ("if", "while") and not (guard.test and decided(guard.test)):
                return True
            if isinstance(guard.node, ast.Try) and guard.kind == "try" and going_on(guard.node):
                return True
        child = node
        for parent in self._semantics.ancestors(node):
            if isinstance(parent, ast.Lambda | ast.ClassDef | ast.AsyncFunctionDef):
                return True
            if isinstance(parent, ast.FunctionDef) and isinstance(child, ast.stmt) and child in parent.body:
                return _leaves_before(parent, child) or self._is_uncertain(parent, depth)
            child = parent
        return False

    def _is_uncertain(self, function: ast.FunctionDef, depth: int) -> bool:
        """Whether no call of the function is known that happens in every run."""
        scope = self._semantics.own_scope(function)
        if scope is None or depth >= _DEPTH:
            return True
        calls = self._semantics.calls_to(f"__main__.{scope.qualname}")
        return all(self._is_guarded(call.node, depth + 1) for call in calls)


def _leaves_before(function: ast.FunctionDef, child: ast.stmt) -> bool:
    """Whether the function may return before it comes to one of its statements: ``if not IN_COLAB: return``."""
    before = function.body[: function.body.index(child)]
    return any(isinstance(part, ast.If) and isinstance(part.body[-1], ast.Return | ast.Raise) for part in before)
