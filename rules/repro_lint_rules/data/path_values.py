"""What the text of a program tells about the path that an expression gives."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

from repro_lint.api import PythonSource, dataclass, lazy_pattern

UNKNOWN = "\0"
"""What stands in a path for a part that the text does not tell."""
HERE = "\1"
"""How a path begins that is relative to the folder of the file itself, not to the working directory."""

# A width of four digits, one that is an argument, and one in a field of its own.
_ENDLESS = lazy_pattern(r"[%:.][-+ #0<>^=]*(?:\d{4}|\*)|\{[^{}]*\{|\.\d{4}|\{\w*[.\[]")
_MOST = 24
_DEEPEST = 12
_JOINS = frozenset({"os.path.join", "posixpath.join", "ntpath.join"})
_PATHS = frozenset(f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath"))
_SAME = frozenset(
    """
    os.path.abspath os.path.realpath os.path.normpath os.fspath builtins.str pathlib.Path.resolve os.path.relpath
    tensorflow.constant os.path.expandvars
    """.split()
)
_SAME_METHODS = frozenset({"resolve", "absolute", "as_posix", "strip", "expanduser", "__str__", "__fspath__", "rstrip"})
_WORKING_DIRECTORY = frozenset({"os.getcwd", "pathlib.Path.cwd", "os.curdir"})
_ENVIRONMENT = frozenset({"os.environ.get", "os.getenv"})

Env = Mapping[ast.AST, "Argument"]
"""The arguments of the calls that are being followed, by the ``ast.arg`` that receives them."""


@dataclass(frozen=True)
class Argument:
    """An expression that a call passes, with the arguments of the calls around it."""

    expr: ast.expr
    env: Env


@dataclass(frozen=True)
class PathText:
    """One value that an expression may have. ``sure``: it has this value whenever it is evaluated.

    ``value`` is a text, or a number that becomes part of one.
    """

    value: object
    sure: bool = True

    @property
    def text(self) -> str:
        """The value as a part of a path."""
        return str(self.value)


_NOTHING = (PathText(UNKNOWN, False),)


class PathValues:
    """Evaluates expressions of one program as paths, as far as its text tells."""

    def __init__(self, source: PythonSource) -> None:
        self._source = source
        self._semantics = source.semantics
        self.parameters: list[ast.arg] = []
        """The parameters met in the last evaluation for which no call was given."""
        self.used: set[ast.AST] = set()
        """The literals that are parts of paths."""
        self._steps = 0

    def of(self, expr: ast.expr | None, env: Env) -> tuple[PathText, ...]:
        """The values the expression may have, each with ``UNKNOWN`` for what is not known."""
        self.parameters = []
        self._steps = 0
        return self._value(expr, env, 0)

    def _value(self, expr: ast.expr | None, env: Env, depth: int) -> tuple[PathText, ...]:
        self._steps += 1
        if expr is None or depth > _DEEPEST or self._steps > 400:
            return _NOTHING
        if isinstance(expr, ast.Constant):
            self.used.add(expr)
            return (PathText(expr.value),) if _is_part(expr.value) else _NOTHING
        if isinstance(expr, ast.Name):
            return self._name(expr, env, depth)
        if isinstance(expr, ast.JoinedStr):
            return self._joined([self._piece(part, env, depth) for part in expr.values], "".join)
        if isinstance(expr, ast.FormattedValue):
            return self._piece(expr, env, depth)
        if isinstance(expr, ast.BinOp):
            return self._operation(expr, env, depth)
        if isinstance(expr, ast.Call):
            return self._call(expr, env, depth)
        if isinstance(expr, ast.IfExp):
            return self._either([expr.body, expr.orelse], env, depth)
        if isinstance(expr, ast.BoolOp):
            return self._either(expr.values, env, depth)
        if isinstance(expr, ast.NamedExpr):
            return self._value(expr.value, env, depth + 1)
        if isinstance(expr, ast.Attribute):
            return self._attribute(expr, env, depth)
        if isinstance(expr, ast.Subscript):
            return self._item(expr, env, depth)
        return _NOTHING

    def _either(self, options: Iterable[ast.expr], env: Env, depth: int) -> tuple[PathText, ...]:
        found = [value for option in options for value in self._value(option, env, depth + 1)]
        return tuple(PathText(value.value, False) for value in found[:_MOST])

    def _joined(self, parts: list[tuple[PathText, ...]], join: Callable[[Sequence[str]], str]) -> tuple[PathText, ...]:
        """The texts that the parts give together."""
        found = []
        for chosen in product(*parts):
            texts = [part.text for part in chosen]
            found.append(PathText(join(texts), all(part.sure for part in chosen)))
            if len(found) >= _MOST:
                break
        return tuple(found)

    def _piece(self, part: ast.expr, env: Env, depth: int) -> tuple[PathText, ...]:
        if not isinstance(part, ast.FormattedValue):
            return self._value(part, env, depth + 1)
        values = self._value(part.value, env, depth + 1)
        spec = part.format_spec
        if spec is None:
            return values
        literal = spec.values[0] if isinstance(spec, ast.JoinedStr) and len(spec.values) == 1 else None
        if not isinstance(literal, ast.Constant):
            return _NOTHING
        return tuple(PathText(_formatted(value.value, str(literal.value)), value.sure) for value in values)

    def _name(self, name: ast.Name, env: Env, depth: int) -> tuple[PathText, ...]:
        semantics = self._semantics
        if name.id == "__file__" and not semantics.bindings_of(name):
            return (PathText(f"{HERE}/{posixpath.basename(self._source.path)}"),)
        certain = semantics.binding_of(name)
        bindings = [certain] if certain is not None else list(semantics.bindings_of(name))
        if not bindings or len(bindings) > 6:
            return _NOTHING
        found: list[PathText] = []
        for binding in bindings:
            if binding.assigned is not None:
                values = self._value(binding.assigned, env, depth + 1)
            elif binding.kind == "parameter" and isinstance(binding.node, ast.arg):
                values = self._parameter(binding.node, binding.value, env, depth)
            elif binding.kind in ("for", "comprehension") and isinstance(binding.value, ast.expr):
                values = self._elements(binding.value, binding.node, env, depth)
            else:
                values = _NOTHING
            found += values if certain is not None else [PathText(value.value, False) for value in values]
        return tuple(found[:_MOST])

    def _parameter(self, arg: ast.arg, default: ast.expr | None, env: Env, depth: int) -> tuple[PathText, ...]:
        if (argument := env.get(arg)) is not None:
            return self._value(argument.expr, argument.env, depth + 1)
        self.parameters.append(arg)
        if default is None:
            return _NOTHING
        values = self._value(default, {}, depth + 1)
        return tuple(PathText(value.value, False) for value in values)

    def _elements(self, iterable: ast.expr, target: ast.AST, env: Env, depth: int) -> tuple[PathText, ...]:
        """What a loop over a literal gives, turn by turn."""
        if isinstance(iterable, ast.Name):
            binding = self._semantics.binding_of(iterable)
            iterable = binding.assigned if binding is not None and binding.assigned is not None else iterable
        if not isinstance(getattr(self._semantics.parent(target), "target", None), ast.Name):
            return _NOTHING
        if isinstance(iterable, (ast.List, ast.Tuple)) and len(iterable.elts) <= _MOST:
            return tuple(value for item in iterable.elts for value in self._value(item, env, depth + 1))[:_MOST]
        if isinstance(iterable, ast.Call) and self._semantics.resolve(iterable.func) == "builtins.range":
            bounds = [self._value(arg, env, depth + 1)[0].value for arg in iterable.args]
            numbers = [bound for bound in bounds if isinstance(bound, int)]
            if len(numbers) == len(bounds) in (1, 2):
                return tuple(PathText(number) for number in range(*numbers)[:_MOST])
        return _NOTHING

    def _operation(self, expr: ast.BinOp, env: Env, depth: int) -> tuple[PathText, ...]:
        left = self._value(expr.left, env, depth + 1)
        if isinstance(expr.op, ast.Mod):
            values = expr.right.elts if isinstance(expr.right, ast.Tuple) else [expr.right]
            parts = [self._value(value, env, depth + 1) for value in values]
            return self._joined([left, *parts], lambda texts: _percent(texts[0], texts[1:]))
        right = self._value(expr.right, env, depth + 1)
        if isinstance(expr.op, ast.Add):
            return self._joined([left, right], _added)
        return self._joined([left, right], _path) if isinstance(expr.op, ast.Div) else _NOTHING

    def _attribute(self, expr: ast.Attribute, env: Env, depth: int) -> tuple[PathText, ...]:
        if expr.attr == "parent":
            return self._changed(expr.value, env, depth, _folder)
        if expr.attr in ("name", "stem", "value"):
            return _NOTHING
        name = self._semantics.resolve(expr)
        if name in _WORKING_DIRECTORY:
            return (PathText("."),)
        return self._member(expr, env, depth)

    def _member(self, expr: ast.Attribute, env: Env, depth: int) -> tuple[PathText, ...]:
        """The value of an attribute that one assignment in the file gives: of ``self``, or in the body of a class."""
        owner = expr.value
        values: list[ast.expr] = []
        if isinstance(owner, ast.Name) and owner.id == "self":
            cls = next((n for n in self._semantics.ancestors(expr) if isinstance(n, ast.ClassDef)), None)
            values = [*self._own_attributes.get((cls, expr.attr), ()), *_class_values(cls, expr.attr)] if cls else []
        elif isinstance(owner, ast.Name):
            binding = self._semantics.binding_of(owner)
            cls_node = binding.node if binding is not None and binding.kind == "class" else None
            values = list(_class_values(cls_node, expr.attr)) if isinstance(cls_node, ast.ClassDef) else []
        if len(values) != 1:
            return _NOTHING
        return self._value(values[0], env, depth + 1)

    @cached_property
    def _own_attributes(self) -> Mapping[tuple[ast.AST, str], list[ast.expr]]:
        """What the methods of each class assign to the attributes of ``self``."""
        found: dict[tuple[ast.AST, str], list[ast.expr]] = {}
        for node in self._semantics.nodes(ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
                cls = next((n for n in self._semantics.ancestors(node) if isinstance(n, ast.ClassDef)), None)
                if cls is not None:
                    found.setdefault((cls, target.attr), []).append(node.value)
        return found

    def _item(self, expr: ast.Subscript, env: Env, depth: int) -> tuple[PathText, ...]:
        holder, key = expr.value, expr.slice
        if isinstance(holder, ast.Attribute) and holder.attr == "parents" and isinstance(key, ast.Constant):
            up = key.value + 1 if isinstance(key.value, int) and 0 <= key.value < 9 else 0
            return self._changed(holder.value, env, depth, lambda text: _up(text, up)) if up else _NOTHING
        if isinstance(holder, ast.Name):
            binding = self._semantics.binding_of(holder)
            holder = binding.assigned if binding is not None and binding.assigned is not None else holder
        if isinstance(holder, ast.Dict) and isinstance(key, ast.Constant):
            for name, value in zip(holder.keys, holder.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == key.value:
                    return self._value(value, env, depth + 1)
        if isinstance(holder, (ast.List, ast.Tuple)) and isinstance(key, ast.Constant):
            number, length = key.value, len(holder.elts)
            if isinstance(number, int) and number in range(-length, length):
                return self._value(holder.elts[number], env, depth + 1)
        return _NOTHING

    def _call(self, expr: ast.Call, env: Env, depth: int) -> tuple[PathText, ...]:
        name = self._semantics.resolve(expr.func)
        args = expr.args
        if name in _WORKING_DIRECTORY:
            return (PathText("."),)
        if name in _JOINS or name in _PATHS:
            return self._joined([self._value(arg, env, depth + 1) for arg in args], _path) if args else (PathText("."),)
        if name in _SAME and args:
            return self._value(args[0], env, depth + 1)
        if name == "os.path.dirname" and args:
            return self._changed(args[0], env, depth, _folder)
        if name in _ENVIRONMENT and len(args) > 1:
            return tuple(PathText(value.value, False) for value in self._value(args[1], env, depth + 1))
        if name is not None and name.startswith("__main__."):
            return self._own_function(expr, name, env, depth)
        if name is None and isinstance(expr.func, ast.Attribute):
            return self._method(expr, expr.func, env, depth)
        return _NOTHING

    def _method(self, call: ast.Call, func: ast.Attribute, env: Env, depth: int) -> tuple[PathText, ...]:
        if func.attr in _SAME_METHODS:
            return self._value(func.value, env, depth + 1)
        args = [self._value(arg, env, depth + 1) for arg in call.args]
        if func.attr == "joinpath":
            return self._joined([self._value(func.value, env, depth + 1), *args], _path)
        if func.attr == "format":
            named = {
                keyword.arg: self._value(keyword.value, env, depth + 1) for keyword in call.keywords if keyword.arg
            }
            values = self._value(func.value, env, depth + 1)
            names = list(named)
            return self._joined(
                [values, *args, *named.values()],
                lambda texts: _format(
                    texts[0], texts[1 : 1 + len(args)], dict(zip(names, texts[1 + len(args) :], strict=True))
                ),
            )
        return _NOTHING

    def _own_function(self, call: ast.Call, name: str, env: Env, depth: int) -> tuple[PathText, ...]:
        """What a function of the file gives that consists of one ``return``."""
        function = self._semantics.functions.get(name.removeprefix("__main__."))
        if not isinstance(function, ast.FunctionDef):
            return _NOTHING
        returns = [node for node in function.body if isinstance(node, ast.Return)]
        body = [node for node in function.body if not isinstance(node, (ast.Expr, ast.Assign))]
        if len(body) != 1 or len(returns) != 1:
            return _NOTHING
        return self._value(returns[0].value, bound_arguments(function, call, env), depth + 1)

    def _changed(self, expr: ast.expr, env: Env, depth: int, change: Callable[[str], str]) -> tuple[PathText, ...]:
        return self._joined([self._value(expr, env, depth + 1)], lambda texts: change(texts[0]))


def bound_arguments(function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, env: Env) -> Env:
    """The arguments of a call by the parameters that receive them, as far as the text tells."""
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args]
    named = {arg.arg: arg for arg in (*parameters, *arguments.kwonlyargs)}
    found: dict[ast.AST, Argument] = {}
    if not any(isinstance(arg, ast.Starred) for arg in call.args) and all(keyword.arg for keyword in call.keywords):
        defaults = [*zip(parameters[::-1], arguments.defaults[::-1], strict=False)]
        defaults += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
        found = {parameter: Argument(default, {}) for parameter, default in defaults}
    if parameters and parameters[0].arg in ("self", "cls"):
        parameters = parameters[1:]
    for parameter, value in zip(parameters, call.args, strict=False):
        if isinstance(value, ast.Starred):
            break
        found[parameter] = Argument(value, env)
    for keyword in call.keywords:
        if keyword.arg in named:
            found[named[keyword.arg]] = Argument(keyword.value, env)
    return found


def _class_values(cls: ast.ClassDef, name: str) -> Iterator[ast.expr]:
    for node in cls.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if isinstance(target, ast.Name) and target.id == name and value is not None:
            yield value


def _is_part(value: object) -> bool:
    """Whether a value can be part of a path: a text, or a number that is not endless."""
    return isinstance(value, str) or (type(value) is int and abs(value) < 10**9)


def _path(texts: Sequence[str]) -> str:
    return posixpath.join(*(text.replace("\\", "/") for text in texts))


def _added(texts: Sequence[str]) -> str:
    return "".join(texts)


def _folder(text: str) -> str:
    return _up(text, 1)


def _up(text: str, count: int) -> str:
    """The path so many folders up."""
    text = text.replace("\\", "/").rstrip("/")
    for _ in range(count):
        last = posixpath.basename(text)
        above = posixpath.dirname(text)
        text = above if above and last not in ("..", ".", UNKNOWN) else posixpath.join(text, "..")
    return text


def _formatted(value: object, spec: str) -> str:
    return _filled(f"{{:{spec}}}", lambda pattern: pattern.format(value)) if value != UNKNOWN else UNKNOWN


def _percent(pattern: str, values: Sequence[str]) -> str:
    numbers = tuple(int(value) if value.isdecimal() else value for value in values)
    return _filled(pattern, lambda text: text % numbers)


def _format(pattern: str, values: Sequence[str], named: Mapping[str, str]) -> str:
    numbers = [int(value) if value.isdecimal() else value for value in values]
    return _filled(pattern, lambda text: text.format(*numbers, **named))


def _filled(pattern: str, fill: Callable[[str], str]) -> str:
    """The pattern with its values, unless it would fail, or make a text of any length."""
    if _ENDLESS.search(pattern):
        return UNKNOWN
    try:
        return fill(pattern)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        return UNKNOWN
