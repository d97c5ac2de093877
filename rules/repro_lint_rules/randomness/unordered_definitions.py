"""Where the values of one program go: the uses of names and attributes, and the calls of its functions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from repro_lint.api import FUNCTIONS, PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.sinks import does, last_name
from repro_lint_rules.randomness.subscripts import leaves_ties

_SORTING = frozenset({"sort", "sort_values", "sort_index"})
_KINDS = lazy_pattern(r"(?i)ext|suffix|format|type|kind|mode|split|phase")
_TRYING = lazy_pattern(r"^(show|imshow|plot|assert_\w+|allclose)$")
_WORKING = lazy_pattern(
    r"(?i)^(open|run|main|step|imwrite|savefig|save|write|dump|fit|train|learn|evaluate|predict|process|convert|build|create"
    r"|copyfile|move|parse|to)(_|$)|_(main|train|test|files?|data)$"
)
_REPLACING = frozenset({"assign", "annotated", "with"})


class Definitions:
    """Answers from the text of one program, without running it."""

    def __init__(self, source: PythonSource) -> None:
        self._source = source
        self._semantics = source.semantics
        self._homes: dict[str, dict[int, list[ast.Name]]] = {}
        """The reads of each name that was asked for, by the scope they belong to."""

    @cached_property
    def _reads(self) -> dict[str, list[ast.Name]]:
        """The names that are read, by how they are written."""
        found: dict[str, list[ast.Name]] = {}
        for node in self._semantics.nodes(ast.Name):
            if isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
        return found

    def _named(self, home: object, name: str) -> list[ast.Name]:
        """The reads of the name that belongs to this scope."""
        if name not in self._homes:
            homes: dict[int, list[ast.Name]] = {}
            for node in self._reads.get(name, ()):
                homes.setdefault(id(self._semantics.scope_of(node).find(name)), []).append(node)
            self._homes[name] = homes
        return self._homes[name].get(id(home), [])

    @cached_property
    def _attributes(self) -> dict[tuple[int, str], list[ast.Attribute]]:
        """The attributes of ``self``, by class."""
        found: dict[tuple[int, str], list[ast.Attribute]] = {}
        for node in self._semantics.nodes(ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == "self":
                found.setdefault((id(self._class_of(node)), node.attr), []).append(node)
        return found

    def _class_of(self, node: ast.AST) -> ast.ClassDef | None:
        return next((outer for outer in self._semantics.ancestors(node) if isinstance(outer, ast.ClassDef)), None)

    def function_of(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function in which the node stands."""
        for outer in self._semantics.ancestors(node):
            if isinstance(outer, (ast.Lambda, ast.ClassDef)):
                return None
            if isinstance(outer, FUNCTIONS):
                return outer
        return None

    # Names and attributes.

    def uses(self, target: ast.AST) -> list[ast.expr]:
        """Where the value is read that a name, parameter or attribute of ``self`` is given here."""
        if isinstance(target, ast.Attribute):
            if not (isinstance(target.value, ast.Name) and target.value.id == "self"):
                return []
            alike = self._attributes.get((id(self._class_of(target)), target.attr), [])
            stores = [node for node in alike if isinstance(node.ctx, ast.Store)]
            reads = [node for node in alike if isinstance(node.ctx, ast.Load)]
            return [use for use in reads if not self._is_replaced(target, use, stores)]
        if isinstance(target, ast.arg):
            function = self._semantics.parent(self._semantics.parent(target) or target)
            home = self._semantics.own_scope(function) if function is not None else None
            return [use for use in self._named(home, target.arg) if self._may_be(use, target)]
        if not isinstance(target, ast.Name):
            return []
        scope = self._semantics.scope_of(target)
        home = scope.find(target.id)
        return [use for use in self._named(home, target.id) if self._may_be(use, target)]

    def _may_be(self, use: ast.Name, target: ast.AST) -> bool:
        binding = self._semantics.binding_of(use)
        if binding is not None and binding.node is target:
            return True
        if binding is not None and binding.kind != "augmented":
            return False
        bindings = self._semantics.bindings_of(use)
        # What an augmented assignment leaves still holds what was there before.
        may_be = use.lineno > getattr(target, "lineno", 0) if binding is not None else True
        if not may_be or all(found.node is not target for found in bindings):
            return False
        return not self._is_replaced(target, use, [found.node for found in bindings if found.kind in _REPLACING])

    def _is_replaced(self, target: ast.AST, use: ast.AST, stores: Iterable[ast.AST]) -> bool:
        """Whether another value is certainly stored after the one at the target, and before the use."""
        position, statement_of = self._semantics.index.position, self._semantics.statement_of
        home = self.function_of(target)
        is_elsewhere = self.function_of(use) is not home
        if is_elsewhere and not isinstance(target, ast.Attribute):
            return False  # who calls a function between two cells is not known
        for store in stores:
            between = position[target] < position[store] and (is_elsewhere or position[store] < position[use])
            if between and self.function_of(store) is home:
                statement = statement_of(store)
                if statement_of(use) is not statement and self._follows(statement, statement_of(target)):
                    return True
        return False

    def _follows(self, later: ast.AST | None, earlier: ast.AST | None) -> bool:
        """Whether a statement runs each time after another has run, which stands in the same block or deeper."""
        outer = self._semantics.parent(later) if later is not None else None
        for field in ("body", "orelse", "finalbody"):
            block = getattr(outer, field, ())
            if isinstance(block, list) and later in block and earlier is not None:
                return any(node in block for node in (earlier, *self._semantics.ancestors(earlier)))
        return False

    def later_uses(self, name: ast.Name, loop: ast.AST) -> list[ast.expr]:
        """Where a name is read behind the loop in which its value grows."""
        position, inside = self._semantics.index.position, set(ast.walk(loop))
        home = self._semantics.scope_of(name).find(name.id)
        here = self.function_of(name)
        uses: list[ast.expr] = []
        for use in self._named(home, name.id):
            if use in inside or (position[use] < position[loop] and self.function_of(use) is here):
                continue
            binding = self._semantics.binding_of(use)
            if binding is None or position[binding.node] < position[loop] or binding.kind == "augmented":
                uses.append(use)
        return uses

    def is_sorted(self, target: ast.AST, depth: int = 0) -> bool:
        """Whether what the name or attribute holds is put in order in place."""
        for use in self.uses(target):
            parent = self._semantics.parent(use)
            if isinstance(parent, ast.Call) and isinstance(self._semantics.parent(parent), ast.Expr) and depth < 2:
                parameter = self.parameter(parent, use)
                if parameter is not None and self.is_sorted(parameter, depth + 1):
                    return True
            if isinstance(parent, ast.Attribute) and parent.attr in _SORTING:
                call = self._semantics.parent(parent)
                if isinstance(call, ast.Call) and isinstance(self._semantics.parent(call), ast.Expr):
                    return not leaves_ties(call)
            if (
                isinstance(parent, ast.Subscript)
                and isinstance(parent.ctx, ast.Store)
                and isinstance(parent.slice, ast.Slice)
            ):
                return True
            if (
                isinstance(target, ast.Attribute)
                and isinstance(parent, ast.Call)
                and last_name(parent.func) in ("sorted", "natsorted")
            ):
                assigned = self._semantics.parent(parent)
                if isinstance(assigned, ast.Assign) and code_of(assigned.targets[0]) == code_of(target):
                    return True
        return False

    def alike(self, name: ast.Name) -> list[ast.Name]:
        """All reads of the variable that the name stands for."""
        home = self._semantics.scope_of(name).find(name.id)
        return list(self._named(home, name.id))

    def targets(self, statement: ast.AST) -> list[ast.AST]:
        """The plain names that an assignment or ``with`` binds; none where it also binds something else."""
        if isinstance(statement, ast.Assign):
            targets: list[ast.expr] = list(statement.targets)
        elif isinstance(statement, (ast.AnnAssign, ast.NamedExpr)):
            targets = [statement.target]
        elif isinstance(statement, ast.withitem) and statement.optional_vars is not None:
            targets = [statement.optional_vars]
        else:
            return []
        names = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
        return list(names) if all(isinstance(name, ast.Name) for name in names) else []

    def mentions(self, name: str, *nodes: ast.AST) -> bool:
        """Whether one of the nodes reads the name."""
        return any(isinstance(part, ast.Name) and part.id == name for node in nodes for part in ast.walk(node))

    def tells_apart(self, made: ast.AST) -> bool:
        """Whether numbers are only made into characters, which tell words apart when texts are compared."""
        statement = self._semantics.parent(made)
        uses = [use for target in self.targets(statement) for use in self.uses(target)] if statement is not None else []
        parts = [self._semantics.parent(use) for use in uses]
        calls = [self._semantics.parent(part) for part in parts if isinstance(part, ast.Subscript)]
        return bool(calls) and len(calls) == len(uses) and all(_is_character(call) for call in calls)

    def counting_loop(self, key: ast.expr) -> ast.For | ast.comprehension | None:
        """The loop over ``range(...)`` or ``enumerate(...)`` whose counter a subscript is."""
        if not isinstance(key, ast.Name):
            return None
        binding = self._semantics.binding_of(key)
        if binding is None or binding.kind not in ("for", "comprehension"):
            return None
        value = binding.value
        outer = self._semantics.parent(binding.node)
        if isinstance(outer, ast.comprehension):
            return outer if isinstance(value, ast.Call) and last_name(value.func) == "range" else None
        loop = self._semantics.statement_of(binding.node)
        numbered = isinstance(outer, ast.Tuple) and outer.elts[0] is binding.node
        if numbered and isinstance(value, ast.Call) and last_name(value.func) == "tqdm" and value.args:
            value = value.args[0]
        if isinstance(value, ast.Name):  # turns = tqdm(range(n))
            found = self._semantics.binding_of(value)
            value = found.assigned if found is not None else None
        counts = ("enumerate",) if numbered else ("range", "trange", "tqdm")
        counted = isinstance(value, ast.Call) and last_name(value.func) in counts
        return loop if counted and isinstance(loop, ast.For) else None

    def is_single(self, node: ast.AST) -> bool:
        """Whether the text checks that there is only one element to take, or looks for it by its name."""
        if self._is_looked_for(node):
            return True
        inner: ast.AST = node
        while isinstance(inner, (ast.Subscript, ast.Attribute, ast.Call)):
            inner = _argument(inner) if isinstance(inner, ast.Call) else inner.value
        name = code_of(inner) if isinstance(inner, ast.Name) else None
        if name is None:
            return False
        scope = self.function_of(node) or self._semantics.tree
        # Of a set, too: what has one element has it once.
        measured = (name, f"set({name})")
        return any(_checks_length(part, measured) for part in ast.walk(scope) if isinstance(part, ast.Compare))

    def _is_looked_for(self, picked: ast.AST) -> bool:
        """``[path for path in paths if name in path][0]``."""
        whole = picked.value if isinstance(picked, ast.Subscript) else None
        if isinstance(whole, ast.Name):
            binding = self._semantics.binding_of(whole)
            whole = binding.assigned if binding is not None else None
        if not isinstance(whole, ast.ListComp) or not isinstance(whole.generators[0].target, ast.Name):
            return False
        element = whole.generators[0].target.id
        return any(_looks_for(test, element) for found in whole.generators for test in found.ifs)

    # Functions.

    def _target(self, call: ast.Call) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, int] | None:
        """The program's own function that is called, and how many parameters come before the arguments."""
        name = self._semantics.resolve(call.func)
        functions = self._semantics.functions
        if name is not None and name.startswith("__main__."):
            plain = name[len("__main__.") :]
            found, skipped = functions.get(plain), 0
            if found is None:
                found, skipped = functions.get(f"{plain}.__init__"), 1
        elif isinstance(call.func, ast.Attribute):
            cls = self._class_of(call) if getattr(call.func.value, "id", "") == "self" else None
            own = self._semantics.own_scope(cls) if cls is not None else None
            found, skipped = (functions.get(f"{own.qualname}.{call.func.attr}"), 1) if own is not None else (None, 0)
        else:
            return None
        return (found, skipped) if isinstance(found, FUNCTIONS) else None

    def parameter(self, call: ast.Call, argument: ast.AST) -> ast.arg | None:
        """The parameter of the program's own function that an argument of the call is bound to."""
        target = self._target(call)
        if target is None:
            return None
        function, skipped = target
        parameters = [*function.args.posonlyargs, *function.args.args]
        if isinstance(argument, ast.keyword):
            named = [*parameters, *function.args.kwonlyargs]
            return next((parameter for parameter in named if parameter.arg == argument.arg), None)
        if argument not in call.args or any(isinstance(arg, ast.Starred) for arg in call.args):
            return None
        position = call.args.index(argument) + skipped
        return parameters[position] if position < len(parameters) else None

    def results(self, statement: ast.AST, position: int | None) -> Iterator[ast.AST]:
        """The calls of the function that returns here; with a position, the uses of that part of the tuple."""
        function = self.function_of(statement)
        if function is None:
            return
        for call in self.calls(function):
            if position is None:
                yield call
                continue
            assigned = self._semantics.parent(call)
            target = assigned.targets[0] if isinstance(assigned, ast.Assign) else None
            if isinstance(target, ast.Tuple) and position < len(target.elts):
                name = target.elts[position]
                if not self.is_sorted(name):
                    yield from self.uses(name)

    @cached_property
    def _calls_by_last_name(self) -> dict[str, list[ast.Call]]:
        found: dict[str, list[ast.Call]] = {}
        for call in self._semantics.nodes(ast.Call):
            name = last_name(call.func)
            if name is not None:
                found.setdefault(name, []).append(call)
        return found

    def calls(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
        """The calls of the function, and the uses of a property."""
        if any(last_name(decorator) in ("property", "cached_property") for decorator in function.decorator_list):
            return [*self._attributes.get((id(self._class_of(function)), function.name), [])]
        found: list[ast.AST] = []
        for call in self._calls_by_last_name.get(function.name, ()):
            target = self._target(call)
            if target is not None and target[0] is function:
                found.append(call)
        return found

    def is_applied(self, statement: ast.AST) -> bool:
        """Whether the function that returns here is handed to ``apply`` or ``map``."""
        function = self.function_of(statement)
        own = self._semantics.scope_of(function).find(function.name) if function is not None else None
        if function is None or own is None:
            return False
        for use in self._named(own, function.name):
            call = self._semantics.parent(use)
            if (
                isinstance(call, ast.Call)
                and use in call.args
                and isinstance(call.func, ast.Attribute)
                and does("applying", call.func.attr)
            ):
                return True
        return False

    def is_tried(self, node: ast.AST) -> bool:
        """Whether the node stands in a main guard that tries what the module defines, and keeps nothing."""
        guard = self._semantics.main_guard if self._semantics.in_main_guard(node) else None
        if guard is None or not (self._semantics.functions or self._semantics.nodes(ast.ClassDef)):
            return False
        parts = list(ast.walk(guard))
        names = [last_name(part.func) or "" for part in parts if isinstance(part, ast.Call)]
        tries = any(isinstance(part, ast.Assert) for part in parts) or any(map(_TRYING.search, names))
        return tries and not any(does("writing", name) or _WORKING.search(name) for name in names)

    def is_dead(self, node: ast.AST) -> bool:
        """Whether the node stands in a function that nothing in this file mentions."""
        function = self.function_of(node)
        if function is None or function.decorator_list or self._class_of(function) is not None:
            return False
        own = self._semantics.scope_of(function).find(function.name)
        return own is None or not self._named(own, function.name)


def _looks_for(test: ast.expr, element: str) -> bool:
    """``name in element``, ``element == name``, ``"protein" in element``, where the name is no kind of file."""
    if isinstance(test, ast.BoolOp):
        return any(_looks_for(value, element) for value in test.values)
    if isinstance(test, ast.Call) and last_name(test.func) in ("endswith", "startswith") and len(test.args) == 1:
        return _is_role(test.args[0])
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], (ast.In, ast.Eq)):
        return False
    sides = [test.left, test.comparators[0]]
    asked = [side for side in sides if any(getattr(part, "id", None) == element for part in ast.walk(side))]
    other = [side for side in sides if side not in asked]
    if len(asked) != 1 or (isinstance(test.ops[0], ast.In) and asked[0] is test.left):
        return False
    names = [part.id for part in ast.walk(other[0]) if isinstance(part, ast.Name)]
    if _is_role(other[0]):
        return True
    return bool(names) and not any(_KINDS.search(name) for name in names)


def _is_character(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == "chr"


def _is_role(node: ast.expr) -> bool:
    """A text such as ``protein`` or ``_seg.nii.gz``, which says more of a file than its kind."""
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and len(text.partition(".")[0]) > 3


def _argument(call: ast.Call) -> ast.expr:
    """The first argument, as in ``next(iter(x))``; what is called, as in ``x.pop()``."""
    return call.args[0] if call.args else call.func


def _checks_length(node: ast.Compare, names: tuple[str, ...]) -> bool:
    left = node.left
    return (
        isinstance(left, ast.Call)
        and last_name(left.func) == "len"
        and bool(left.args)
        and code_of(left.args[0]) in names
        and isinstance(node.comparators[0], ast.Constant)
        and node.comparators[0].value in (1, 2)
    )
