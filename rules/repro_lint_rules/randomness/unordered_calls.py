"""Calls that are given an order that is not fixed: which make a result of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import PythonSource, Semantics, code_of
from repro_lint_rules.randomness.sinks import Shape, Sink, does, last_name, snippet


def takes_any_order(semantics: Semantics, call: ast.Call, shape: Shape) -> bool:
    """Whether what learns, as in ``scaler.fit(rows)``, learns the same from rows, or columns, in another order."""
    made = _estimator(semantics, call)
    if does("sorting_categories", made) or does("scaling", made):
        return True
    return shape is not Shape.COLUMNS and does("adding_up", made)


def _estimator(semantics: Semantics, call: ast.Call) -> str | None:
    """The class of which the object is made whose method is called."""
    if not isinstance(call.func, ast.Attribute):
        return None
    made: ast.AST = call.func.value
    written = code_of(made)
    for node in () if isinstance(made, ast.Call) else semantics.nodes(ast.Assign):
        if isinstance(node.value, ast.Call) and any(code_of(target) == written for target in node.targets):
            made = node.value
    return last_name(made.func) if isinstance(made, ast.Call) else None


def draws_example(source: PythonSource, call: ast.Call) -> bool:
    """Whether one element is drawn in a notebook, at the top level and once: an example, to be looked at."""
    if source.notebook is None or last_name(call.func) != "choice" or len(call.args) != 1 or call.keywords:
        return False
    around = (ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.comprehension, ast.ListComp)
    return not any(isinstance(node, around) for node in source.semantics.ancestors(call))


def passed_text(call: ast.Call, name: str | None) -> Iterator[tuple[ast.AST, Shape] | Sink]:
    """What becomes of a text that was joined in such an order, which a call of that last name is given."""
    if does("hashing", name):
        yield Sink(call, f"{snippet(call)} hashes them in that order")
    elif (does("writing", name) or name == "write") and not _to_screen(call):
        yield Sink(call, f"{snippet(call)} writes them in that order")
    elif does("printing", name):
        yield Sink(call, f"{snippet(call)} prints them in that order", printed=True)
    elif name in ("str", "bytes"):
        yield call, Shape.TEXT


def _to_screen(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and "std" in code_of(call.func.value)
