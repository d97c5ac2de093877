"""The straight path of a notebook: the calls that certainly happen when all cells run from the first to the last."""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from repro_lint.api import PythonSource

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NESTED = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_LISTS = (ast.ListComp, ast.SetComp, ast.DictComp)
_NOT_RUN = frozenset({"suppress", "raises", "assertRaises", "patch", "Output", "ExitStack"})
"""Context managers that swallow exceptions or put something else in the place of what the body calls."""
_EXITS = frozenset({"exit", "quit", "_exit", "abort"})
_DEPTH = 8
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


@dataclass(frozen=True)
class Reached:
    """A call of interest that certainly happens: ``call``, on behalf of ``origin``, a call at the notebook's own level.

    The two are the same where no function of the notebook lies between them.
    """

    origin: ast.Call
    call: ast.Call


class StraightPath:
    """Walks the cells in order, into the functions and methods of the notebook that they call.

    ``wanted`` tells the calls of interest. What stands in a branch, in a loop that may not run, after a way out of a
    function, or where a handler would catch ``NotImplementedError`` is not certain, and not given.
    """

    def __init__(self, source: PythonSource, wanted: Callable[[ast.Call], bool]) -> None:
        self._semantics = source.semantics
        self._wanted = wanted
        self._definitions: dict[str, ast.stmt] = {}
        self._instances: dict[str, ast.ClassDef] = {}
        self._found: dict[ast.AST, ast.Call | None] = {}
        self._values: dict[str, object] = {}
        self._changed_inside = {name for node in self._semantics.nodes(ast.Global) for name in node.names}

    def reached(self, statements: Iterable[ast.stmt]) -> Iterator[Reached]:
        """The calls of interest in further statements of the notebook, which run after those given before."""
        for statement in statements:
            for call in self._statement(statement, self._values, endless=False):
                if (found := self._behind(call, None, 0)) is not None:
                    yield Reached(call, found)
            self._bind(statement)
            _remember(statement, self._values)
            for name in self._changed_inside:
                self._values.pop(name, None)

    # Which calls a block makes.

    def _block(self, block: list[ast.stmt], *, endless: bool = False) -> Iterator[ast.Call]:
        """The calls that happen whenever the block runs, up to where control may leave it."""
        values: dict[str, object] = {}
        for statement in block:
            yield from self._statement(statement, values, endless=endless)
            if _may_leave(statement):
                return
            _remember(statement, values)

    def _statement(self, statement: ast.stmt, values: dict[str, object], *, endless: bool) -> Iterator[ast.Call]:
        if isinstance(statement, _NESTED):
            return
        for expression in _headers(statement):
            yield from self._calls(expression)
        if isinstance(statement, ast.If):
            truth = True if _is_main(statement.test) else self._truth(statement.test, values)
            if truth is not None:
                yield from self._block(statement.body if truth else statement.orelse, endless=endless)
        elif isinstance(statement, ast.While):
            if self._truth(statement.test, values):
                yield from self._block(statement.body, endless=isinstance(statement.test, ast.Constant))
        elif isinstance(statement, ast.For):
            if self._has_items(statement.iter):
                yield from self._block(statement.body)
        elif isinstance(statement, ast.With):
            if not any(_last_name(item.context_expr) in _NOT_RUN for item in statement.items):
                yield from self._block(statement.body, endless=endless)
        elif isinstance(statement, ast.Try):
            yield from self._try(statement, endless=endless)

    def _try(self, statement: ast.Try, *, endless: bool) -> Iterator[ast.Call]:
        goes_on = [handler for handler in statement.handlers if not isinstance(handler.body[-1], ast.Raise)]
        # Caught and asked again for ever: a run hangs there instead of stopping.
        hangs = endless and not any(_may_leave(part, to_next=False) for handler in goes_on for part in handler.body)
        if hangs or not any(_catches(handler.type) for handler in goes_on):
            for part in statement.body:
                yield from self._block([part], endless=endless)
                if goes_on and (_may_raise(part) or _may_leave(part)):
                    break
        yield from self._block(statement.finalbody)

    def _calls(self, expression: ast.expr) -> Iterator[ast.Call]:
        """The calls that happen whenever the expression is evaluated, an outer call before those in its arguments."""
        stack: list[ast.AST] = [expression]
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Call):
                yield node
            if isinstance(node, ast.Lambda):
                continue
            if isinstance(node, ast.IfExp):
                stack.append(node.test)
            elif isinstance(node, ast.BoolOp):
                stack.append(node.values[0])
            elif isinstance(node, (*_LISTS, ast.GeneratorExp)):
                clause = node.generators[0]
                once = len(node.generators) == 1 and not clause.ifs and self._has_items(clause.iter)
                if once and isinstance(node, ast.ListComp | ast.SetComp):
                    stack.append(node.elt)
                elif once and isinstance(node, ast.DictComp):
                    stack += [node.value, node.key]
                stack.append(clause.iter)
            else:
                stack += reversed(list(ast.iter_child_nodes(node)))

    # What a call leads to.

    def _behind(self, call: ast.Call, owner: ast.ClassDef | None, depth: int) -> ast.Call | None:
        """The call of interest that the call is or certainly leads to, made by a method of ``owner`` if that is set."""
        if self._wanted(call):
            return call
        target = self._target(call, owner)
        if target is None or depth > _DEPTH:
            return None
        function, owner = target
        if function not in self._found:
            self._found[function] = None  # one that calls itself does not get further by that
            calls = self._block(function.body) if _runs_when_called(function) else iter(())
            found = (self._behind(inner, owner, depth + 1) for inner in calls)
            self._found[function] = next((inner for inner in found if inner is not None), None)
        return self._found[function]

    def _target(self, call: ast.Call, owner: ast.ClassDef | None) -> tuple[ast.FunctionDef, ast.ClassDef | None] | None:
        """The function of the notebook that the call runs, with its class for a method."""
        called = call.func
        if isinstance(called, ast.Name) and self._is_global(called):
            definition = self._definitions.get(called.id)
            if isinstance(definition, ast.FunctionDef):
                return definition, None
            return _method(definition, "__init__") if isinstance(definition, ast.ClassDef) else None
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            if called.value.id == "self":
                return _method(owner, called.attr) if owner is not None else None
            if self._is_global(called.value) and called.value.id in self._instances:
                return _method(self._instances[called.value.id], called.attr)
        return None

    def _is_global(self, name: ast.Name) -> bool:
        scope = self._semantics.scope_of(name).find(name.id)
        return scope is not None and scope.kind == "module"

    def _bind(self, statement: ast.stmt) -> None:
        """Note what the names of the notebook stand for after a statement."""
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            self._forget(statement.name)
            self._definitions[statement.name] = statement
            return
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self._forget(node.id)
            elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                self._forget(node.name)
            elif isinstance(node, ast.alias):
                self._forget((node.asname or node.name).partition(".")[0])
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            target, called = statement.targets[0], statement.value.func
            made = self._definitions.get(called.id) if isinstance(called, ast.Name) else None
            if isinstance(target, ast.Name) and isinstance(made, ast.ClassDef):
                self._instances[target.id] = made

    def _forget(self, name: str) -> None:
        known = self._definitions.pop(name, None)
        if self._instances.pop(name, None) is not None or known is not None:
            self._found.clear()

    # What the text decides.

    def _truth(self, test: ast.expr, values: dict[str, object]) -> bool | None:
        """The outcome of a test, where constants decide it."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._truth(test.operand, values)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            outcomes = {self._truth(operand, values) for operand in test.values}
            decisive = isinstance(test.op, ast.Or)
            return decisive if decisive in outcomes else None if None in outcomes else not decisive
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in _COMPARISONS:
            left, right = _value(test.left, values), _value(test.comparators[0], values)
            if left is _UNKNOWN or right is _UNKNOWN:
                return None
            try:
                return bool(_COMPARISONS[type(test.ops[0])](left, right))
            except TypeError:  # the run stops here for another reason
                return None
        value = _value(test, values)
        return None if value is _UNKNOWN else bool(value)

    def _has_items(self, iterable: ast.expr) -> bool:
        """Whether something to loop over certainly has an item."""
        if isinstance(iterable, ast.Call) and self._semantics.resolve(iterable.func) == "builtins.range":
            numbers = [self._semantics.constant(argument) for argument in iterable.args]
            bounds = [number for number in numbers if isinstance(number, int)]
            return len(bounds) == len(numbers) in (1, 2) and len(range(*bounds)) > 0
        value = self._semantics.constant(iterable)
        return isinstance(value, list | tuple | str | dict | set) and len(value) > 0


def _headers(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions that are evaluated first when the statement runs."""
    if isinstance(statement, ast.Assert | ast.If | ast.While):
        yield statement.test
    elif isinstance(statement, ast.For | ast.AsyncFor):
        yield statement.iter
    elif isinstance(statement, ast.With | ast.AsyncWith):
        yield from (item.context_expr for item in statement.items)
    elif isinstance(statement, ast.Match):
        yield statement.subject
    elif not isinstance(statement, ast.Try):
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr) and child is not getattr(statement, "annotation", None):
                yield child


