"""Calls: arguments, the project's functions and classes, and what is handed to somebody else's code."""

from __future__ import annotations

import ast

from repro_lint.execution.events import CallEvent
from repro_lint.execution.frames import Frame
from repro_lint.execution.library import call_container, model_for
from repro_lint.execution.machine import MAX_NESTING, Flow, Machine
from repro_lint.execution.values import (
    NONE,
    UNKNOWN,
    Choice,
    Class,
    Function,
    Mapping,
    Member,
    Name,
    Object,
    Partial,
    Result,
    Sequence,
    Super,
    Value,
    join,
    options_of,
    qualified,
)

MAX_DEPTH = 8
"""How deep calls of the project's functions are followed."""
_MAX_RUNS = 10
"""How often one function is run in a walk; after that its result is not known."""

_PROTOCOL = (
    *("__iter__", "__getitem__", "__next__", "__call__", "forward", "call", "fit", "transform", "predict", "run"),
    *("setup", "prepare_data", "configure_model", "train_dataloader", "training_step", "step", "reset", "build"),
)
"""The methods by which frameworks use objects of classes that are derived from theirs."""
_REGISTRARS = frozenset({"command", "main", "entrypoint"})
_FIELDS = frozenset({"dataclasses.field", "attr.ib", "attrs.field"})
_APPLYING = frozenset({"apply", "pipe", "transform", "assign"})
"""Methods of frames that call a function with the frame or a part of it."""
_NOT_CALLING = ("builtins.", "functools.wraps", "functools.update_wrapper", "inspect.", "typing.")
"""The beginnings of what gets functions and does not call them."""
_LAUNCHERS = frozenset({"run", "main", "run_commandline", "start"})


