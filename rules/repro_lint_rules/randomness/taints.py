"""Follows an order that is not fixed from where it arises to where it reaches a result."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from repro_lint.api import PythonSource
from repro_lint_rules.randomness.sinks import Shape, Sink, does, last_name, shown_by, snippet
from repro_lint_rules.randomness.subscripts import is_inside, is_paired, leaves_ties, takes_columns, unzips
from repro_lint_rules.randomness.unordered_calls import draws_example, passed_text, takes_any_order
from repro_lint_rules.randomness.unordered_definitions import Definitions
from repro_lint_rules.randomness.unordered_elements import Elements
from repro_lint_rules.randomness.unordered_loops import Loops
from repro_lint_rules.randomness.unordered_picks import Picks, is_rest

Step = tuple[ast.AST, Shape]
"""An expression, or a name or attribute that is bound, and what it carries."""
_MAX_STEPS = 600
_ITERATED = (Shape.SET, Shape.LIST, Shape.PAIRS, Shape.WALK, Shape.DICT, Shape.MATCHES)
_BINDING = (ast.Subscript, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Return)
_TABLES, _COLLECTIONS = (Shape.DATA, Shape.COLUMNS), (Shape.LIST, Shape.PAIRS, Shape.LISTS)
_DIVIDING, _CHOOSING = ("split", "array_split"), ("sample", "choice", "choices")
_NUMBERED = "numbers them in that order"
_ALTERNATIVES = frozenset({"|", " OR ", " or ", " AND ", " and "})


class Taints:
    """Follows values through one program: names, attributes of ``self``, calls and returns of its own functions."""

    def __init__(self, source: PythonSource, definitions: Definitions) -> None:
        self._source = source
        self._semantics = source.semantics
        self._definitions = definitions
        self._loops = Loops(source, definitions)
        self._picks = Picks(source, definitions)
        self._elements = Elements(source, definitions, self._loops, self._picks)

    def sinks(self, start: ast.expr, shape: Shape) -> list[Sink]:
        """Where the order of the expression's value reaches a result, in the order in which that was found."""
        found: list[Sink] = []
        queue: list[Step] = [(start, shape)]
        seen: set[tuple[ast.AST, Shape]] = set()
        while queue and len(seen) < _MAX_STEPS:
            step = queue.pop(0)
            if step in seen:
                continue
            seen.add(step)
            for item in self._next(*step):
                if isinstance(item, Sink):
                    found.append(item)
                else:
                    queue.append(item)
        return found

    def _next(self, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        parent = self._semantics.parent(node)
        if shape is Shape.TREE and not isinstance(parent, _BINDING):
            shape = Shape.LIST
        handler = _HANDLERS.get(type(parent))
        if handler is not None:
            yield from handler(self, parent, node, shape)

    def _keyword(self, parent: ast.keyword, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        call = self._semantics.parent(parent)
        if isinstance(call, ast.Call) and parent.arg not in ("key", "file", "columns", "subset", "on", "by"):
            yield from self._passed(call, parent, shape)

    def _argument(self, parent: ast.Call, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if node is not parent.func:
            yield from self._passed(parent, node, shape)

    def _passed(self, call: ast.Call, argument: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        name = last_name(call.func)
        qualified = self._semantics.resolve(call.func)
        parameter = self._definitions.parameter(call, argument)
        if parameter is not None:
            for use in self._definitions.uses(parameter):
                yield use, shape
        elif shape is Shape.TEXT:
            yield from passed_text(call, name)
        elif does("showing", name):
            if does("printing", name) and shape is not Shape.SET:  # who prints a whole set looks at its members
                yield Sink(call, f"{snippet(call)} prints them in that order", printed=True)
        elif does("learning", name):
            if not takes_any_order(self._semantics, call, shape):
                yield Sink(call, f"{snippet(call)} takes them in that order")
            elif name == "fit_transform":
                yield call, shape if shape in _TABLES else Shape.DATA
        elif does("drawing", name) and shape is Shape.COLUMNS:
            yield call, shape
        elif does("drawing", name):
            effect = "divides them in that order" if name in _DIVIDING else "starts from that order, whatever the seed"
            if not (name in _CHOOSING and (draws_example(self._source, call) or self._picks.is_shown(call))):
                yield Sink(call, f"{snippet(call)} {effect}")
        elif does("writing", name) and shape is not Shape.DICT:
            yield Sink(call, f"{snippet(call)} writes them in that order")
        elif shape in _TABLES:
            if does("collecting", name) or (shape is Shape.DATA and does("predicting", name)):
                yield call, shape
        else:
            yield from self._passed_collection(call, argument, shape, name, qualified)

    def _passed_collection(
        self, call: ast.Call, argument: ast.AST, shape: Shape, name: str | None, qualified: str | None
    ) -> Iterator[Step | Sink]:
        if name == "extend" and isinstance(call.func, ast.Attribute):
            yield from self._bound(call.func.value, Shape.LIST)
        elif name == "enumerate":
            yield call, Shape.PAIRS
        elif name in ("next", "islice"):
            yield from self._taken(call, name, shape)
        elif name == "iter":
            yield call, shape
        elif name == "sorted":
            if leaves_ties(call):
                yield call, Shape.LIST
        elif name == "dict" and (shape is Shape.PAIRS or is_paired(self._semantics, argument)):
            yield Sink(call, f"{snippet(call)} {_NUMBERED}")
        elif name == "join" and isinstance(call.func, ast.Attribute) and qualified is None:
            separator = call.func.value
            if not (isinstance(separator, ast.Constant) and separator.value in _ALTERNATIVES):
                yield call, Shape.TEXT
        elif name in ("zip", "map", "filter") and shape is Shape.SET:
            yield call, Shape.LIST
        elif does("keeping", name):
            whole = shape in _COLLECTIONS or name in ("copy", "deepcopy")
            single = shape is Shape.MATCHES and isinstance(argument, ast.Call)  # list(path.rglob("labels.csv"))
            yield call, shape if whole or single or shape is Shape.WALK else Shape.LIST
        elif does("collecting", name) and (shape is not Shape.SET or name in ("Index", "Series")):
            yield call, Shape.DATA

    def _taken(self, call: ast.Call, name: str, shape: Shape) -> Iterator[Step | Sink]:
        if name == "next" and shape is Shape.WALK:
            yield call, Shape.FOLDER  # the first is always the top
        elif name == "islice" or (shape is not Shape.MATCHES and len(call.args) == 1):
            # Of those that match there is often only one, and who gives a default knows that there may be none.
            yield from self._elements.picked(call)

    # Attributes, elements, operators.

    def _attribute(self, parent: ast.Attribute, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        call = self._semantics.parent(parent)
        called = isinstance(call, ast.Call) and call.func is parent
        result: ast.AST = call if called and call is not None else parent
        if shape is Shape.SET:
            if called and parent.attr == "pop" and isinstance(self._semantics.parent(result), ast.Expr):
                yield Sink(result, f"{snippet(result)} takes out any of them")
            elif called and parent.attr == "pop" and not is_rest(node):
                yield from self._elements.picked(result)
            elif called and does("set_keeping", parent.attr):
                yield result, shape
        elif shape in _TABLES:
            yield from self._of_data(parent, result, shape)
        elif shape is Shape.TEXT:
            if called and parent.attr in ("strip", "encode", "lower", "upper", "rstrip", "lstrip", "replace", "title"):
                yield result, shape
        elif shape is Shape.DICT:
            if called and parent.attr in ("keys", "values", "items"):
                yield result, Shape.LIST
        elif called and parent.attr == "index":
            yield Sink(result, f"{snippet(result)} gives a number that depends on that order")
        elif called and parent.attr in ("pop", "popleft") and not is_inside(self._semantics, result, ast.While):
            yield from self._elements.picked(result)
        elif called and parent.attr in ("copy", "__iter__"):
            yield result, shape

    def _of_data(self, parent: ast.Attribute, result: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if does("writing", parent.attr):
            parts = "columns" if shape is Shape.COLUMNS else "rows"
            yield Sink(result, f"{snippet(result)} writes the {parts} in that order")
        elif parent.attr == "sample":
            yield Sink(result, f"{snippet(result)} starts from that order, whatever the seed")
        elif does("data_picking", parent.attr):
            selected = self._semantics.parent(result)
            kept = selected if isinstance(selected, ast.Subscript) and result is parent else None
            # Some rows have all columns, and some columns all rows.
            if (kept is not None and takes_columns(kept.slice)) is (shape is Shape.DATA):
                yield kept or result, shape
            else:
                yield from self._elements.picked(result)
        elif does("data_keeping", parent.attr):
            yield result, shape

    def _subscript(self, parent: ast.Subscript, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        yield from self._elements.of(parent, node, shape)

    def _starred(self, parent: ast.Starred, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        holder = self._semantics.parent(parent)
        if isinstance(holder, (ast.List, ast.Tuple)):
            yield holder, Shape.LIST
        elif isinstance(holder, ast.Call):
            yield from self._passed(holder, parent, shape)  # chain(*names)

    def _display(self, parent: ast.List | ast.Tuple, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        outer = self._semantics.parent(parent)
        if isinstance(outer, ast.Return) and isinstance(parent, ast.Tuple):
            for use in self._definitions.results(outer, parent.elts.index(node) if node in parent.elts else None):
                yield use, shape
        elif shape in _TABLES and isinstance(outer, ast.Call):
            yield parent, shape  # np.concatenate([a, b])

    def _compared(self, parent: ast.Compare, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if shape in _TABLES:
            yield parent, shape  # element by element

    def _formatted(self, parent: ast.FormattedValue, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        text = self._semantics.parent(parent)
        if shape in (Shape.LIST, Shape.TEXT) and text is not None:
            yield text, Shape.TEXT

    def _entry(self, parent: ast.Dict, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if node in parent.values and shape is Shape.LIST:
            yield parent, Shape.LISTS

    def _operation(self, parent: ast.BinOp, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if (
            (shape is Shape.SET and not (isinstance(parent.op, ast.Sub) and node is parent.right))
            or isinstance(parent.op, ast.Add)
            or (shape in _TABLES and isinstance(parent.op, (ast.Mult, ast.Div, ast.Sub)))
        ):
            yield parent, shape

    def _alternative(self, parent: ast.AST, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if node is not getattr(parent, "test", None):
            yield parent, shape

    def _for(self, parent: ast.For | ast.AsyncFor, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if node is not parent.iter or shape not in _ITERATED:
            return
        if shape is Shape.WALK:
            sorted_names, names = self._loops.walked(parent)
            for name in names:
                for use in self._definitions.uses(name):
                    yield use, Shape.LIST
            if sorted_names:
                return
        yield from self._loops.body(parent, shape)

    def _comprehension(self, parent: ast.comprehension, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if node is parent.iter and shape in _ITERATED:
            yield from self._loops.comprehension(parent, shape)

    # Names, attributes of self, results.

    def _assigned(
        self, parent: ast.Assign | ast.AnnAssign | ast.NamedExpr, node: ast.AST, shape: Shape
    ) -> Iterator[Step | Sink]:
        if node is not parent.value:
            return
        for target in parent.targets if isinstance(parent, ast.Assign) else [parent.target]:
            if isinstance(target, (ast.Tuple, ast.List)):
                if shape is Shape.FOLDER and len(target.elts) == 3:
                    for name in target.elts[1:]:
                        yield from self._bound(name, Shape.LIST)
                elif shape is Shape.COLUMNS or (shape is Shape.LIST and unzips(node)):
                    for name in target.elts:
                        yield from self._bound(name, shape)
                elif shape is Shape.LIST and len(target.elts) > 1 and not isinstance(node, ast.Tuple):
                    yield Sink(parent, f"{snippet(parent)} takes them by their position")
            elif isinstance(target, ast.Subscript):
                if shape is Shape.TEXT and shown_by(self._source, parent) is None:
                    yield Sink(parent, f"{snippet(parent)} stores them in that order")
            else:
                yield from self._bound(target, shape)
        if isinstance(parent, ast.NamedExpr):
            yield parent, shape

    def _bound(self, target: ast.AST, shape: Shape) -> Iterator[Step]:
        if not self._definitions.is_sorted(target):
            for use in self._definitions.uses(target):
                yield use, shape

    def _augmented(self, parent: ast.AugAssign, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if node is parent.value and isinstance(parent.op, (ast.Add, ast.BitOr)):
            yield from self._bound(parent.target, shape)

    def _returned(self, parent: ast.AST, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        if isinstance(parent, ast.Yield):
            return
        for use in self._definitions.results(parent, None):
            yield use, shape
        if shape in (Shape.TEXT, Shape.LIST) and self._definitions.is_applied(parent):
            yield Sink(parent, f"{snippet(parent)} fills a column in that order")

    def _lambda(self, parent: ast.Lambda, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        call = self._semantics.parent(parent)
        applied = isinstance(call, ast.Call) and node is parent.body and does("applying", last_name(call.func))
        if applied and call is not None and shape in (Shape.TEXT, Shape.LIST):
            yield Sink(call, f"{snippet(call)} fills a column in that order")


# Of the class and not of each object: methods that an object holds of itself keep it, and the tree, in memory.
_HANDLERS: dict[type[ast.AST] | type[None], Callable[[Taints, Any, ast.AST, Shape], Iterator[Step | Sink]]] = {
    ast.Call: Taints._argument,
    ast.keyword: Taints._keyword,
    ast.Attribute: Taints._attribute,
    ast.Subscript: Taints._subscript,
    ast.Starred: Taints._starred,
    ast.List: Taints._display,
    ast.Tuple: Taints._display,
    ast.Dict: Taints._entry,
    ast.Compare: Taints._compared,
    ast.FormattedValue: Taints._formatted,
    ast.BinOp: Taints._operation,
    ast.For: Taints._for,
    ast.AsyncFor: Taints._for,
    ast.comprehension: Taints._comprehension,
    ast.Assign: Taints._assigned,
    ast.AnnAssign: Taints._assigned,
    ast.NamedExpr: Taints._assigned,
    ast.AugAssign: Taints._augmented,
    ast.Return: Taints._returned,
    ast.Yield: Taints._returned,
    ast.YieldFrom: Taints._returned,
    ast.Lambda: Taints._lambda,
    ast.IfExp: Taints._alternative,
    ast.BoolOp: Taints._alternative,
    ast.Await: Taints._alternative,
}
