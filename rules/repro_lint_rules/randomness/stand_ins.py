"""Random numbers that stand in for data: all that anybody sees of them is their shape, their type or their number."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from repro_lint.api import CallEvent, PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.sinks import does, last_name
from repro_lint_rules.randomness.variables import uses_of

PROBES = frozenset({"shape", "dtype", "ndim", "size", "device", "itemsize", "nbytes"})
"""Attributes that say nothing of the numbers."""
_MEASURES = PROBES | {"dim", "numel", "get_shape", "element_spec"}
_MEASURING = frozenset({"len", "type", "isinstance", "shape", "ndim", "size", "getsizeof"})
_DESCRIBING = lazy_pattern(
    r"(?i)^(export|trace|profile|add_graph|get_flops|count_params|dynamo_export|script|make_dot|flopcountanalysis"
    r"|(get_)?(model_)?(summary|complexity_info))$"
)
"""What is told with which inputs a network is to be run, and describes it."""
_LEARNING = lazy_pattern(r"^(fit|train|partial_fit|cross_val|minimize|learn|apply)")
_PASSING = frozenset({"enumerate", "zip", "list", "tuple", "iter", "next", "reversed", "dict", "sum", "range"})
_MOST = 20
"""How many names the numbers may be handed through."""


def is_stand_in(event: CallEvent) -> bool:
    """Whether something is computed from the draw, and nothing but the shape, type or number of that is looked at."""
    if "out" in event.keywords or event.method is None or event.method.endswith(("shuffle", "_")):
        return False
    looks = _Looks(event.source)
    # What is left in a variable at the top level may be wanted by whoever goes on from there.
    return looks.only_measure(event.node) and (looks.measured or bool(event.stack))


class _Looks:
    """What is looked at of some value, as far as its file tells."""

    def __init__(self, source: PythonSource) -> None:
        self.source = source
        self.measured = False
        """Whether its shape, type or number is looked at."""
        self._seen: set[ast.AST] = set()
        """The names that are bound to something of it."""

    def only_measure(self, value: ast.expr) -> bool:
        """Whether nothing but that is looked at, wherever the value goes."""
        child: ast.AST = value
        for parent in self.source.semantics.ancestors(value):
            if isinstance(parent, ast.Attribute):
                if parent.attr in _MEASURES:
                    return self._measures()
                if _acts(parent.attr):
                    return False
            elif isinstance(parent, ast.Call):
                called = last_name(parent.func) or ""
                if child is not parent.func and (called in _MEASURING or _DESCRIBING.search(called)):
                    return self._measures()
                own = _is_own_function(self.source, parent.func) and not _is_compiled(self.source, parent)
                if _acts(called) or own:
                    return False
            elif isinstance(parent, (ast.Assign, ast.AnnAssign)):
                return self._names(parent.targets if isinstance(parent, ast.Assign) else [parent.target])
            elif isinstance(parent, ast.For):
                return child is parent.iter and self._names([_elements(parent)])
            elif isinstance(parent, ast.Expr):
                return _only_compiles(self.source, parent.value) and self._measures()
            elif isinstance(parent, ast.stmt):
                return isinstance(parent, ast.Assert) and self._measures()
            elif isinstance(parent, (ast.Lambda, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)):
                return False
            child = parent
        return False

    def _measures(self) -> bool:
        self.measured = True
        return True

    def _names(self, targets: Sequence[ast.expr]) -> bool:
        """Whether nothing else is looked at wherever the names stand."""
        parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
        names = [part for part in parts if isinstance(part, ast.Name)]
        if len(names) < len(parts) or len(self._seen) > _MOST:
            return False
        first = not self._seen
        new = [name for name in names if name not in self._seen]
        self._seen.update(new)
        uses = uses_of(self.source, new) if new else []
        # What is computed and then left is no result, but the draw itself has to be used for something.
        return bool(uses or not first) and all(map(self.only_measure, uses))


def _elements(loop: ast.For) -> ast.expr:
    """What stands for the elements: not the numbers that ``enumerate`` gives them."""
    counted = isinstance(loop.iter, ast.Call) and last_name(loop.iter.func) == "enumerate"
    target = loop.target
    return target.elts[-1] if counted and isinstance(target, ast.Tuple) and len(target.elts) == 2 else target


def _acts(name: str) -> bool:
    """Whether the function or method of this name does more than to compute something."""
    return any(does(kind, name) for kind in ("writing", "showing", "printing")) or bool(_LEARNING.search(name))


def _is_compiled(source: PythonSource, call: ast.Call) -> bool:
    """Whether a function of the file is called that Numba compiles, which can do nothing but compute."""
    function = source.semantics.functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
    decorators = function.decorator_list if isinstance(function, ast.FunctionDef) else []
    return any("jit" in code_of(decorator) for decorator in decorators)


def _only_compiles(source: PythonSource, statement: ast.expr) -> bool:
    """Whether the result of a compiled function is thrown away: it is called for the first time to be compiled."""
    return isinstance(statement, ast.Call) and _is_compiled(source, statement)


def _is_own_function(source: PythonSource, called: ast.expr) -> bool:
    """Whether a function is called that may be the project's own, which may do anything with what it is given."""
    if not isinstance(called, ast.Name) or called.id in _PASSING:
        return False
    binding = source.semantics.binding_of(called)
    # A class makes an object, and what is assigned is one, such as a network. Functions of libraries have their
    # module before them.
    return binding is None or (binding.assigned is None and not called.id[:1].isupper())