class Calls(Machine):
    """How calls are made."""

    def evaluate_call(self, node: ast.Call, frame: Frame) -> Value:
        """The value of a call expression."""
        callee = self.evaluate(node.func, frame)
        args: list[Value] = []
        keywords: dict[str, Value] = {}
        is_open = False
        for arg in node.args:
            if isinstance(arg, ast.Starred):
                value = self.evaluate(arg.value, frame)
                if isinstance(value, Sequence) and value.complete:
                    args += value.items
                else:
                    is_open = True
            else:
                args.append(self.evaluate(arg, frame))
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Mapping):
                keywords.update((key, item) for key, item in value.items.items() if isinstance(key, str))
                is_open = is_open or not value.complete
            else:
                is_open = True
        event = CallEvent(
            node=node,
            source=frame.source,
            name=None,
            method=node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None),
            receiver=None,
            args=tuple(args),
            keywords=keywords,
            open=is_open,
            certain=self.doubt == 0,
            order=self.order,
            stack=tuple(self.stack),
            chosen=self.choosing > 0,
            handed=self.handed > 0,
            optional=self.optional > 0,
            idle=self.idle > 0,
            statement=self.statement,
            importing=self.importing,
        )
        if isinstance(node.func, ast.Name) and node.func.id == "super" and callee == Name("builtins.super"):
            return self._super(frame)
        if isinstance(node.func, ast.Name) and node.func.id in ("locals", "globals", "vars") and not args:
            return UNKNOWN
        return self.call(callee, event)

    def call(self, callee: Value, event: CallEvent) -> Value:
        """Call a value with the arguments of the event."""
        if isinstance(callee, Choice):
            event = event.but(alternative=True)
            self.choosing += 1
            try:
                with self.doubtful():
                    return join(*(self.call(option, event) for option in callee.options))
            finally:
                self.choosing -= 1
        if isinstance(callee, Function):
            result = self.invoke(callee, list(event.args), dict(event.keywords), unsure=event.open)
            self._run_registered(callee)
            return result
        if isinstance(callee, Class):
            return self.instantiate(callee, event)
        if isinstance(callee, Partial):
            merged = {**callee.keywords, **event.keywords}
            return self.call(callee.function, event.but(args=(*callee.args, *event.args), keywords=merged))
        if isinstance(callee, Object):
            for name in ("__call__", "forward", "call"):
                method = self.instance_attribute(callee, name)
                if isinstance(method, Function):
                    return self.call(method, event)
        return self._call_foreign(callee, event)

    def _call_foreign(self, callee: Value, event: CallEvent) -> Value:
        receiver = callee.owner if isinstance(callee, Member) else callee if isinstance(callee, Result) else None
        self.order += 1
        event = event.but(name=qualified(callee), receiver=receiver, certain=self.doubt == 0, order=self.order)
        if isinstance(callee, Member):
            value = call_container(self, callee.owner, event)
            if value is not None:
                return value
        model = model_for(event)
        if model is not None:
            value = model(self, event)
            if value is not None:
                self.handler.call(event)
                return value
        answer = self.handler.call(event)
        self._hand_over(event)
        if isinstance(callee, Result):
            self._run_registered(callee)
        elif isinstance(callee, Member) and callee.name in _LAUNCHERS:
            self._run_registered(callee.owner)
        return answer if answer is not None else Result(event)

    # The project's functions.

    def invoke(self, function: Function, args: list[Value], keywords: dict[str, Value], unsure: bool = False) -> Value:
        """What a function of the project returns; UNKNOWN beyond the bounds and for recursion."""
        node = function.node
        running = sum(other.node is node for other in self.stack)
        runs = self.runs.get(id(node), 0)
        if running or len(self.stack) >= MAX_DEPTH or runs >= _MAX_RUNS or self.nesting > MAX_NESTING:
            return self.results.get(id(node), UNKNOWN) if runs >= _MAX_RUNS else UNKNOWN
        self.runs[id(node)] = runs + 1
        frame = Frame("function", function.frame, function.frame.module, function.source, function)
        if function.bound is not None and function.kind != "static":
            args = [function.bound, *args]
        frame.values.update(_bound(node.args, function.defaults, args, keywords, unsure))
        self.stack.append(function)
        try:
            if isinstance(node, ast.Lambda):
                result = self.evaluate(node.body, frame)
            else:
                flow = self.run_block(node.body, frame)
                result = _returned(frame, flow)
        finally:
            self.stack.pop()
        self.results[id(node)] = result
        return result

    def instantiate(self, cls: Class, event: CallEvent) -> Value:
        """An object of a class of the project."""
        made = Object(cls)
        init = cls.find("__init__")
        if isinstance(init, Function):
            self.invoke(init.bind(made), list(event.args), dict(event.keywords), unsure=event.open)
            return made
        bases = cls.foreign_bases()
        if bases:
            # Its constructor is somebody else's: the first base that is not the project's own.
            self._call_foreign(Name(bases[0]), event)
        names = [name for part in reversed(cls.order()) for name in part.fields]
        given = {**dict(zip(names, event.args, strict=False)), **event.keywords}
        for name in names:
            value = given.get(name, cls.find(name))
            if isinstance(value, Result) and value.event.name in _FIELDS:
                value = self._default_of(value.event)
            if value is not None:
                made.attributes[name] = value
        after = cls.find("__post_init__")
        if isinstance(after, Function):
            self.invoke(after.bind(made), [], {})
        return made

    def _default_of(self, event: CallEvent) -> Value:
        factory = event.argument(None, "default_factory", "factory")
        if factory is not None:
            return self.call(factory, event.but(args=(), keywords={}))
        return event.argument(None, "default") or UNKNOWN

    def _super(self, frame: Frame) -> Value:
        inside: Frame | None = frame
        while inside is not None and inside.function is None:
            inside = inside.parent
        function = inside.function if inside is not None else None
        if function is None or function.home is None or function.bound is None:
            return UNKNOWN
        return Super(function.bound, function.home)

    # What others call.

    def _hand_over(self, event: CallEvent) -> None:
        """Functions among the arguments are called by who gets them; objects by the methods that frameworks know."""
        if event.name is not None and (event.name.startswith(_NOT_CALLING) or event.name in _FIELDS):
            return
        splitter = event.keywords.get("cv")
        if isinstance(splitter, Object) and splitter.cls is not None:
            split = self.instance_attribute(splitter, "split")  # what scikit-learn asks any object for
            if isinstance(split, Function):
                self.escape(split)
        values = [option for value in (*event.args, *event.keywords.values()) for option in options_of(value)]
        for value in [*values, *(i for v in values if isinstance(v, (Sequence, Mapping)) for i in _items(v))]:
            if isinstance(value, (Function, Partial)):
                of_receiver = event.method in _APPLYING and isinstance(event.receiver, Result)
                self.escape(value, event.receiver if of_receiver else None)
            elif isinstance(value, Object) and value.cls is not None and value.cls.foreign_bases():
                for name in _PROTOCOL:
                    method = self.instance_attribute(value, name)
                    if isinstance(method, Function) and method.home is not None:
                        self.escape(method)

    def escape(self, value: Value, first: Value | None = None) -> None:
        """Somebody else may call the function, once, with arguments that are not known but for the first."""
        function = value.function if isinstance(value, Partial) else value
        if not isinstance(function, Function):
            return
        key = (id(function.node), id(function.bound))
        if key in self.escaped:
            return
        self.escaped.add(key)
        args, keywords = (list(value.args), value.keywords) if isinstance(value, Partial) else ([], {})
        if first is not None and not args:
            args = [first]
        self.handed += 1
        try:
            with self.doubtful():
                self.invoke(function, args, dict(keywords), unsure=True)
        finally:
            self.handed -= 1

    def register(self, decorator: Value, function: Function) -> None:
        """Note a function that a decorator makes a command of a command line or of an experiment."""
        if isinstance(decorator, Result):
            method, owner = decorator.event.method, decorator.event.receiver
        elif isinstance(decorator, Member):
            method, owner = decorator.name, decorator.owner
        else:
            return
        if method == "automain":
            self.invoke(function, [], {}, unsure=True)
        elif method in _REGISTRARS and owner is not None:
            self.registered.setdefault(_identity(owner), []).append(function)

    def _run_registered(self, owner: Value) -> None:
        for function in self.registered.get(_identity(owner), ()):
            with self.doubtful():
                self.invoke(function, [], {}, unsure=True)


