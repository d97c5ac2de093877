"""The values of expressions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from repro_lint.execution.calls import Calls
from repro_lint.execution.frames import Frame
from repro_lint.execution.machine import MAX_NESTING
from repro_lint.execution.operators import combined, comparison
from repro_lint.execution.values import (
    NONE,
    OUTSIDE,
    UNKNOWN,
    Choice,
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
    Super,
    Value,
    default_of,
    join,
    picked,
    qualified,
    truth,
)
from repro_lint.sources.nodes import code_of

if TYPE_CHECKING:
    pass

_BUILTINS = frozenset(dir(builtins))
_LONGEST = 200
_NUMBERS = (int, float)


class Expressions(Calls):
    """How expressions are evaluated: by a method for each kind of node; of other kinds only the parts are."""

    _handlers: ClassVar[dict[type[ast.expr], Callable[[Expressions, Any, Frame], Value]]] = {}

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of the expression; all calls in it are made."""
        if isinstance(node, ast.Constant):
            return Constant(node.value)
        if isinstance(node, ast.Name):
            return self.look_up(node.id, frame)
        if self.exhausted() or self.nesting > MAX_NESTING:
            return UNKNOWN
        self.nesting += 1
        try:
            handler = self._handlers.get(type(node))
            if handler is not None:
                return handler(self, node, frame)
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.evaluate(child, frame)
            return UNKNOWN
        finally:
            self.nesting -= 1

    def look_up(self, name: str, frame: Frame) -> Value:
        """The value of a name."""
        value = frame.find(name)
        if value is not None:
            return value
        if name in _BUILTINS:
            # A star import of a module with a function of this name hides the builtin.
            star = self.star_name(frame.module, name) if frame.module.stars else None
            return star if star is not None and self.handler.knows(qualified(star) or "") else Name(f"builtins.{name}")
        return self.star_name(frame.module, name) or UNKNOWN

    # Attributes and items.

    def _attribute(self, node: ast.Attribute, frame: Frame) -> Value:
        return self.attribute(self.evaluate(node.value, frame), node.attr)

    def attribute(self, value: Value, name: str) -> Value:
        """An attribute of a value."""
        if isinstance(value, Name):
            return Name(f"{value.qualified}.{name}")
        if isinstance(value, Object):
            if name == "__dict__":
                return Mapping(value.attributes, complete=False)
            found = self.instance_attribute(value, name)
            return found if found is not None else Member(value, name)
        if isinstance(value, Package):
            return self.package_attribute(value, name)
        if isinstance(value, (Function, Class)) and name == "__name__":
            return Constant(getattr(value.node, "name", "<lambda>"))
        if isinstance(value, Class):
            found = value.find(name)
            if isinstance(found, Function) and found.kind == "class":
                return found.bind(value)
            return found if found is not None else Member(value, name)
        if isinstance(value, Super):
            return self._super_attribute(value, name)
        if isinstance(value, Choice):
            # None has no attributes that matter: whoever asks for one has ruled it out.
            options = [option for option in value.options if not isinstance(option, Constant)]
            return join(*(self.attribute(option, name) for option in options)) if options else UNKNOWN
        if isinstance(value, Result) and name in value.notes:
            return value.notes[name]
        return Member(value, name)

    def instance_attribute(self, value: Object, name: str) -> Value | None:
        """The attribute of an object of the project; methods are bound and properties computed."""
        if name in value.attributes:
            return value.attributes[name]
        return self._bind(value.cls.find(name), value, value.cls) if value.cls is not None else None

    def _bind(self, found: Value | None, owner: Value, cls: Class) -> Value | None:
        if not isinstance(found, Function):
            return found
        if found.kind == "property":
            return self.invoke(found.bind(owner), [], {})
        return found.bind(cls if found.kind == "class" else owner)

    def _super_attribute(self, value: Super, name: str) -> Value:
        owner = value.owner
        cls = owner.cls if isinstance(owner, Object) else owner if isinstance(owner, Class) else None
        if cls is None:
            return UNKNOWN
        found = self._bind(cls.find(name, after=value.home), owner, cls)
        if found is not None:
            return found
        bases = cls.foreign_bases()
        if name == "__init__" and bases:
            return Name(bases[0])
        return Member(UNKNOWN, name)

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        key = self.evaluate(node.slice, frame)
        return self.item(value, key)

    def item(self, value: Value, key: Value) -> Value:
        """``value[key]``."""
        if isinstance(value, Mapping):
            return picked(value, key) or UNKNOWN
        if isinstance(value, Sequence) and value.items:
            if isinstance(key, Constant) and type(key.value) is int and value.complete:
                try:
                    return value.items[key.value]
                except IndexError:
                    return UNKNOWN
            return value if isinstance(key, Sequence) else join(*value.items)
        if isinstance(value, Object) and value.cls is not None:
            method = self.instance_attribute(value, "__getitem__")
            if isinstance(method, Function):
                return self.invoke(method, [key], {})
        if isinstance(value, Name) and value.qualified == "os.environ":
            return UNKNOWN
        # An element of somebody else's array, frame or configuration is treated as a part of it.
        return value if isinstance(value, (Result, Member)) else UNKNOWN

    # Displays and comprehensions.

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, frame: Frame) -> Value:
        found = Sequence([])
        for element in node.elts:
            if isinstance(element, ast.Starred):
                value = self.evaluate(element.value, frame)
                found = found.add(value.items) if isinstance(value, Sequence) else found.add([UNKNOWN])
                if not isinstance(value, Sequence) or not value.complete:
                    found = Sequence(found.items, complete=False)
            else:
                found = found.add([self.evaluate(element, frame)])
        return found

    def _mapping(self, node: ast.Dict, frame: Frame) -> Value:
        items: dict[object, Value] = {}
        complete = True
        for key, value_node in zip(node.keys, node.values, strict=True):
            value = self.evaluate(value_node, frame)
            if key is None:
                complete = complete and isinstance(value, Mapping) and value.complete
                items.update(value.items if isinstance(value, Mapping) else {})
                continue
            name = self.evaluate(key, frame)
            if isinstance(name, Constant) and len(items) < _LONGEST:
                items[name.value] = value
            else:
                complete = False
        return Mapping(items, complete)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, frame: Frame) -> Value:
        inner = Frame("comprehension", frame, frame.module, frame.source)
        for clause in node.generators:
            self.assign(clause.target, self.element(self.evaluate(clause.iter, inner)), inner)
            for test in clause.ifs:
                self.evaluate(test, inner)
        if isinstance(node, ast.DictComp):
            self.evaluate(node.key, inner)
            self.evaluate(node.value, inner)
            original = self.evaluate(node.generators[0].iter, frame) if _copies(node) else None
            if isinstance(original, Mapping):
                return Mapping(dict(original.items), original.complete)
            return Mapping({}, complete=False)
        return Sequence([self.evaluate(node.elt, inner)], complete=False)

    def element(self, value: Value) -> Value:
        """What stands for each element of an iterable."""
        if isinstance(value, Sequence):
            return join(*value.items) if value.items else UNKNOWN
        if isinstance(value, Mapping):
            return join(*(Constant(key) for key in value.items)) if value.items else UNKNOWN
        if isinstance(value, Object):
            for name in ("__iter__", "__getitem__"):
                method = self.instance_attribute(value, name)
                if isinstance(method, Function):
                    result = self.invoke(method, [], {})
                    following = self.instance_attribute(result, "__next__") if isinstance(result, Object) else None
                    if isinstance(following, Function):
                        return self.invoke(following, [], {})
                    return self.element(result) if isinstance(result, Sequence) else UNKNOWN
        if isinstance(value, Choice):
            return join(*(self.element(option) for option in value.options))
        return value if isinstance(value, Result) else UNKNOWN

    # Operators.

    def _operation(self, node: ast.BinOp, frame: Frame) -> Value:
        parts: list[tuple[ast.operator, ast.expr]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            parts.append((left.op, left.right))
            left = left.left
        value = self.evaluate(left, frame)
        for kind, right in reversed(parts):
            nothing = isinstance(kind, ast.Mult) and isinstance(value, Constant) and value.value == 0
            value = combined(kind, value, self._perhaps(nothing, right, frame))
        return value

    def _boolean(self, node: ast.BoolOp, frame: Frame) -> Value:
        """``and`` and ``or``: what follows an operand runs only if that does not decide."""
        is_or = isinstance(node.op, ast.Or)
        possible: list[Value] = []
        doubts = 0
        try:
            for operand in node.values:
                value = self.evaluate(operand, frame)
                decided = truth(value)
                if decided is None or decided is is_or:
                    possible.append(value)
                if decided is is_or:
                    return join(*possible)
                if decided is None:
                    self.doubt += 1
                    doubts += 1
            if decided is not None:
                possible.append(value)
            return join(*possible)
        finally:
            self.doubt -= doubts

    def _comparison(self, node: ast.Compare, frame: Frame) -> Value:
        left = self.evaluate(node.left, frame)
        others = [self.evaluate(right, frame) for right in node.comparators]
        if len(others) != 1:
            return UNKNOWN
        right, kind = others[0], node.ops[0]
        usual, other = default_of(left), default_of(right)
        result = comparison(kind, usual, other)
        # What somebody may pass from outside may change the answer.
        return result if (usual is left and other is right) or result is UNKNOWN else join(result, OUTSIDE)

    def _unary(self, node: ast.UnaryOp, frame: Frame) -> Value:
        value = self.evaluate(node.operand, frame)
        if isinstance(node.op, ast.Not):
            decided, usual = truth(value), truth(default_of(value))
            if decided is None and usual is not None:
                return join(Constant(not usual), OUTSIDE)
            return UNKNOWN if decided is None else Constant(not decided)
        if isinstance(value, Constant) and isinstance(value.value, _NUMBERS):
            return Constant(-value.value) if isinstance(node.op, ast.USub) else UNKNOWN
        return value if isinstance(value, Result) else UNKNOWN

    def _conditional(self, node: ast.IfExp, frame: Frame) -> Value:
        test = self.evaluate(node.test, frame)
        decided, usual = truth(test), truth(default_of(test))
        if decided is not None:
            return self.evaluate(node.body if decided else node.orelse, frame)
        with self.doubtful():
            values = self._perhaps(usual is False, node.body, frame), self._perhaps(usual is True, node.orelse, frame)
        if usual is not None and isinstance(default := values[0] if usual else values[1], Constant):
            return join(default, OUTSIDE)
        return join(*values)

    def _perhaps(self, idle: bool, node: ast.expr, frame: Frame) -> Value:
        """The value of a part, of which by default nothing comes if it is ``idle``."""
        self.idle += idle
        try:
            return self.evaluate(node, frame)
        finally:
            self.idle -= idle

    # The rest.

    def _lambda(self, node: ast.Lambda, frame: Frame) -> Value:
        return Function(node, frame, frame.source, self.defaults(node.args, frame))

    def defaults(self, parameters: ast.arguments, frame: Frame) -> dict[str, Value]:
        """The defaults of parameters, evaluated now."""
        positional = [*parameters.posonlyargs, *parameters.args]
        found: dict[str, Value] = {}
        given = positional[len(positional) - len(parameters.defaults) :]
        for parameter, default in zip(given, parameters.defaults, strict=True):
            found[parameter.arg] = self.evaluate(default, frame)
        for parameter, keyword in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
            if keyword is not None:
                found[parameter.arg] = self.evaluate(keyword, frame)
        return found

    def _walrus(self, node: ast.NamedExpr, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        while frame.kind == "comprehension" and frame.parent is not None:
            frame = frame.parent
        self.assign(node.target, value, frame)
        return value

    def _yield(self, node: ast.Yield | ast.YieldFrom, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame) if node.value is not None else NONE
        frame.yields.append(self.element(value) if isinstance(node, ast.YieldFrom) else value)
        awaiting = self.awaited.pop(id(frame.function.node), None) if frame.function is not None else None
        if awaiting is not None:
            awaiting(value)
        return UNKNOWN

    def _passed_on(self, node: ast.Await | ast.Starred, frame: Frame) -> Value:
        return self.evaluate(node.value, frame)


def _copies(node: ast.DictComp) -> bool:
    """``{key: settings[key] for key in settings}``."""
    clause, value = node.generators[0], node.value
    return (
        len(node.generators) == 1
        and not clause.ifs
        and isinstance(clause.iter, ast.Name)
        and isinstance(value, ast.Subscript)
        and code_of(value.value) == clause.iter.id
        and code_of(value.slice) == code_of(node.key) == code_of(clause.target)
    )


Expressions._handlers = {
    ast.Call: Expressions.evaluate_call,
    ast.Attribute: Expressions._attribute,
    ast.Subscript: Expressions._subscript,
    ast.List: Expressions._sequence,
    ast.Tuple: Expressions._sequence,
    ast.Set: Expressions._sequence,
    ast.Dict: Expressions._mapping,
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), Expressions._comprehension),
    ast.BinOp: Expressions._operation,
    ast.BoolOp: Expressions._boolean,
    ast.Compare: Expressions._comparison,
    ast.UnaryOp: Expressions._unary,
    ast.IfExp: Expressions._conditional,
    ast.Lambda: Expressions._lambda,
    ast.NamedExpr: Expressions._walrus,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield,
    ast.Await: Expressions._passed_on,
    ast.Starred: Expressions._passed_on,
}
