"""Which call of a notebook runs a function that uses a removed name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from repro_lint.api import PythonSource, dataclass
from repro_lint_rules.environment.removals_uses import Use

_MAX_DEPTH = 5
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
class _Step:
    """Something in a function that leads to the use."""

    node: ast.AST
    use: Use
    needs: Mapping[str, bool]
    """The parameters of its function that it depends on, and whether they have to be None, or anything else."""
    depth: int


def first_run(source: PythonSource, uses: Iterable[Use]) -> Run | None:
    """The first call that certainly reaches one of the uses, straight or through other functions.

    Of conditions only those are decided that ask whether an argument was given (``if limit is None``).
    """
    pending = [_Step(use.node, use, {}, 0) for use in uses]
    found: list[Run] = []
    for step in pending:  # which grows
        function = _function(source, step.node)
        if function is None or step.depth > _MAX_DEPTH or _may_end_before(function, step.node):
            continue
        needs = _needs(source, function, step)
        if needs is None:
            continue
        for call in source.semantics.calls_to(f"__main__.{function.name}"):
            left = _left_open(source, call.node, function, needs)
            if left is None:
                continue
            if any(isinstance(above, _SCOPES) for above in source.semantics.ancestors(call.node)):
                pending.append(_Step(call.node, step.use, left, step.depth + 1))
            elif not left and _is_straight(source, call.node):
                found.append(Run(call.node, function.name, step.use))
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


def _needs(source: PythonSource, function: _Function, step: _Step) -> dict[str, bool] | None:
    """What the function has to be given for the step to be reached; None where that cannot be told."""
    needs = dict(step.needs)
    for guard in source.semantics.guards(step.node):
        if guard.kind in ("with", "for"):
            continue
        asked = _asked(guard.test) if guard.kind == "if" else None
        if asked is None:
            return None
        name, none = asked
        if needs.setdefault(name, none is guard.polarity) is not (none is guard.polarity):
            return None
    parameters = {argument.arg for argument in _parameters(function)}
    bound = {
        part.id for part in ast.walk(function) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
    }
    return needs if needs.keys() <= parameters - bound else None


def _asked(test: ast.expr | None) -> tuple[str, bool] | None:
    """The name of which the test asks whether it is None, and whether it is to be."""
    if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name) or len(test.ops) != 1:
        return None
    if not isinstance(test.comparators[0], ast.Constant) or test.comparators[0].value is not None:
        return None
    return (test.left.id, isinstance(test.ops[0], ast.Is)) if isinstance(test.ops[0], (ast.Is, ast.IsNot)) else None


def _left_open(
    source: PythonSource, call: ast.Call, function: _Function, needs: Mapping[str, bool]
) -> dict[str, bool] | None:
    """What the caller has to be given for the call to meet the needs; None where it does not, or nobody knows."""
    caller = _function(source, call)
    theirs = {argument.arg for argument in _parameters(caller)} if caller else set()
    left: dict[str, bool] = {}
    for name, none in needs.items():
        value = _argument(call, function, name)
        if isinstance(value, ast.Name) and value.id in theirs:
            if left.setdefault(value.id, none) is not none:
                return None
        elif not isinstance(value, (ast.Constant, *_LITERALS)) or _is_none(value) is not none:
            return None
    return left


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _argument(call: ast.Call, function: _Function, name: str) -> ast.expr | None:
    """What the call gives for the parameter, or its default; None where it cannot be told."""
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    if named is not None:
        return named
    spread = any(keyword.arg is None for keyword in call.keywords)
    positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    place = positional.index(name) if name in positional else len(call.args)
    if any(isinstance(argument, ast.Starred) for argument in call.args[: place + 1]):
        return None
    if place < len(call.args):
        return call.args[place]
    return None if spread else dict(_defaults(function)).get(name)


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
