"""Whether a cell does something in every run, or only where a condition holds."""

from __future__ import annotations

import ast
from functools import cached_property

from repro_lint.api import CodeCell, PythonSource, Span

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
            if guard.kind in ("if", "while") and not _always_holds(guard.test):
                return True
            if guard.kind == "try" and _goes_on(guard.node):
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


def _always_holds(test: ast.expr | None) -> bool:
    """Whether the test is a true constant, or ``__name__ == "__main__"``, as it is in a notebook."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    named = any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(test)) if test else False
    return named and isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)


def _goes_on(statement: ast.AST) -> bool:
    """Whether a handler of the ``try`` lets the program go on."""
    handlers = statement.handlers if isinstance(statement, ast.Try) else []
    return any(not isinstance(handler.body[-1], ast.Raise) for handler in handlers)


def _leaves_before(function: ast.FunctionDef, child: ast.stmt) -> bool:
    """Whether the function may return before it comes to one of its statements: ``if not IN_COLAB: return``."""
    before = function.body[: function.body.index(child)]
    return any(isinstance(part, ast.If) and isinstance(part.body[-1], ast.Return | ast.Raise) for part in before)
