"""Programs that only measure how long something takes: what they feed it is random, what they tell is durations."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from repro_lint.api import Program, PythonSource, lazy_pattern
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.sinks import does, last_name

_CLOCKS = frozenset(
    {"time", "perf_counter", "perf_counter_ns", "process_time", "monotonic", "time_ns", "clock", "timeit", "repeat"}
    | {"elapsed_time", "Timer", "autorange", "blocked_autorange", "default_timer"}
)
"""Functions that tell the time, or how long something took."""
_MEASURES = frozenset({"len", "type", "shape", "size", "ndim", "dtype", "nbytes", "numel", "dim"})
_LOGGING = frozenset({"write", "info", "debug", "log"})
_TOOLS = lazy_pattern(r"^(sys|logging|logger|log|plt|ax\d?|fig|os)\b")
_LEARNING = lazy_pattern(r"^(fit|train|learn|backward|minimize|optimize|partial_fit|step)(_|$)")
"""What reports on its own how it learns."""
_MOST_ROUNDS = 12
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def only_measures_time(program: Program, draws: Sequence[Draw]) -> bool:
    """Whether the program looks at a clock and tells nothing that depends on its draws, which are all in its file."""
    source = program.entry
    if not draws or program.modules != {program.path} or not all(map(_is_followed, draws)):
        return False
    called = {last_name(call.func) or "" for call in source.semantics.nodes(ast.Call)}
    if called.isdisjoint(_CLOCKS) or any(map(_LEARNING.search, called)):
        return False
    flow = _Flow(source, {id(draw.event.node) for draw in draws})
    told = list(_told(source))
    return bool(told) and not any(map(flow.reaches, told))


def _is_followed(draw: Draw) -> bool:
    """Whether the draw stands in no class, whose objects carry what they hold to where no name tells."""
    ancestors = draw.event.source.semantics.ancestors(draw.event.node)
    return not any(isinstance(node, ast.ClassDef) for node in ancestors)


class _Flow:
    """Which names of a file hold something that was drawn, wherever they stand: more rather than fewer."""

    def __init__(self, source: PythonSource, draws: set[int]) -> None:
        self._source = source
        self._draws = draws
        self._names: set[str] = set()
        self._giving: set[str] = set()
        """The functions of the file that return something drawn."""
        for _ in range(_MOST_ROUNDS):
            before = len(self._names) + len(self._giving)
            self._spread()
            if len(self._names) + len(self._giving) == before:
                break

    def reaches(self, node: ast.AST) -> bool:
        """Whether the value of the expression depends on a draw, and is no duration, size or type."""
        if isinstance(node, ast.Call):
            name = last_name(node.func)
            if name in _MEASURES or name in _CLOCKS:
                return False
            if name in self._giving:
                return True
            if name in self._source.semantics.functions and isinstance(node.func, ast.Name):
                return False
        if isinstance(node, ast.Attribute) and node.attr in _MEASURES:
            return False
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
        return id(node) in self._draws or name in self._names or any(map(self.reaches, ast.iter_child_nodes(node)))

    def _spread(self) -> None:
        nodes = self._source.semantics.nodes
        for assigned in nodes(ast.Assign, ast.AugAssign, ast.AnnAssign):
            if assigned.value is not None and self.reaches(assigned.value):
                targets = assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target]
                self._names.update(name for target in targets for name in _changed(target))
        for loop in nodes(ast.For, ast.comprehension):
            if self.reaches(loop.iter):
                self._names.update(_changed(loop.target))
        for call in nodes(ast.Call):
            values = [*call.args, *(keyword.value for keyword in call.keywords)]
            if any(map(self.reaches, values)) or id(call) in self._draws:
                self._names.update(self._given(call))
        for result in nodes(ast.Return, ast.Yield):
            if result.value is not None and self.reaches(result.value):
                around = self._source.semantics.ancestors(result)
                self._giving.update([n.name for n in around if isinstance(n, _FUNCTIONS)][:1])

    def _given(self, call: ast.Call) -> Iterator[str]:
        """The names that hold an argument of the call from then on: parameters, and what a method puts it into."""
        function = self._source.semantics.functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if function is not None:
            yield from (parameter.arg for parameter in ast.walk(function) if isinstance(parameter, ast.arg))
        elif isinstance(call.func, ast.Attribute) and isinstance(self._source.semantics.parent(call), ast.Expr):
            yield from () if _TOOLS.search(ast.unparse(call.func)) else _changed(call.func.value)
        if (last_name(call.func) or "").endswith("shuffle"):
            yield from (name for argument in call.args for name in _changed(argument))


def _changed(target: ast.AST) -> Iterator[str]:
    """The names and attributes that an assignment to the target changes."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _changed(element)
    elif isinstance(target, (ast.Subscript, ast.Starred)):
        yield from _changed(target.value)
    elif isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Attribute):
        yield target.attr


def _told(source: PythonSource) -> Iterator[ast.expr]:
    """What is printed, shown, written, or left at the end of a cell."""
    for call in source.semantics.nodes(ast.Call):
        name = last_name(call.func)
        if any(does(kind, name) for kind in ("printing", "showing", "writing")) or name in _LOGGING:
            yield from call.args
            yield from (keyword.value for keyword in call.keywords)
            if isinstance(call.func, ast.Attribute) and not _TOOLS.search(ast.unparse(call.func)):
                yield call.func.value
    if source.notebook is not None:
        for statement in source.tree.body:
            if isinstance(statement, ast.Expr):
                yield statement.value
