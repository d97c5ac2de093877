"""Elements, parts and columns of what has no fixed order: which of them depend on that order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.sinks import Shape, Sink, snippet
from repro_lint_rules.randomness.subscripts import by_position, counter_before, is_batch, is_inside, is_one, takes_all
from repro_lint_rules.randomness.unordered_definitions import Definitions
from repro_lint_rules.randomness.unordered_loops import Loops
from repro_lint_rules.randomness.unordered_picks import Fate, Picks

Step = tuple[ast.AST, Shape]
_TESTS = lazy_pattern(r"(?i)test|eval|infer|predict|demo")


class Elements:
    """Follows subscripts in one program."""

    def __init__(self, source: PythonSource, definitions: Definitions, loops: Loops, picks: Picks) -> None:
        self._semantics = source.semantics
        self._definitions = definitions
        self._loops = loops
        self._picks = picks

    def of(self, parent: ast.Subscript, node: ast.AST, shape: Shape) -> Iterator[Step | Sink]:
        """What a subscript, of which the node is the value or the key, carries of the order."""
        loaded = isinstance(parent.ctx, ast.Load)
        if node is parent.slice:
            if shape is Shape.LIST and loaded:
                rows = isinstance(parent.value, ast.Attribute) and parent.value.attr in ("loc", "iloc")
                yield parent, Shape.DATA if rows else Shape.COLUMNS
        elif shape in (Shape.LISTS, Shape.NESTED):
            yield parent, Shape.LIST if shape is Shape.LISTS else Shape.LISTS
        elif shape in (Shape.WALK, Shape.FOLDER, Shape.TREE):
            yield from self._of_walk(parent, shape)
        elif shape is Shape.COLUMNS:
            if loaded and not isinstance(parent.slice, ast.Constant):
                yield parent, shape
        elif shape is Shape.DATA:
            loop = self._definitions.counting_loop(parent.slice)
            if by_position(parent.slice):
                yield from self.picked(parent)
            elif loaded and loop is None:
                yield parent, shape
            elif isinstance(loop, ast.For):
                yield from self._loops.body(loop, Shape.LIST)  # one row after the other
        elif shape in (Shape.LIST, Shape.PAIRS):
            yield from self._of_list(parent, shape)

    def _of_walk(self, parent: ast.Subscript, shape: Shape) -> Iterator[Step | Sink]:
        key = code_of(parent.slice)
        if shape is Shape.FOLDER:
            if key in ("1", "2"):
                yield parent, Shape.LIST
        elif shape is Shape.TREE and key == "1:":
            yield parent, Shape.LIST
        elif key != "0":
            yield from self.picked(parent)
        elif shape is Shape.WALK:
            yield parent, Shape.FOLDER  # the first is always the top

    def _of_list(self, parent: ast.Subscript, shape: Shape) -> Iterator[Step | Sink]:
        in_loop = is_inside(self._semantics, parent, ast.For, ast.While, ast.ListComp, ast.GeneratorExp)
        counter = counter_before(parent.slice)
        follows = counter is not None and self._definitions.counting_loop(counter) is not None
        if takes_all(parent.slice) or follows or (is_batch(parent.slice) and in_loop):
            yield parent, shape
        elif isinstance(parent.ctx, ast.Load) and not self._compares(parent.slice):
            loop = self._definitions.counting_loop(parent.slice)
            if loop is None:
                yield from self.picked(parent)
            elif isinstance(loop, ast.comprehension):
                yield from self._loops.comprehension(loop, Shape.LIST)
            else:
                yield from self._loops.body(loop, Shape.LIST)

    def _compares(self, key: ast.expr) -> bool:
        """``sorted(range(n), key=lambda i: values[i])``: the number is that of each in turn."""
        binding = self._semantics.binding_of(key) if isinstance(key, ast.Name) else None
        return (
            binding is not None and binding.kind == "parameter" and is_inside(self._semantics, binding.node, ast.Lambda)
        )

    def picked(self, node: ast.AST) -> Iterator[Sink]:
        """What is taken by its position reaches a result, unless it is only looked at."""
        if self._definitions.is_single(node) or self._evaluates(node):
            return
        shown = self._picks.fate(node)
        if shown is not Fate.SEEN:
            text = f"{snippet(node)} takes what comes first or at some position"
            printed, read = shown is not Fate.RESULT, shown is Fate.READ
            yield Sink(node, text, printed, read, single=is_one(node), found=self._is_found(node))

    def _is_found(self, node: ast.AST) -> bool:
        """Whether a number finds the element that nothing here shows to be a position in the list."""
        if not isinstance(node, ast.Subscript) or isinstance(node.slice, (ast.Slice, ast.Constant, ast.UnaryOp)):
            return False
        function = self._definitions.function_of(node)
        return function is None or function.name != "__getitem__"

    def _evaluates(self, node: ast.AST) -> bool:
        """Whether the element is one of a data set for tests, of which all are taken, in whatever order."""
        function = self._definitions.function_of(node)
        outer = self._semantics.parent(function) if function is not None and function.name == "__getitem__" else None
        return isinstance(outer, ast.ClassDef) and _TESTS.search(outer.name) is not None
