"""The walk through a program in the order in which it would run."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from repro_lint.execution.events import Handler
from repro_lint.execution.frames import Frame
from repro_lint.execution.machine import MAX_NESTING, Flow
from repro_lint.execution.operators import combined
from repro_lint.execution.statements import assigned_names, callables, decorator_name, leaves, stands_in
from repro_lint.execution.targets import Targets
from repro_lint.execution.values import (
    NONE,
    UNKNOWN,
    Class,
    Constant,
    Function,
    Object,
    Result,
    Sequence,
    Value,
    default_of,
    join,
    truth,
)
from repro_lint.project import Project
from repro_lint.sources.nodes import TRIES
from repro_lint.sources.python import PythonSource

_CONTEXTS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_EXITS = frozenset({"sys.exit", "builtins.exit", "builtins.quit", "os._exit"})
_KINDS: dict[str, Any] = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
}


class Walker(Targets):
    """Runs statements: both branches of a condition that is not decided, and the body of a loop once."""

    def run_block(self, block: list[ast.stmt], frame: Frame) -> Flow:
        """Run the statements up to the one that leaves the block."""
        for statement in block:
            flow = self.run_statement(statement, frame)
            if flow is not Flow.NEXT:
                return flow
        return Flow.NEXT

    def run_statement(self, node: ast.stmt, frame: Frame) -> Flow:
        """Run one statement."""
        if self.exhausted():
            return Flow.STOP
        if self.nesting > MAX_NESTING:
            self.problem = self.problem or "it is nested too deep"
            return Flow.NEXT
        run = _STATEMENTS.get(type(node))
        self.nesting += 1
        try:
            if run is not None:
                return run(self, node, frame) or Flow.NEXT
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.evaluate(child, frame)
            return Flow.NEXT
        finally:
            self.nesting -= 1

    # Simple statements.

    def _expression(self, node: ast.Expr, frame: Frame) -> Flow:
        value = self.evaluate(node.value, frame)
        if isinstance(value, Result) and value.event.name in _EXITS and value.event.node is node.value:
            return Flow.STOP
        return Flow.NEXT

    def _assignment(self, node: ast.Assign, frame: Frame) -> None:
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.assign(target, value, frame)

    def _annotated(self, node: ast.AnnAssign, frame: Frame) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, frame), frame)

    def _augmented(self, node: ast.AugAssign, frame: Frame) -> None:
        left, right = self.evaluate(node.target, frame), self.evaluate(node.value, frame)
        self.assign(node.target, combined(node.op, left, right), frame)

    def _return(self, node: ast.Return, frame: Frame) -> Flow:
        value = self.evaluate(node.value, frame) if node.value is not None else NONE
        inside: Frame = frame
        while inside.kind in ("comprehension", "class") and inside.parent is not None:
            inside = inside.parent
        inside.results.append(value)
        return Flow.STOP

    def _raise(self, node: ast.Raise, frame: Frame) -> Flow:
        if node.exc is not None:
            self.evaluate(node.exc, frame)
        return Flow.STOP

    def _leave_loop(self, node: ast.stmt, frame: Frame) -> Flow:
        return Flow.LOOP

    def _assert(self, node: ast.Assert, frame: Frame) -> None:
        self.evaluate(node.test, frame)

    def _global(self, node: ast.Global, frame: Frame) -> None:
        frame.globals.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal, frame: Frame) -> None:
        frame.nonlocals.update(node.names)

    def _import(self, node: ast.Import, frame: Frame) -> None:
        self.run_import(node, frame)

    def _import_from(self, node: ast.ImportFrom, frame: Frame) -> None:
        self.run_import_from(node, frame)

    def _delete(self, node: ast.Delete, frame: Frame) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.assign(target, UNKNOWN, frame)

    # Conditions and loops.

    def _if(self, node: ast.If, frame: Frame) -> Flow:
        test = self.evaluate(node.test, frame)
        decided, usual = truth(test), truth(default_of(test))
        if decided is not None:
            return self.run_block(node.body if decided else node.orelse, frame)
        return self.branch(
            lambda: self._run_optional(usual is False, node.body, frame),
            lambda: self._run_optional(usual is True, node.orelse, frame),
        )

    def _run_optional(self, optional: bool, block: list[ast.stmt], frame: Frame) -> Flow:
        """Run a branch, which by default is not taken if it is ``optional``."""
        self.optional += optional
        try:
            return self.run_block(block, frame)
        finally:
            self.optional -= optional

    def _for(self, node: ast.For | ast.AsyncFor, frame: Frame) -> Flow:
        iterable = self.evaluate(node.iter, frame)
        if _counts_to_zero(node.iter, iterable):
            return self.run_block(node.orelse, frame)
        for item in callables(iterable) or [self.element(iterable)]:
            self.assign(node.target, item, frame)
            self._loop_body(node.body, frame)
        return self.run_block(node.orelse, frame)

    def _while(self, node: ast.While, frame: Frame) -> Flow:
        decided = truth(self.evaluate(node.test, frame))
        if decided is not False:
            self._loop_body(node.body, frame)
        return self.run_block(node.orelse, frame)

    def _loop_body(self, block: list[ast.stmt], frame: Frame) -> None:
        """Run the body for any of its turns: what it binds may have another value than before the loop."""
        for name in assigned_names(block):
            values = frame.home(name)
            value = values.get(name)
            if isinstance(value, Constant):
                self.journal.set(values, name, join(value, UNKNOWN))
        # A return or raise in the body need not come at the first turn, so the walk goes on behind the loop.
        self.run_block(block, frame)

    def _match(self, node: ast.Match, frame: Frame) -> Flow:
        self.evaluate(node.subject, frame)

        def case(found: ast.match_case) -> Callable[[], Flow]:
            def run() -> Flow:
                for part in ast.walk(found.pattern):
                    name = getattr(part, "name", None) or getattr(part, "rest", None)
                    if isinstance(name, str):
                        self.journal.set(frame.home(name), name, UNKNOWN)
                if found.guard is not None:
                    self.evaluate(found.guard, frame)
                return self.run_block(found.body, frame)

            return run

        return self.branch(*(case(found) for found in node.cases), lambda: Flow.NEXT)

    def _with(self, node: ast.With | ast.AsyncWith, frame: Frame) -> Flow:
        return self._within(node.items, node.body, frame)

    def _within(self, items: list[ast.withitem], body: list[ast.stmt], frame: Frame) -> Flow:
        """Run the body in the contexts, those of generators of the project at the place where they yield."""
        for position, item in enumerate(items):
            manager = self._generator_of(item.context_expr, frame)
            if manager is not None:
                return self._around(manager, item, partial(self._within, items[position + 1 :], body, frame), frame)
            value = self.evaluate(item.context_expr, frame)
            if isinstance(value, Object):
                enter = self.instance_attribute(value, "__enter__")
                if isinstance(enter, Function):
                    value = self.invoke(enter, [], {})
            else:
                value = self.element(value) if not isinstance(value, Result) else value
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, frame)
        return self.run_block(body, frame)

    def _generator_of(self, manager: ast.expr, frame: Frame) -> Function | None:
        """The generator of the project that a call of it makes a context of, or None."""
        if not isinstance(manager, ast.Call) or not isinstance(manager.func, (ast.Name, ast.Attribute)):
            return None
        function = self.evaluate(manager.func, frame)
        known = isinstance(function, Function) and not _CONTEXTS.isdisjoint(function.decorators)
        return function if known and isinstance(function, Function) else None

    def _around(self, manager: Function, item: ast.withitem, rest: Callable[[], Flow], frame: Frame) -> Flow:
        """Call the generator, and run the rest where it yields for the first time."""
        stack, flows = self.stack, []

        def run(value: Value) -> None:
            inner, self.stack = self.stack, stack
            try:
                if item.optional_vars is not None:
                    self.assign(item.optional_vars, value, frame)
                flows.append(rest())
            finally:
                self.stack = inner

        self.awaited[id(manager.node)] = run
        value = self.evaluate(item.context_expr, frame)
        if self.awaited.pop(id(manager.node), None) is not None:
            run(value)  # it has not been followed to where it yields
        return flows[0]

    def _try(self, node: ast.Try, frame: Frame) -> Flow:
        flow = self.run_block(node.body, frame)
        if flow is Flow.NEXT:
            flow = self.run_block(node.orelse, frame)
        handlers = [handler for handler in node.handlers if not stands_in(handler, node.body)]
        if handlers:
            # What the body did stays: a handler is a further way on, not another one.
            self.branch(*(self._handler(handler, frame) for handler in handlers), lambda: Flow.NEXT)
            if not all(leaves(handler) for handler in handlers):
                flow = Flow.NEXT
        last = self.run_block(node.finalbody, frame)
        return flow if last is Flow.NEXT else last

    def _handler(self, handler: ast.ExceptHandler, frame: Frame) -> Callable[[], Flow]:
        def run() -> Flow:
            if handler.name:
                self.journal.set(frame.home(handler.name), handler.name, UNKNOWN)
            return self.run_block(handler.body, frame)

        return run

    # Definitions.

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
        decorators = [self.evaluate(decorator, frame) for decorator in node.decorator_list]
        names = [name for value in decorators if (name := decorator_name(value)) is not None]
        kind: Any = next((_KINDS[name] for name in names if name in _KINDS), "plain")
        made: Value = Function(node, frame, frame.source, self.defaults(node.args, frame), tuple(names), kind)
        function = made
        for decorator in reversed(decorators):
            if isinstance(decorator, (Function, Class)):
                # A wrapper of the project; one that only registers and returns nothing leaves the function.
                wrapped = self._wrapped(decorator, made)
                made = wrapped if isinstance(wrapped, (Function, Object)) else made
            elif isinstance(function, Function):
                self.register(decorator, function)
        self.journal.set(frame.home(node.name), node.name, made)

    def _wrapped(self, decorator: Function | Class, function: Value) -> Value:
        if isinstance(decorator, Function):
            return self.invoke(decorator, [function], {})
        return UNKNOWN

    def _class(self, node: ast.ClassDef, frame: Frame) -> None:
        for decorator in node.decorator_list:
            self.evaluate(decorator, frame)
        bases = tuple(self.evaluate(base, frame) for base in node.bases)
        inner = Frame("class", frame, frame.module, frame.source)
        self.run_block(node.body, inner)
        fields = tuple(
            part.target.id
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        )
        cls = Class(node, frame, inner.values, bases, fields)
        for name, value in list(inner.values.items()):
            if isinstance(value, Function) and value.home is None:
                inner.values[name] = Function(
                    value.node, value.frame, value.source, value.defaults, value.decorators, value.kind, None, cls
                )
        self.journal.set(frame.home(node.name), node.name, cls)

    def run_rest(self, handler: Handler) -> None:
        """Call the functions and methods that nothing has called so far, as if somebody else did."""
        self.handler = handler
        for state in [state for path, state in self.modules.items() if handler.hears(path)]:
            for value in list(state.frame.values.values()):
                if isinstance(value, Function):
                    self._run_once(value)
                elif isinstance(value, Class) and value.frame.source is state.source:
                    made = Object(value)
                    for method in list(value.attributes.values()):  # a method may add others
                        if isinstance(method, Function):
                            self._run_once(method.bind(value if method.kind == "class" else made))

    def _run_once(self, function: Function) -> None:
        if id(function.node) not in self.runs:
            self.escape(function)


def _counts_to_zero(written: ast.expr, iterable: Value) -> bool:
    """``range(n)`` where n is 0; a list that is empty when a loop begins may grow by what is not followed."""
    counts = isinstance(written, ast.Call) and isinstance(written.func, ast.Name) and written.func.id == "range"
    return counts and isinstance(iterable, Sequence) and iterable.complete and not iterable.items


def walk(project: Project, source: PythonSource, handler: Handler, within: frozenset[str] | None = None) -> str | None:
    """Tell the handler what happens when the program runs; returns why not all of it could be followed, or None.

    With ``within`` other files of the project than these are taken for somebody else's.
    """
    walker = Walker(project, handler, within)
    try:
        walker.run_module(source, "__main__")
    except RecursionError:
        return "it is nested too deep"
    problem = walker.problem
    rest = handler.rest() if problem is None else None
    if rest is not None:
        with suppress(RecursionError):
            walker.run_rest(rest)
    return problem


_STATEMENTS: dict[type[ast.AST], Callable[[Any, Any, Frame], Flow | None]] = {
    ast.Expr: Walker._expression,
    ast.Assign: Walker._assignment,
    ast.AnnAssign: Walker._annotated,
    ast.AugAssign: Walker._augmented,
    ast.Return: Walker._return,
    ast.Raise: Walker._raise,
    ast.Break: Walker._leave_loop,
    ast.Continue: Walker._leave_loop,
    ast.Assert: Walker._assert,
    ast.Global: Walker._global,
    ast.Nonlocal: Walker._nonlocal,
    ast.Import: Walker._import,
    ast.ImportFrom: Walker._import_from,
    ast.Delete: Walker._delete,
    ast.If: Walker._if,
    ast.For: Walker._for,
    ast.AsyncFor: Walker._for,
    ast.While: Walker._while,
    ast.Match: Walker._match,
    ast.With: Walker._with,
    ast.AsyncWith: Walker._with,
    **dict.fromkeys(TRIES, Walker._try),
    ast.FunctionDef: Walker._function,
    ast.AsyncFunctionDef: Walker._function,
    ast.ClassDef: Walker._class,
}

__all__ = ["Walker", "walk"]
