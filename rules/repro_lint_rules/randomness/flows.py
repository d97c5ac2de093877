"""Which variables of a file hold something that was drawn: more rather than fewer."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from functools import lru_cache

from repro_lint.api import FUNCTIONS, PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.sinks import last_name

MEASURES = frozenset({"len", "type", "shape", "size", "ndim", "dtype", "nbytes", "numel", "dim", "isinstance"})
"""What says nothing of numbers but how many they are, and of which kind."""
CLOCKS = frozenset(
    {"time", "perf_counter", "perf_counter_ns", "process_time", "monotonic", "time_ns", "clock", "timeit", "repeat"}
    | {"elapsed_time", "Timer", "autorange", "blocked_autorange", "default_timer"}
)
"""Functions that tell the time, or how long something took."""
TOOLS = lazy_pattern(r"^(sys|logging|logger|log|plt|pylab|sns|ax(e?s)?\d?|fig|os)\b")
"""What objects are called that something is told to, and nothing is put into."""
_MODELS = ("pymc", "pyro.", "numpyro.", "pystan.", "cmdstanpy.", "edward.")
_MOST_ROUNDS = 12
_Part = tuple[ast.AST, tuple[ast.AST, ...]]
"""A node, and what its name is bound by."""


class Flow:
    """Follows what is drawn through assignments, conditions, loops, and calls of functions of the file."""

    def __init__(self, source: PythonSource, draws: Collection[int], silent: Collection[str] = ()) -> None:
        self._source = source
        self._draws = draws
        """The ids of the calls that draw."""
        self._silent = MEASURES.union(silent)
        """The functions whose results do not depend on what they are given."""
        self._parts = _parts(source, self._silent)
        self._bound: set[ast.AST] = set()
        """The names, where they are bound to something drawn, and such parameters."""
        self._attributes: set[str] = set()
        self._giving: set[str] = set()
        """The functions of the file that return something drawn."""
        for _ in range(_MOST_ROUNDS):
            before = self._size()
            self._spread()
            if self._size() == before:
                break

    def reaches(self, node: ast.AST) -> bool:
        """Whether the value of the expression depends on a draw."""
        parts = self._parts.get(node)
        if parts is None:
            parts = self._parts[node] = list(self._deciding(node))
        return any(self._is_drawn(part, bindings) for part, bindings in parts)

    def _deciding(self, node: ast.AST) -> Iterator[_Part]:
        """The calls, names and attributes that the value of the expression depends on."""
        parts = [node]
        while parts:  # without a recursion: sums of texts are written a thousand terms long
            part = parts.pop()
            if isinstance(part, ast.Name):
                binding = self._source.semantics.binding_of(part)
                bindings = self._source.semantics.bindings_of(part) if binding is None else (binding,)
                yield part, tuple(found.node for found in bindings)
            elif isinstance(part, (ast.Call, ast.Attribute)):
                yield part, ()
            if not self._is_opaque(part):
                parts += ast.iter_child_nodes(part)

    def _is_drawn(self, node: ast.AST, bindings: tuple[ast.AST, ...]) -> bool:
        """Whether it stands for something drawn, whatever its parts are."""
        if isinstance(node, ast.Call):
            name = last_name(node.func)
            return name not in self._silent and (name in self._giving or id(node) in self._draws)
        if isinstance(node, ast.Attribute):
            return node.attr in self._attributes and node.attr not in MEASURES
        return not self._bound.isdisjoint(bindings)

    def _is_opaque(self, node: ast.AST) -> bool:
        """Whether its value does not depend on its parts, or is known without them."""
        if isinstance(node, ast.Call):
            return last_name(node.func) in self._silent or self.is_own(node)
        return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and node.attr in MEASURES)

    @property
    def leaves(self) -> bool:
        """Whether something drawn is returned by a function, or held by an attribute or a variable of the module."""
        scopes = map(self._source.semantics.scope_of, self._bound)
        return bool(self._giving or self._attributes) or any(isinstance(scope.node, ast.Module) for scope in scopes)

    @property
    def gathers(self) -> bool:
        """Whether something drawn is added to what was there before, as in a training."""
        for assigned in self._source.semantics.nodes(ast.Assign, ast.AugAssign):
            read = {node.id for node in ast.walk(assigned.value) if isinstance(node, ast.Name)}
            targets = assigned.targets if isinstance(assigned, ast.Assign) else []
            again = any(isinstance(target, ast.Name) and target.id in read for target in targets)
            if (again or isinstance(assigned, ast.AugAssign)) and self.reaches(assigned.value):
                return True
        return False

    def is_own(self, call: ast.Call) -> bool:
        """Whether a function of the file is called."""
        return isinstance(call.func, ast.Name) and call.func.id in self._source.semantics.functions

    def _size(self) -> int:
        return len(self._bound) + len(self._attributes) + len(self._giving)

    def _spread(self) -> None:
        nodes = self._source.semantics.nodes
        for assigned in nodes(ast.Assign, ast.AugAssign, ast.AnnAssign):
            added = isinstance(assigned, ast.AugAssign) and self._is_bound(assigned.target)
            if added or (assigned.value is not None and self.reaches(assigned.value)):
                self._assign(assigned)
        for loop in nodes(ast.For, ast.comprehension):
            if self.reaches(loop.iter):
                self._change(loop.target)
        for condition in nodes(ast.If, ast.While):
            if self.reaches(condition.test):
                self._depend(condition)
        for call in nodes(ast.Call):
            if any(map(self.reaches, arguments(call))) or id(call) in self._draws:
                self._give(call)
        for result in nodes(ast.Return, ast.Yield):
            if result.value is not None and self.reaches(result.value):
                self._giving.update(self._around(result))

    def _depend(self, condition: ast.If | ast.While) -> None:
        """Note what is assigned or returned only if something drawn is so."""
        for node in ast.walk(condition):
            if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
                self._assign(node)
            elif isinstance(node, ast.Call):
                self._give(node)
            elif isinstance(node, (ast.Return, ast.Yield, ast.Break)):
                self._giving.update(self._around(node))

    def _around(self, node: ast.AST) -> list[str]:
        """The name of the function around, if any."""
        return [n.name for n in self._source.semantics.ancestors(node) if isinstance(n, FUNCTIONS)][:1]

    def _give(self, call: ast.Call) -> None:
        """Note what holds an argument of the call from then on: parameters, and what a method puts it into."""
        function = self._source.semantics.functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if function is not None:
            self._bound.update(node for node in ast.walk(function) if isinstance(node, ast.arg))
        elif isinstance(call.func, ast.Attribute) and self._may_keep(call):
            self._change(call.func.value)
        if (last_name(call.func) or "").endswith("shuffle"):
            for argument in call.args:
                self._change(argument)

    def _may_keep(self, call: ast.Call) -> bool:
        """Whether it is called for its effect, on something that is no module and no tool."""
        done = isinstance(self._source.semantics.parent(call), ast.Expr)
        return done and self._source.semantics.resolve(call.func) is None and not TOOLS.search(code_of(call.func))

    def _assign(self, assigned: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        for target in assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target]:
            self._change(target)

    def _change(self, target: ast.AST) -> None:
        """Note that a target is bound to something drawn, or that what it holds is changed."""
        if isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._change(element)
        elif isinstance(target, (ast.Subscript, ast.Starred)):
            self._change(target.value)
        elif isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store):
            self._bound.add(target)
        elif isinstance(target, ast.Name):
            self._bound.update(binding.node for binding in self._source.semantics.bindings_of(target))
        elif isinstance(target, ast.Attribute):
            self._attributes.add(target.attr)
            if not (isinstance(target.value, ast.Name) and target.value.id == "self"):
                self._change(target.value)

    def _is_bound(self, target: ast.expr) -> bool:
        """Whether what is added to may hold something drawn."""
        if isinstance(target, ast.Name):
            return any(binding.node in self._bound for binding in self._source.semantics.bindings_of(target))
        return self.reaches(target)


@lru_cache(maxsize=4)
def _parts(source: PythonSource, silent: frozenset[str]) -> dict[ast.AST, list[_Part]]:
    """What each expression depends on: the same for all draws of a file, and filled while they are followed."""
    return {}


def is_model(source: PythonSource, call: ast.Call) -> bool:
    """Whether data is given to a model that knows of it from then on, whatever its variable is called."""
    observed = any(keyword.arg in ("observed", "obs") for keyword in call.keywords)
    return observed or (source.semantics.resolve(call.func) or "").startswith(_MODELS)


def arguments(call: ast.Call) -> list[ast.expr]:
    """What is passed, by position and by name."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]
