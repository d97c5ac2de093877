"""Which call of a notebook runs a function that uses a removed name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from repro_lint.api import PythonSource, dataclass
from repro_lint_rules.environment.removals_uses import Use

_MAX_DEPTH = 5
_MAX_STEPS = 200
"""Ways back from the uses of a name that are followed: functions that call each other have any number."""
_Function = ast.FunctionDef  # generators and coroutines run later than they are called
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LITERALS = (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.JoinedStr)


@dataclass(frozen=True)
class Run:
    """A call at the top of a program, the name of what it calls, and a use that it certainly reaches."""

    call: ast.Call
    called: str
    use: Use


@dataclass(frozen=True)
class _Need:
    """``none``: an argument has to be None, or anything else. ``unless_given``: whether it is as needed if left out.

    The latter is of arguments that a function only hands on (``**options``); of others the default tells.
    """

    none: bool
    unless_given: bool = False


@dataclass(frozen=True)
class _Step:
    """Something in a function that leads to the use, what the function has to be given, and those in between."""

    node: ast.AST
    use: Use
    needs: Mapping[str, _Need]
    through: tuple[_Function, ...]


def first_run(source: PythonSource, uses: Iterable[Use]) -> Run | None:
    """The first call that certainly reaches one of the uses, straight or through other functions.

    Of conditions only those are decided that ask whether an argument was given (``if limit is None``).
    """
    pending = [_Step(use.node, use, {}, ()) for use in uses]
    found: list[Run] = []
    known: set[tuple[ast.AST | None, ast.AST, frozenset[tuple[str, _Need]]]] = set()
    for step in pending:  # which grows
        function = _function(source, step.node)
        if function is None or function in step.through or len(step.through) > _MAX_DEPTH:
            continue
        needs = None if _may_end_before(function, step.node) else _needs(source, function, step)
        if needs is None:
            continue
        through = (*step.through, function)
        for call in source.semantics.calls_named({function.name}):
            if not isinstance(call.func, ast.Name) or _is_local(source, call.func):
                continue
            caller = _function(source, call)
            left = _left_open(caller, call, function, needs)
            if left is None:
                continue
            if any(isinstance(above, _SCOPES) for above in source.semantics.ancestors(call)):
                way = (caller, step.use.node, frozenset(left.items()))
                if caller is not None and way not in known and len(pending) < _MAX_STEPS:
                    known.add(way)
                    pending.append(_Step(call, step.use, left, through))
            elif not left and _is_straight(source, call) and all(_is_meant(source, one, call) for one in through):
                found.append(Run(call, function.name, step.use))
    return min(found, key=lambda run: run.call.lineno, default=None)


def _function(source: PythonSource, node: ast.AST) -> _Function | None:
    """The function that the node stands in, if it is a plain one at the top of the program."""
    inner = next((above for above in source.semantics.ancestors(node) if isinstance(above, _SCOPES)), None)
    if not isinstance(inner, _Function) or inner not in source.tree.body or inner.decorator_list:
        return None
    return None if any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in ast.walk(inner)) else inner


def _may_end_before(function: _Function, node: ast.AST) -> bool:
    """Whether the function may return or raise above the line of the node."""
    line = getattr(node, "lineno", 0)
    return any(isinstance(part, (ast.Return, ast.Raise)) and part.lineno < line for part in ast.walk(function))


def _is_straight(source: PythonSource, node: ast.AST) -> bool:
    guarded = any(guard.kind not in ("with", "for") for guard in source.semantics.guards(node))
    return not guarded and "raises-exception" not in source.cell_of(node).tags


def _is_local(source: PythonSource, name: ast.Name) -> bool:
    scope = source.semantics.scope_of(name).find(name.id)
    return scope is None or scope.kind != "module"


def _is_meant(source: PythonSource, function: _Function, call: ast.Call) -> bool:
    """Whether the function has its name when the call runs: of several cells that define it the last one counts."""
    bound = [
        binding.node
        for binding in source.semantics.scope_of(source.tree).bindings.get(function.name, ())
        if getattr(binding.node, "lineno", 0) < call.lineno
    ]
    return bool(bound) and max(bound, key=lambda node: getattr(node, "lineno", 0)) is function


def _needs(source: PythonSource, function: _Function, step: _Step) -> dict[str, _Need] | None:
    """What the function has to be given for the step to be reached; None where that cannot be told."""
    needs = dict(step.needs)
    for guard in source.semantics.guards(step.node):
        if guard.kind in ("with", "for"):
            continue
        asked = _asked(guard.test) if guard.kind == "if" else None
        if asked is None:
            return None
        name, none = asked
        if needs.setdefault(name, _Need(none is guard.polarity)).none is not (none is guard.polarity):
            return None
    own = {argument.arg for argument in _parameters(function)}
    loops = any(guard.kind == "for" for guard in source.semantics.guards(step.node))
    line = getattr(step.node, "lineno", 0)
    for part in ast.walk(function):
        bound = isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load) and part.id in needs
        taken = isinstance(part, ast.Constant) and part.value in needs.keys() - own  # as in options.pop("limit")
        if (bound or taken) and (loops or getattr(part, "lineno", 0) < line):
            return None
    return needs if needs.keys() <= own or function.args.kwarg else None


def _asked(test: ast.expr | None) -> tuple[str, bool] | None:
    """The name of which the test asks whether it is None, and whether it is to be."""
    if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name) or len(test.ops) != 1:
        return None
    if not isinstance(test.comparators[0], ast.Constant) or test.comparators[0].value is not None:
        return None
    return (test.left.id, isinstance(test.ops[0], ast.Is)) if isinstance(test.ops[0], (ast.Is, ast.IsNot)) else None


def _left_open(
    caller: _Function | None, call: ast.Call, function: _Function, needs: Mapping[str, _Need]
) -> dict[str, _Need] | None:
    """What the caller has to be given for the call to meet the needs; None where it does not, or nobody knows."""
    theirs = {argument.arg for argument in _parameters(caller)} if caller else set()
    own = {argument.arg for argument in _parameters(function)}
    defaults = dict(_defaults(function))
    if needs and any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    left: dict[str, _Need] = {}
    for name, need in needs.items():
        value = _argument(call, function, name)
        if isinstance(value, ast.Name) and value.id in theirs:
            left[value.id] = _Need(need.none)
        elif isinstance(value, (ast.Constant, *_LITERALS)):
            if _is_none(value) is not need.none:
                return None
        elif value is not None:
            return None
        else:
            default = defaults.get(name)
            settled = need.unless_given if name not in own else default is not None and _is_none(default) is need.none
            if not any(keyword.arg is None for keyword in call.keywords):
                if not settled:
                    return None
            elif name in theirs or not _hands_on(caller, call):
                return None
            else:
                left[name] = _Need(need.none, settled)
    return left


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _hands_on(caller: _Function | None, call: ast.Call) -> bool:
    """Whether all that the call spreads is what the caller was given besides its parameters."""
    given = caller.args.kwarg.arg if caller and caller.args.kwarg else None
    spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
    return given is not None and all(isinstance(value, ast.Name) and value.id == given for value in spread)


def _argument(call: ast.Call, function: _Function, name: str) -> ast.expr | None:
    """What the call gives for the parameter by its name or place."""
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    place = positional.index(name) if name in positional else len(call.args)
    return named or (call.args[place] if place < len(call.args) else None)


def _parameters(function: _Function) -> tuple[ast.arg, ...]:
    return (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)


def _defaults(function: _Function) -> Iterator[tuple[str, ast.expr]]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    for argument, default in zip(positional[::-1], arguments.defaults[::-1], strict=False):
        yield argument.arg, default
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            yield argument.arg, value