def _identity(owner: Value) -> int:
    return id(owner.node) if isinstance(owner, Function) else id(owner)


def _items(value: Sequence | Mapping) -> list[Value]:
    return value.items if isinstance(value, Sequence) else list(value.items.values())


def _bound(
    parameters: ast.arguments,
    defaults: dict[str, Value],
    args: list[Value],
    keywords: dict[str, Value],
    unsure: bool,
) -> dict[str, Value]:
    """The values of the parameters. A parameter without a value has none, as if somebody passed something."""
    bound: dict[str, Value] = {}
    positional = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    for position, name in enumerate(positional):
        if position < len(args):
            bound[name] = args[position]
    names = [*positional, *(parameter.arg for parameter in parameters.kwonlyargs)]
    for name in names:
        if name not in bound:
            default = defaults.get(name, UNKNOWN)
            bound[name] = keywords.get(name) or (join(default, UNKNOWN) if unsure else default)
    if parameters.vararg is not None:
        bound[parameters.vararg.arg] = Sequence(args[len(positional) :], not unsure)
    if parameters.kwarg is not None:
        rest: dict[object, Value] = {key: value for key, value in keywords.items() if key not in names}
        bound[parameters.kwarg.arg] = Mapping(rest, not unsure)
    return bound


def _returned(frame: Frame, flow: Flow) -> Value:
    if frame.yields:
        return Sequence([join(*frame.yields)], complete=False)
    if flow is Flow.STOP and frame.results:
        return join(*frame.results)
    return join(*frame.results, NONE)


__all__ = ["MAX_DEPTH", "Calls"]
