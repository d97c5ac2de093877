"""What operators give where the text decides it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from repro_lint.execution.values import (
    OUTSIDE,
    UNKNOWN,
    Class,
    Constant,
    Function,
    Mapping,
    Member,
    Name,
    Object,
    Package,
    Result,
    Sequence,
    Value,
    join,
)

OTHER_SIDE = "\0other"
"""The note of a result that arithmetic has made of two: the second."""
_LARGEST = 2**64
_LONGEST = 200
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NUMBERS = (int, float)


def combined(kind: ast.operator, left: Value, right: Value) -> Value:
    """What a binary operator gives."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        a, b = left.value, right.value
        if isinstance(a, _NUMBERS) and isinstance(b, _NUMBERS) and abs(a) < _LARGEST and abs(b) < _LARGEST:
            compute = _ARITHMETIC.get(type(kind))
            try:
                return Constant(compute(a, b)) if compute is not None else UNKNOWN
            except (ArithmeticError, ValueError):
                return UNKNOWN
        if isinstance(a, str) and isinstance(b, str) and isinstance(kind, ast.Add) and len(a) + len(b) < _LONGEST:
            return Constant(a + b)
        return UNKNOWN
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        joined = left.add(right.items)
        return joined if right.complete else Sequence(joined.items, complete=False)
    if isinstance(left, Sequence) and isinstance(kind, ast.Mult):
        return Sequence(left.items, complete=False)
    if isinstance(left, Result) and isinstance(right, Result) and left.event is not right.event:
        return Result(left.event, {**left.notes, OTHER_SIDE: right})
    # Arithmetic with an array gives an array of its library.
    return next((side for side in (left, right) if isinstance(side, (Result, Member))), UNKNOWN)


def compared(kind: ast.cmpop, left: Value, right: Value) -> Value:
    """What a comparison of constants gives."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        try:
            return Constant(bool(_COMPARISONS[type(kind)](left.value, right.value)))
        except TypeError:
            return UNKNOWN
    return UNKNOWN


def is_same(left: Value, right: Value) -> bool | None:
    """What ``left is right`` gives, where the text tells."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        if left.value is None or right.value is None or isinstance(left.value, bool):
            return left.value is right.value
        return None
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant) and one.value is None:
            if isinstance(other, (Function, Class, Object, Name, Package, Sequence, Mapping)):
                return False
            if isinstance(other, Result):
                last = (other.event.name or "").rpartition(".")[2]
                return False if last[:1].isupper() or last == "default_rng" else None
    return None


def contained(left: Value, right: Value, positive: bool) -> Value:
    """What ``left in right`` gives, or ``not in`` where not ``positive``."""
    if isinstance(left, Constant) and right == Name("sys.argv"):
        return join(Constant(not positive), OUTSIDE)
    if isinstance(left, Constant) and isinstance(right, (Sequence, Mapping)) and right.complete:
        if isinstance(right, Mapping):
            return Constant((left.value in right.items) is positive)
        if all(isinstance(item, Constant) for item in right.items):
            values = [item.value for item in right.items if isinstance(item, Constant)]
            return Constant((left.value in values) is positive)
    return UNKNOWN


def comparison(kind: ast.cmpop, left: Value, right: Value) -> Value:
    """What any comparison of two values gives."""
    if isinstance(kind, (ast.Is, ast.IsNot)):
        found = is_same(left, right)
        return UNKNOWN if found is None else Constant(found is isinstance(kind, ast.Is))
    if isinstance(kind, (ast.In, ast.NotIn)):
        return contained(left, right, isinstance(kind, ast.In))
    return compared(kind, left, right)
