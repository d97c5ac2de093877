"""What the text decides of tests and loops when control comes to them for the first time."""

from __future__ import annotations

import ast
import operator
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any

from repro_lint.api import Semantics

_UNKNOWN = object()
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}
_TEXT_METHODS = frozenset({"isdigit", "isnumeric", "isdecimal", "isalpha", "lower", "upper", "strip"})


def decided(test: ast.expr) -> bool | None:
    """The outcome of a test that is a constant, asks whether this is the main program, or negates one; else None."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = decided(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        name, value = sorted((test.left, test.comparators[0]), key=lambda side: isinstance(side, ast.Constant))
        if isinstance(name, ast.Name) and name.id == "__name__" and isinstance(value, ast.Constant):
            same = value.value == "__main__"  # a notebook runs as the main program, and so does what it runs
            return same if isinstance(test.ops[0], ast.Eq) else not same
    return None


class FirstPass:
    """Answers for one program. A name has the constant it was last given above, whatever a loop does to it later."""

    def __init__(self, semantics: Semantics) -> None:
        self._semantics = semantics

    def truth(self, test: ast.expr) -> bool | None:
        """The outcome of a test, where constants decide it."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.truth(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            outcomes = {self.truth(operand) for operand in test.values}
            decisive = isinstance(test.op, ast.Or)
            return decisive if decisive in outcomes else None if None in outcomes else not decisive
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in _COMPARISONS:
            left, right = self._value(test.left), self._value(test.comparators[0])
            if left is _UNKNOWN or right is _UNKNOWN:
                return None
            try:
                return bool(_COMPARISONS[type(test.ops[0])](left, right))
            except TypeError:  # the run stops here for another reason
                return None
        value = self._value(test)
        return None if value is _UNKNOWN else bool(value)

    def has_items(self, iterable: ast.expr) -> bool:
        """Whether something to loop over certainly has an item."""
        if isinstance(iterable, ast.Call) and self._semantics.resolve(iterable.func) == "builtins.range":
            numbers = [self._semantics.constant(argument) for argument in iterable.args]
            bounds = [number for number in numbers if isinstance(number, int)]
            return len(bounds) == len(numbers) in (1, 2) and len(range(*bounds)) > 0
        value = self._semantics.constant(iterable)
        return isinstance(value, list | tuple | str | set | Mapping) and len(value) > 0

    def _value(self, expression: ast.expr) -> object:
        """The constant that the expression is, or that its name has; also of ``answer.isdigit()`` and ``[1, 2]``."""
        if isinstance(expression, ast.Name):
            return self._assigned(expression)
        if isinstance(expression, ast.List | ast.Tuple | ast.Set):
            items = [self._value(element) for element in expression.elts]
            return _UNKNOWN if _UNKNOWN in items else items
        if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Attribute) and not expression.args:
            text = self._value(expression.func.value)
            if isinstance(text, str) and expression.func.attr in _TEXT_METHODS:
                result: object = getattr(text, expression.func.attr)()
                return result
        return expression.value if isinstance(expression, ast.Constant) else _UNKNOWN

    def _assigned(self, name: ast.Name) -> object:
        """The constant that the last binding above the name assigns, if nothing but it can have run last."""
        semantics = self._semantics
        scope = semantics.scope_of(name)
        if scope.find(name.id) is not scope:
            return _UNKNOWN
        bindings = semantics.bindings_of(name)
        position = semantics.index.position
        above = bisect_left(bindings, position[name], key=lambda binding: position[binding.node])
        if above == 0 or any(semantics.scope_of(binding.node) is not scope for binding in bindings):
            return _UNKNOWN
        last = bindings[above - 1]
        certain = last.kind == "assign" and semantics.always_before(last.node, name)
        return last.assigned.value if certain and isinstance(last.assigned, ast.Constant) else _UNKNOWN
