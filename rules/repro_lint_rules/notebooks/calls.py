"""What a call in a notebook runs: functions, classes and methods that its cells define."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from repro_lint.api import dataclass, last_name, lazy_pattern
from repro_lint_rules.notebooks.evaluation import LISTS, Context, Evaluator
from repro_lint_rules.notebooks.namespace import Class, Function, FunctionNode, Instance, Namespace, Pending, Value
from repro_lint_rules.notebooks.prompts import Prompts
from repro_lint_rules.notebooks.signatures import misfit

if TYPE_CHECKING:
    from repro_lint.api import PythonSource

_MOST_DEPTH = 25
_MOST_ENTRIES = 5_000

# Decorators that call what they decorate with the arguments they are given, and those that others must not pass by.
_TRANSPARENT = frozenset(
    """
    cache lru_cache cached njit jit wraps staticmethod classmethod property cached_property contextmanager
    asynccontextmanager no_grad inference_mode abstractmethod override profile total_ordering final timeit timer
    function vectorize guvectorize cell
    """.split()
)
_KEEP_SIGNATURE = frozenset(("cache", "lru_cache", "njit", "staticmethod", "no_grad", "inference_mode", "override"))

# Callables that call the functions they are passed before they return, by the last component of their names.
_CALL_THEIR_ARGUMENTS = frozenset(
    """
    apply applymap transform agg aggregate pipe apply_along_axis fromfunction piecewise sorted min max reduce sort
    minimize minimize_scalar curve_fit quad dblquad nquad fsolve odeint solve_ivp brentq newton bisect root root_scalar
    leastsq least_squares differential_evolution fmin fmin_bfgs approx_fprime derivative bootstrap
    """.split()
)
_CONSUMERS = frozenset(
    """
    list tuple set frozenset dict sum min max any all sorted next join array Counter DataFrame Series fromiter deque
    extend update run
    """.split()
)
_LAZY_CALLERS = frozenset({"map", "filter", "starmap", "takewhile", "dropwhile"})
_QUERY_NAME = lazy_pattern(r"@([^\W\d]\w*)")


@dataclass(frozen=True)
class MisfitCall:
    """A call that its function cannot accept, with the reason; ``cell`` is the index of the cell that runs then."""

    node: ast.Call
    function: FunctionNode
    reason: str
    cell: int
    certain: bool
    site: ast.AST | None


@dataclass(frozen=True)
class Stop:
    """A place where the run inevitably waits for a person: ``call`` waits, and ``site``, code of a cell, leads to it.

    The two are the same where no function of the notebook lies between them. ``text`` is how to quote the call,
    ``cell`` the index of the cell that runs then.
    """

    site: ast.AST
    call: ast.Call
    text: str
    cell: int


class Caller(Evaluator):
    """Follows calls into the code of the notebook, each function again only where its names may have changed."""

    def __init__(self, source: PythonSource, namespace: Namespace) -> None:
        super().__init__(source, namespace)
        self.misfits: list[MisfitCall] = []
        self.stops: list[Stop] = []
        self.prompts = Prompts(source)
        self._waiting: dict[FunctionNode, tuple[ast.Call, str]] = {}
        self._active: list[FunctionNode] = []
        self._walked: dict[tuple[FunctionNode, bool, bool], int] = {}
        self._entries = 0
        self._lazy: dict[FunctionNode, bool] = {}

    def block(self, statements: Iterable[ast.stmt], context: Context) -> object:
        """Run statements."""
        raise NotImplementedError

    def effect(self, node: ast.Call, name: str, context: Context) -> None:
        """What a call of something else than the notebook's own code, by its qualified name, does to the namespace."""
        raise NotImplementedError

    def defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Value:
        """The function or class of a definition, with what its decorators leave of it."""
        if isinstance(node, ast.ClassDef):
            return Class(node, decorated=bool(node.decorator_list))
        names = [last_name(decorator) for decorator in node.decorator_list]
        return Function(
            node,
            plain=all(name in ("staticmethod", "classmethod") for name in names),
            signature=all(name in _KEEP_SIGNATURE for name in names),
            runs=all(name in _TRANSPARENT for name in names),
        )

    def result_of(self, node: ast.Call) -> Value:
        """An object of a class, or what a generator function gives."""
        called = self.value_of(node.func)
        if isinstance(called, Class) and not called.decorated:
            return Instance(called.node)
        if isinstance(called, Function) and called.runs and self._is_lazy(called.node):
            return Pending(called)
        return None

    def consume(self, node: ast.expr, context: Context) -> None:
        """Run the body of a generator function whose generator has a name."""
        value = self.value_of(node) if isinstance(node, ast.Name) else None
        if isinstance(value, Pending):
            self._run(value.function, node, context.avoidable())

    def call(self, node: ast.Call, context: Context) -> None:
        """Run what the call runs."""
        called = self.value_of(node.func)
        if isinstance(called, Function):
            self._check(node, called, context, bound=False)
            self.enter(called, node, context)
        elif isinstance(called, Class):
            self._construct(called, node, context)
        elif isinstance(called, Instance):
            self._enter_first(called.node, ("__call__", "forward", "call"), node, context)
        elif isinstance(node.func, ast.Attribute):
            self._method(node.func, node, context)
        self._arguments(node, context)
        name = self.semantics.resolve(node.func) or ""
        if context.inevitable and (text := self.prompts.text(node.func, name)):
            self._stop(node, node, text)
        self.effect(node, name, context)

    def enter(self, function: Function, node: ast.AST, context: Context, owner: ast.ClassDef | None = None) -> None:
        """Call a function: its body runs now, or when somebody asks for its values."""
        if self._is_lazy(function.node):  # the consumer may not ask for all values
            context = context.avoidable() if self._is_consumed(node) else context.perhaps()
        if not function.runs:
            context = context.perhaps()
        self._run(function, node, context, owner)

    def _run(self, function: Function, node: ast.AST, context: Context, owner: ast.ClassDef | None = None) -> None:
        body = function.node
        if body in self._active:
            return
        key = (body, context.certain, context.guarded)
        revision = self.namespace.revision
        known = self._walked.get(key) == revision or self._walked.get((body, True, False)) == revision
        if not known:
            if len(self._active) >= _MOST_DEPTH or self._entries >= _MOST_ENTRIES:
                return
            self._walked[key] = revision
            self._entries += 1
            self._walk(
                body,
                replace(
                    context, site=context.site or node, owner=owner, inevitable=function.plain and self.prompts.possible
                ),
            )
        if context.inevitable and (waiting := self._waiting.get(body)):
            self._stop(node, *waiting)

    def _walk(self, body: FunctionNode, inner: Context) -> None:
        self._waiting.pop(body, None)
        self._active.append(body)
        if isinstance(body, ast.Lambda):
            self.expression(body.body, inner)
        else:
            self.block(body.body, inner)
        self._active.pop()

    def _stop(self, node: ast.AST, call: ast.Call, text: str) -> None:
        """Note that the run does not get past a node: for the function that runs, or else for the cell."""
        if self._active:
            self._waiting.setdefault(self._active[-1], (call, text))
        else:
            self.stops.append(Stop(node, call, text, self.cell))

    def _construct(self, called: Class, node: ast.Call, context: Context) -> None:
        if called.decorated:
            context = context.perhaps()
        for name in ("__new__", "__init__", "__post_init__"):
            method = self._find_method(called.node, name)
            if method is not None:
                plain = name == "__init__" and not called.decorated and self._is_plain(called.node)
                self._check(node, Function(method, signature=plain), context, bound=True)
                self.enter(Function(method), node, context, called.node)

    def _method(self, func: ast.Attribute, node: ast.Call, context: Context) -> None:
        value = self.value_of(func.value)
        owner: ast.ClassDef | None = None
        if isinstance(value, (Class, Instance)):
            owner = value.node
        elif context.owner is not None and isinstance(func.value, ast.Name) and func.value.id in ("self", "cls"):
            owner = context.owner
        if owner is not None:
            self._enter_first(owner, (func.attr,), node, context)

    def _enter_first(self, owner: ast.ClassDef, names: tuple[str, ...], node: ast.Call, context: Context) -> None:
        for name in names:
            method = self._find_method(owner, name)
            if method is not None:
                value = self.defined(method)
                if isinstance(value, Function):
                    self.enter(value, node, context, owner)
                return

    def _find_method(self, owner: ast.ClassDef, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        for class_ in self._lineage(owner):
            for statement in reversed(class_.body):
                if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name == name:
                    return statement
        return None

    def _lineage(self, owner: ast.ClassDef) -> Iterator[ast.ClassDef]:
        """The class and those of its bases that the notebook defines, nearest first."""
        seen: list[ast.ClassDef] = []
        queue = [owner]
        while queue:
            class_ = queue.pop(0)
            if class_ not in seen:
                seen.append(class_)
                yield class_
                found = (self.value_of(base) for base in class_.bases)
                queue += [value.node for value in found if isinstance(value, Class)]

    def _is_plain(self, owner: ast.ClassDef) -> bool:
        """Whether nothing but the class itself says what its constructor takes."""
        return not owner.keywords and all(isinstance(base, ast.Name) and base.id == "object" for base in owner.bases)

    def _arguments(self, node: ast.Call, context: Context) -> None:
        """Run the functions that are passed to what will call them: at once, perhaps, or who knows when."""
        name = last_name(node.func)
        lazy = name in _LAZY_CALLERS and isinstance(node.func, ast.Name)  # a method of this name, as of pandas, is not
        at_once = self._is_consumed(node) if lazy else name in _CALL_THEIR_ARGUMENTS or name in _LAZY_CALLERS
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            value = self.value_of(argument) if isinstance(argument, (ast.Name, ast.Lambda)) else None
            if isinstance(value, Function):
                self.enter(value, node, context.avoidable() if at_once else context.perhaps())
            elif isinstance(value, Pending) and name in _CONSUMERS:
                self._run(value.function, node, context.avoidable())
        if name in ("query", "eval") and isinstance(node.func, ast.Attribute):
            # pandas looks the names after @ up where it is called.
            for text in node.args[:1]:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    self._query(text, text.value, context)

    def _query(self, node: ast.Constant, text: str, context: Context) -> None:
        scope = self.semantics.scope_of(node)
        for match in _QUERY_NAME.finditer(text):
            home = scope.find(match[1])
            if home is None or home.kind == "module":
                self.read(match[1], node, context)

    def _check(self, node: ast.Call, function: Function, context: Context, *, bound: bool) -> None:
        if not function.signature or context.guarded or self.namespace.unknown is not None:
            return
        reason = misfit(node, function.node.args, bound=bound)
        if reason is not None:
            found = MisfitCall(node, function.node, reason, self.cell, context.certain, context.site)
            self.misfits.append(found)

    def _is_lazy(self, function: FunctionNode) -> bool:
        """Whether a call makes a generator or a coroutine, which runs when it is asked."""
        if function not in self._lazy:
            yields = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _own_nodes(function))
            lazy = yields or isinstance(function, ast.AsyncFunctionDef)
            self._lazy[function] = lazy and not isinstance(function, ast.Lambda)
        return self._lazy[function]

    def _is_consumed(self, node: ast.AST) -> bool:
        """Whether what a call gives is used up where it stands."""
        parent = self.semantics.parent(node)
        if isinstance(parent, (ast.For, ast.AsyncFor)):
            return parent.iter is node
        if isinstance(parent, ast.comprehension):
            return parent.iter is node and isinstance(self.semantics.parent(parent), LISTS)
        if isinstance(parent, ast.Call):
            return last_name(parent.func) in _CONSUMERS
        return isinstance(parent, (ast.Await, ast.Starred, ast.YieldFrom))


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions in it."""
    queue = list(ast.iter_child_nodes(function))
    while queue:
        node = queue.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            queue.extend(ast.iter_child_nodes(node))