def _value(expression: ast.expr, values: dict[str, object]) -> object:
    """The constant that the expression is, or that its name stands for; also of ``answer.isdigit()`` and ``[1, 2]``."""
    if isinstance(expression, ast.Name):
        return values.get(expression.id, _UNKNOWN)
    if isinstance(expression, ast.List | ast.Tuple | ast.Set):
        items = [_value(element, values) for element in expression.elts]
        return _UNKNOWN if _UNKNOWN in items else items
    if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Attribute) and not expression.args:
        text = _value(expression.func.value, values)
        if isinstance(text, str) and expression.func.attr in _TEXT_METHODS:
            result: object = getattr(text, expression.func.attr)()
            return result
    return expression.value if isinstance(expression, ast.Constant) else _UNKNOWN


def _remember(statement: ast.stmt, values: dict[str, object]) -> None:
    """Note the constants that names have after a statement of a block."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            values.pop(node.id, None)
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                values[target.id] = statement.value.value


def _may_leave(statement: ast.stmt, *, to_next: bool = True) -> bool:
    """Whether control may leave the block at this statement; ``to_next``: also for the next turn of its loop."""
    ways = (ast.Break, ast.Continue) if to_next else (ast.Break,)
    stack: list[tuple[ast.AST, bool]] = [(statement, False)]
    while stack:
        node, in_loop = stack.pop()
        if isinstance(node, ast.Return | ast.Raise) or (isinstance(node, ways) and not in_loop):
            return True
        if isinstance(node, ast.Call) and _last_name(node) in _EXITS:
            return True
        if not isinstance(node, _NESTED):
            inside = in_loop or isinstance(node, ast.For | ast.AsyncFor | ast.While)
            stack += [(child, inside) for child in ast.iter_child_nodes(node)]
    return False


def _may_raise(statement: ast.stmt) -> bool:
    """Whether a statement does more than print and name values."""
    risky = (ast.Import, ast.ImportFrom, ast.Subscript, ast.Assert, ast.BinOp, ast.Attribute)
    return any(
        isinstance(node, risky) or (isinstance(node, ast.Call) and _last_name(node) != "print")
        for node in ast.walk(statement)
    )


def _catches(caught: ast.expr | None) -> bool:
    """Whether a handler may catch the ``NotImplementedError`` that a kernel without a user raises."""
    if caught is None:
        return True
    types = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    for type_ in types:
        known = getattr(builtins, type_.id, None) if isinstance(type_, ast.Name) else None
        if not isinstance(known, type) or issubclass(NotImplementedError, known):
            return True
    return False


def _runs_when_called(function: ast.FunctionDef) -> bool:
    """Whether a call runs the body, which decorators may prevent and generators put off."""
    if any(_last_name(decorator) not in ("staticmethod", "classmethod") for decorator in function.decorator_list):
        return False
    stack: list[ast.AST] = [*function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return False
        if not isinstance(node, _NESTED):
            stack += ast.iter_child_nodes(node)
    return True


def _method(owner: ast.ClassDef | None, name: str) -> tuple[ast.FunctionDef, ast.ClassDef] | None:
    """The method as the class itself defines it."""
    if owner is None or owner.decorator_list or owner.keywords:
        return None
    found = [part for part in owner.body if isinstance(part, ast.FunctionDef) and part.name == name]
    return (found[-1], owner) if found else None


def _is_main(test: ast.expr) -> bool:
    """Whether the test is ``__name__ == "__main__"``, which holds in a notebook."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _last_name(node: ast.expr) -> str | None:
    """The last component of a dotted name, or of what a call calls."""
    called = node.func if isinstance(node, ast.Call) else node
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
