"""What running the statements of a notebook binds, deletes and reads, from top to bottom."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Literal, cast

from repro_lint.api import last_name
from repro_lint_rules.notebooks.calls import Caller
from repro_lint_rules.notebooks.evaluation import Context
from repro_lint_rules.notebooks.first_pass import decided
from repro_lint_rules.notebooks.handlers import catches, going_on, is_exit, may_raise, repeats_for_ever
from repro_lint_rules.notebooks.namespace import Function

Flow = Literal["on", "failing", "perhaps", "away"]
"""Whether control goes on after a statement, may end in an exception that the code itself raises, may go elsewhere, or
never goes on."""

_SEQUENCES = (ast.Tuple, ast.List)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DIVERTING = frozenset({"patch", "Output", "ExitStack"})
"""Context managers that swallow exceptions, or put something else in the place of what the body calls."""
_TRIES: tuple[type[ast.AST], ...] = tuple(
    cast("type[ast.AST]", getattr(ast, name)) for name in ("Try", "TryStar") if hasattr(ast, name)
)


class Runner(Caller):
    """Runs statements against a namespace."""

    evaluates_annotations = True
    """Whether annotations are evaluated: not after ``from __future__ import annotations``, nor since Python 3.14."""

    @cached_property
    def _global_names(self) -> dict[ast.AST, list[str]]:
        """For each function of a cell the names that code in it binds in the module."""
        found: dict[ast.AST, list[str]] = {}
        for name, bindings in self.semantics.scopes.module.bindings.items():
            for binding in bindings:
                if binding.gives_value and self.semantics.scope_of(binding.node).kind == "function":
                    around = [node for node in self.semantics.ancestors(binding.node) if isinstance(node, _DEFINITIONS)]
                    found.setdefault(around[-1], []).append(name)
        return found

    def block(self, statements: Iterable[ast.stmt], context: Context, *, rescued: bool = False) -> Flow:
        """Run statements until control leaves them. ``rescued``: handlers around may go on after what they raise."""
        flow: Flow = "on"
        for statement in statements:
            went = self.statement(statement, context)
            if went == "away":
                return "away"
            if went == "perhaps":
                flow, context = "perhaps", context.perhaps()
            elif went == "failing":
                flow, context = "failing" if flow == "on" else flow, context.avoidable()
            elif rescued and context.inevitable and may_raise(statement):
                context = context.avoidable()
        return flow

    # repro-lint: ignore[ruff-complex-structure] one branch for each kind of statement
    def statement(self, node: ast.stmt, context: Context) -> Flow:
        """Run one statement."""
        if isinstance(node, ast.Assign):
            self.expression(node.value, context)
            for target in node.targets:
                self._assign(target, node.value, context)
        elif isinstance(node, ast.Expr):
            self.expression(node.value, context)
            return "failing" if is_exit(node.value) else "on"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node, context)
        elif isinstance(node, _DEFINITIONS):
            self._define(node, context)
        elif isinstance(node, ast.If):
            return self._if(node, context)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return self._loop(node, context)
        elif isinstance(node, _TRIES):
            return self._try(cast("ast.Try", node), context)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            return self._with(node, context)
        elif isinstance(node, ast.AugAssign):
            self._augment(node, context)
        elif isinstance(node, ast.AnnAssign):
            self._annotate(node, context)
        elif isinstance(node, ast.Delete):
            self._delete(node, context)
        elif isinstance(node, ast.Match):
            return self._match(node, context)
        elif isinstance(node, (ast.Return, ast.Raise)):
            self.children(node, context)
            return "away"
        elif isinstance(node, (ast.Break, ast.Continue)):
            return "away"
        elif isinstance(node, ast.Pass):
            self.magic(node, context)
        elif not isinstance(node, (ast.Global, ast.Nonlocal)):
            self._other(node, context)
        return "on"

    def magic(self, node: ast.Pass, context: Context) -> None:
        """Apply the magic that a ``pass`` may stand for."""
        raise NotImplementedError

    def star_import(self, node: ast.ImportFrom, context: Context) -> None:
        """Bind what a star import brings."""
        raise NotImplementedError

    def _assign(self, target: ast.expr, value: ast.expr, context: Context) -> None:
        if isinstance(target, _SEQUENCES) and isinstance(value, _SEQUENCES):
            parts = target.elts
            if len(parts) == len(value.elts) and not any(isinstance(part, ast.Starred) for part in parts):
                for part, element in zip(parts, value.elts, strict=True):
                    self._assign(part, element, context)
                return
        self.bind(target, self.value_of(value), context)

    def _augment(self, node: ast.AugAssign, context: Context) -> None:
        target = node.target
        if isinstance(target, ast.Name):
            if self.is_global(target):
                self.read(target.id, target, context)
        else:
            self.children(target, context)
        self.expression(node.value, context)
        if isinstance(target, ast.Name):
            self.bind(target, None, context)

    def _annotate(self, node: ast.AnnAssign, context: Context) -> None:
        if node.value is not None:
            self.expression(node.value, context)
            self.bind(node.target, self.value_of(node.value), context)
        if self.evaluates_annotations and context.site is None:  # those of local variables are never evaluated
            self.expression(node.annotation, context)

    def _import(self, node: ast.Import | ast.ImportFrom, context: Context) -> None:
        if self.semantics.scope_of(node).kind != "module":
            return
        for alias in node.names:
            if alias.name == "*" and isinstance(node, ast.ImportFrom):
                self.star_import(node, context)
            else:
                name = alias.asname or (alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name)
                self.namespace.bind(name, certain=context.certain)

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, context: Context) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator, context)
            value = self.value_of(decorator)
            if isinstance(value, Function):
                self.enter(value, decorator, context)
        if isinstance(node, ast.ClassDef):
            for part in (*node.bases, *node.keywords):
                self.expression(part.value if isinstance(part, ast.keyword) else part, context)
            self.block(node.body, context)
        else:
            arguments = node.args
            for default in (*arguments.defaults, *arguments.kw_defaults):
                self.expression(default, context)
            if self.evaluates_annotations:
                rest = (argument for argument in (arguments.vararg, arguments.kwarg) if argument)
                parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest)
                for parameter in parameters:
                    self.expression(parameter.annotation, context)
                self.expression(node.returns, context)
        scope = self.semantics.scope_of(node).find(node.name)
        if scope is not None and scope.kind == "module":
            self.namespace.bind(node.name, self.defined(node), certain=context.certain)
        # Whoever gets hold of the function may call it, after which its global names are there.
        for name in self._global_names.get(node, ()):
            if name not in self.namespace:
                self.namespace.bind(name, certain=False)

    def _if(self, node: ast.If, context: Context) -> Flow:
        truth = decided(node.test)
        self.expression(node.test, context)
        if truth is not None:
            return self.block(node.body if truth else node.orelse, context)
        inner = self.asked(node.test, context).perhaps()
        first = self.first_pass.truth(node.test) if context.inevitable else None
        flows = (
            self.block(node.body, replace(inner, inevitable=True) if first is True else inner),
            self.block(node.orelse, replace(inner, inevitable=True) if first is False else inner),
        )
        return _joined(*flows, raising=_raises(node.body) or _raises(node.orelse))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, context: Context) -> Flow:
        if isinstance(node, ast.While):
            self.expression(node.test, context)
            if decided(node.test) is False:
                return self.block(node.orelse, context)
            inner = context.avoidable(unless=context.inevitable and self.first_pass.truth(node.test) is True)
        else:
            self.expression(node.iter, context)
            self.consume(node.iter, context)
            self.bind(node.target, None, context)
            if isinstance(node.iter, (ast.List, ast.Tuple)) and not node.iter.elts:
                context = context.perhaps()
            inner = context.avoidable(unless=context.inevitable and self.first_pass.has_items(node.iter))
        self.block(node.body, inner)
        self.block(node.orelse, context.perhaps())
        flow: Flow = "on"
        for part in ast.walk(node):
            if isinstance(part, ast.Return):
                return "perhaps"
            if isinstance(part, ast.Raise):
                flow = "failing"
        return flow

    def _with(self, node: ast.With | ast.AsyncWith, context: Context) -> Flow:
        inner = context
        for item in node.items:
            self.expression(item.context_expr, inner)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, None, inner)
            inner = _suppressed(item.context_expr, inner)
        flow = self.block(node.body, inner)
        return "on" if flow == "away" and inner.guarded and not context.guarded else flow

    def _try(self, node: ast.Try, context: Context) -> Flow:
        handlers = going_on(node)
        inner = context.caught() if any(catches(handler, NameError) for handler in node.handlers) else context
        # What a kernel raises that has nobody to ask derives from NotImplementedError. Caught and asked again for ever,
        # the run hangs there.
        if any(catches(handler, NotImplementedError) is not False for handler in handlers):
            inner = inner.avoidable(unless=repeats_for_ever(self.semantics, node, handlers))
        flow = self.block(node.body, inner, rescued=bool(handlers))
        flows: list[Flow] = [flow]
        for handler in node.handlers:
            flows.append(self._handler(handler, context.perhaps()))
        if flow != "away":
            orelse = context.avoidable() if handlers else context
            flows[0] = self.block(node.orelse, orelse.perhaps() if flow == "perhaps" else orelse)
        last = self.block(node.finalbody, context)
        if last == "away":
            return "away"
        return _joined(*flows, raising=any(_raises(handler.body) for handler in node.handlers))

    def _handler(self, handler: ast.ExceptHandler, context: Context) -> Flow:
        if handler.type is not None:
            self.expression(handler.type, context)
        scope = self.semantics.scope_of(handler).find(handler.name) if handler.name else None
        name = handler.name if scope is not None and scope.kind == "module" else None
        known = name is None or name in self.namespace
        if name is not None:
            self.namespace.bind(name, certain=False)
        flow = self.block(handler.body, context)
        if name is not None and not known:  # Python deletes the name when the handler ends
            self.namespace.unbind(name, handler)
        return flow

    def _delete(self, node: ast.Delete, context: Context) -> None:
        for target in node.targets:
            for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else (target,):
                if not isinstance(part, ast.Name):
                    self.children(part, context)
                elif self.is_global(part):
                    self.read(part.id, part, context)
                    if context.certain:
                        self.namespace.unbind(part.id, part)

    def _match(self, node: ast.Match, context: Context) -> Flow:
        self.expression(node.subject, context)
        flows: list[Flow] = ["on"]
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                if isinstance(pattern, (ast.MatchAs, ast.MatchStar, ast.MatchMapping)):
                    name = pattern.rest if isinstance(pattern, ast.MatchMapping) else pattern.name
                    scope = self.semantics.scope_of(pattern).find(name) if name else None
                    if name and scope is not None and scope.kind == "module":
                        self.namespace.bind(name, certain=False)
                elif isinstance(pattern, ast.expr):
                    self.expression(pattern, context.perhaps())
            self.expression(case.guard, context.perhaps())
            flows.append(self.block(case.body, context.perhaps()))
        return _joined(*flows, raising=False)

    def _other(self, node: ast.stmt, context: Context) -> None:
        """``assert``, ``type`` and what later versions of Python may bring."""
        name = getattr(node, "name", None)
        if isinstance(node, ast.Assert):
            self.expression(node.test, context)
            self.expression(node.msg, context.perhaps())
        elif isinstance(name, ast.Name):  # the value of ``type X = ...`` is evaluated when somebody asks for it
            self.bind(name, None, context)


def _joined(*flows: Flow, raising: bool) -> Flow:
    """Where control goes after branches. One that raises ends the run, and so says nothing of what runs after it."""
    if all(flow == "away" for flow in flows):
        return "away"
    if raising or "failing" in flows:
        return "failing" if raising or "perhaps" not in flows else "perhaps"
    return "on" if all(flow == "on" for flow in flows) else "perhaps"


def _raises(block: list[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], ast.Raise)


def _suppressed(manager: ast.expr, context: Context) -> Context:
    """The context inside ``with``: pytest's ``raises`` and the library's ``suppress`` swallow what happens."""
    name = last_name(manager)
    if isinstance(manager, ast.Call) and name in ("suppress", "raises", "assertRaises", "assert_raises"):
        return context.caught().perhaps()
    return context.avoidable(unless=name not in _DIVERTING)
