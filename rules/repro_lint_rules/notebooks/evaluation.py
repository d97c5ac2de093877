"""What evaluating an expression in a fresh kernel reads and binds, in the order in which Python evaluates."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from repro_lint.api import dataclass
from repro_lint_rules.notebooks.first_pass import FirstPass, decided
from repro_lint_rules.notebooks.namespace import Function, Namespace, Value

if TYPE_CHECKING:
    from repro_lint.api import PythonSource, Semantics

_ASKING = ("globals", "locals", "vars", "dir", "hasattr")
LISTS = (ast.ListComp, ast.SetComp, ast.DictComp)


@dataclass(frozen=True)
class Context:
    """Under which circumstances code runs.

    ``certain``: whether it runs in every run that gets this far, if loops have something to loop over; ``guarded``:
    whether a missing name would be caught, or was asked for; ``inevitable``: whether it runs whatever the data are as
    soon as its function is called (its cell is run), and would stop that by a ``NotImplementedError``; ``site``: the
    expression of a cell through which the code of a function runs; ``owner``: the class whose method runs.
    """

    certain: bool = True
    guarded: bool = False
    inevitable: bool = True
    site: ast.AST | None = None
    owner: ast.ClassDef | None = None

    def perhaps(self) -> Context:
        """The same for code that may not run."""
        return replace(self, certain=False, inevitable=False) if self.certain or self.inevitable else self

    def avoidable(self, *, unless: bool = False) -> Context:
        """The same for code that the function may pass by, or not come to; the same context ``unless`` is true."""
        return replace(self, inevitable=False) if self.inevitable and not unless else self

    def caught(self) -> Context:
        """The same for code whose missing names do no harm."""
        return replace(self, guarded=True)


@dataclass(frozen=True)
class Use:
    """A name that nothing had bound when it was used. ``cell`` is the index of the cell that runs then."""

    name: str
    node: ast.AST
    cell: int
    certain: bool
    site: ast.AST | None
    removed: ast.AST | None = None


class Evaluator:
    """Evaluates expressions against a namespace."""

    def __init__(self, source: PythonSource, namespace: Namespace) -> None:
        self.source = source
        self.semantics: Semantics = source.semantics
        self.namespace = namespace
        self.cell = 0
        self.undefined: list[Use] = []
        self.first_pass = FirstPass(self.semantics)

    def is_global(self, name: ast.Name) -> bool:
        """Whether a name is the notebook's own or nobody's, rather than local to a function, class or comprehension."""
        scope = self.semantics.scope_of(name).find(name.id)
        return scope is None or scope.kind == "module"

    def read(self, name: str, node: ast.AST, context: Context) -> None:
        """Look a global name up."""
        if context.guarded or self.namespace.unknown is not None or name in self.namespace:
            return
        removed = self.namespace.removed.get(name)
        self.undefined.append(Use(name, node, self.cell, context.certain, context.site, removed))

    def bind(self, target: ast.AST, value: Value, context: Context) -> None:
        """Give the names of a target their value; a target that is part of something is evaluated as such."""
        if isinstance(target, ast.Name):
            if self.is_global(target):
                self.namespace.bind(target.id, value, certain=context.certain)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.bind(part, None, context)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None, context)
        else:
            self.children(target, context)

    def expression(self, node: ast.AST | None, context: Context) -> None:
        """Evaluate an expression."""
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and self.is_global(node):
                self.read(node.id, node, context)
        elif isinstance(node, ast.Call):
            self.children(node, context)
            self.call(node, context)
        elif isinstance(node, ast.Lambda):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                self.expression(default, context)
        elif isinstance(node, ast.NamedExpr):
            self.expression(node.value, context)
            self.bind(node.target, self.value_of(node.value), context)
        elif isinstance(node, LISTS):
            self._comprehension(node, context, context)
        elif isinstance(node, ast.GeneratorExp):
            # The first iterable is evaluated at once, the rest when somebody asks: a call it is passed to does.
            asked = isinstance(self.semantics.parent(node), (ast.Call, ast.Starred))
            self._comprehension(node, context, context.avoidable() if asked else context.perhaps())
        elif isinstance(node, ast.Starred):
            self.expression(node.value, context)
            self.consume(node.value, context)
        elif isinstance(node, ast.IfExp):
            self._choice(node, context)
        elif isinstance(node, ast.BoolOp):
            self.expression(node.values[0], context)
            for value in node.values[1:]:
                self.expression(value, context.perhaps())
        elif node is not None:
            self.children(node, context)

    def children(self, node: ast.AST, context: Context) -> None:
        """Evaluate what an expression consists of, from left to right."""
        for child in ast.iter_child_nodes(node):
            self.expression(child, context)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, outer: Context, inner: Context
    ) -> None:
        for number, clause in enumerate(node.generators):
            self.expression(clause.iter, inner if number else outer)
            self.consume(clause.iter, inner)
            if inner.inevitable and (number or not self.first_pass.has_items(clause.iter)):
                inner = inner.avoidable()
            for test in clause.ifs:
                self.expression(test, inner)
                inner = inner.perhaps()
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.expression(part, inner)

    def _choice(self, node: ast.IfExp, context: Context) -> None:
        truth = decided(node.test)
        self.expression(node.test, context)
        if truth is None:
            context = self.asked(node.test, context).perhaps()
        if truth is not False:
            self.expression(node.body, context)
        if truth is not True:
            self.expression(node.orelse, context)

    def asked(self, test: ast.expr, context: Context) -> Context:
        """The context of a branch: its names are cared for if the test asks which names there are."""
        called = {
            node.func.id for node in ast.walk(test) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        return context if called.isdisjoint(_ASKING) else context.caught()

    def value_of(self, node: ast.AST | None) -> Value:
        """What is known of the value of an expression."""
        if isinstance(node, ast.Name):
            if self.is_global(node):
                return self.namespace.value(node.id)
            binding = self.semantics.binding_of(node)
            if binding is None:
                return None
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return self.defined(binding.node)
            return self.value_of(binding.assigned) if not isinstance(binding.assigned, ast.Name) else None
        if isinstance(node, ast.Lambda):
            return Function(node)
        if isinstance(node, ast.Call):
            return self.result_of(node)
        return None

    def result_of(self, node: ast.Call) -> Value:
        """What is known of what a call gives."""
        raise NotImplementedError

    def defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Value:
        """What a definition binds its name to."""
        raise NotImplementedError

    def consume(self, node: ast.expr, context: Context) -> None:
        """Ask the value of an expression, which has been evaluated, for what it yields."""
        raise NotImplementedError

    def call(self, node: ast.Call, context: Context) -> None:
        """What happens when the call is made, after its parts have been evaluated."""
        raise NotImplementedError
