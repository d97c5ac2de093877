"""Examples that are picked out of the data to be looked at, as the names in the text say."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from repro_lint.api import CallEvent, Constant, PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.sinks import does, last_name
from repro_lint_rules.randomness.variables import uses_of

_TO_SHOW = lazy_pattern(r"(?i)(^|_)(to_)?(show|display|visuali[sz]e|vis|viz)(_|$)")
PICKING = frozenset({"choice", "choices", "randint", "randrange", "sample", "random_integers"})
"""What picks some of many."""
_PLOTTING = lazy_pattern(
    r"^(plt|pyplot|axe?s?\d?|fig|sns|px|go|pylab)\b|(?i:^|_|\.)(show|plot|draw|display|visuali[sz]e|imshow)"
)
"""Functions that show something, as written."""
_WORKING = lazy_pattern(r"(?i)(^|_)(train|fit|step|update|optimi[sz]e|backward|append|extend|add|save|write|to_csv)")
_FEW = 30
_MOST_STEPS = 60


def is_picked_to_show(event: CallEvent) -> bool:
    """``choice(rows, size=n_to_show)``, ``rows_vis = rows.loc[randint(n, size=200)]``: examples, as their names say."""
    if event.method != "permutation" and event.method not in PICKING:
        return False
    statement = event.source.semantics.statement_of(event.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    sizes = [*event.node.args[1:], *(keyword.value for keyword in event.node.keywords)]
    names = [node for size in sizes for node in _sources(event.source, size)]
    return any(_TO_SHOW.search(_named(node)) for node in (*targets, *names))


def _sources(source: PythonSource, size: ast.expr) -> list[ast.expr]:
    """The names in an expression, or in what its one name stands for."""
    binding = source.semantics.binding_of(size) if isinstance(size, ast.Name) else None
    parts = [size] if binding is None or binding.assigned is None else [size, binding.assigned]
    return [node for part in parts for node in ast.walk(part) if isinstance(node, (ast.Name, ast.Attribute))]


def _named(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_plotted_example(event: CallEvent, targets: Sequence[ast.expr]) -> bool:
    """Whether a cell picks an example or a few by the number drawn, and only plots what belongs to it.

    Numbers that are used for anything but to pick may be steps of a simulation.
    """
    source = event.source
    if source.notebook is None or event.stack or not picks_examples(event):
        return False
    return _ends_in_plots(source, targets)


def picks_examples(event: CallEvent) -> bool:
    """Whether the number drawn, or a few of them, only serve as places of something in data."""
    statement = event.source.semantics.statement_of(event.node)
    if event.method not in PICKING or not isinstance(statement, ast.Assign) or statement.value is not event.node:
        return False
    sizes = [*event.args[1 if event.method != "randint" else 2 :], *event.keywords.values()]
    few = all(isinstance(size, Constant) and isinstance(size.value, int) and size.value <= _FEW for size in sizes)
    picks = uses_of(event.source, statement.targets)
    places = [pick for pick in picks if _is_place(event.source, pick)]
    shown = [pick for pick in picks if pick not in places and _stands_beside(event.source, pick)]
    return few and bool(places) and len(places) + len(shown) == len(picks)


def _is_place(source: PythonSource, use: ast.Name) -> bool:
    """Whether the number is the place of something in data."""
    child: ast.AST = use
    for parent in source.semantics.ancestors(use):
        if isinstance(parent, (ast.stmt, ast.Subscript)):
            return isinstance(parent, ast.Subscript) and child is parent.slice
        child = parent
    return False


def _stands_beside(source: PythonSource, use: ast.Name) -> bool:
    """Whether the number is only told, as in the title of a picture."""
    statement = source.semantics.statement_of(use)
    return isinstance(statement, ast.Expr) and _is_shown(statement)


def _ends_in_plots(source: PythonSource, targets: Sequence[ast.expr]) -> bool:
    """Whether all that is made of the variables is plotted or printed, and something is plotted."""
    queue = [part for target in targets for part in getattr(target, "elts", [target])]
    plotted = False
    for name in queue:
        if not isinstance(name, ast.Name) or len(queue) > _MOST_STEPS:
            return False
        for use in uses_of(source, [name]):
            statement = source.semantics.statement_of(use)
            if isinstance(statement, ast.Expr) and _is_shown(statement):
                plotted = plotted or not _is_printed(statement)
            elif isinstance(statement, ast.Assign) and not _works(statement.value):
                parts = [part for target in statement.targets for part in getattr(target, "elts", [target])]
                queue += [part for part in parts if part not in queue]
            elif isinstance(statement, ast.For) and not _works(statement.iter):
                queue += [part for part in getattr(statement.target, "elts", [statement.target]) if part not in queue]
            else:
                return False
    return plotted


def _is_shown(statement: ast.Expr) -> bool:
    value = statement.value
    if not isinstance(value, ast.Call):
        return isinstance(value, (ast.Name, ast.Subscript))
    return does("showing", last_name(value.func)) or _PLOTTING.search(code_of(value.func)) is not None


def _is_printed(statement: ast.Expr) -> bool:
    return isinstance(statement.value, ast.Call) and does("printing", last_name(statement.value.func))


def _works(value: ast.expr) -> bool:
    """Whether anything but to look things up and to compute is done."""
    return any(isinstance(n, ast.Call) and _WORKING.search(last_name(n.func) or "") for n in ast.walk(value))
