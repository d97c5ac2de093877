"""A few made-up numbers that only show what functions do, as tutorials try them: ``x = torch.rand(2, 3)``."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from math import prod

from repro_lint.api import FUNCTIONS, CallEvent, Constant, Name, Program, PythonSource, Value, code_of, lazy_pattern
from repro_lint.api import Sequence as Values
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.flows import Flow, arguments
from repro_lint_rules.randomness.knowledge import canonical
from repro_lint_rules.randomness.pictures import CONVERTING, PLOTTING, WORKING
from repro_lint_rules.randomness.sinks import does, last_name

_FRAMEWORKS = ("torch.rand", "tensorflow.random", "tensorflow.multinomial")
_SIZED = frozenset(
    {"rand", "randn", "random", "random_sample", "ranf", "standard_normal", "random_uniform", "random_normal"}
)
"""What is given nothing but how many numbers to draw, in this order; most others have it in third place."""
_OTHERS = frozenset(
    {"randint", "uniform", "normal", "integers", "multinomial", "truncated_normal", "randperm", "permutation", "choice"}
)
_POSITIONS = {"choice": 1, "permutation": 0, "randperm": 0}
"""Where others are given how many."""
_MOST_NUMBERS = 30
_ARRAYS = ("numpy.", "torch.", "tensorflow.", "jax.", "math.", "builtins.", "pandas.", "scipy.")
_LIBRARIES = ("numpy.random.", "random.", *_FRAMEWORKS)
_PLAIN_ARRAYS = ("numpy.", "pandas.", "builtins.", "matplotlib.")
_ARRANGING = frozenset(
    {"sort", "argsort", "sort_values", "join", "merge", "concat", "swapaxes", "resize", "tail", "max", "min"}
)
"""What gives the same numbers, or some of them, in another order or form."""
_RUNNING = frozenset({"run", "eval"})
"""What computes the values of a graph of TensorFlow."""
_REDUCING = lazy_pattern(
    r"(?i)(^|_)(nan)?(mean|sum|std|var|median|quantiles?|percentiles?|average|corr|cov|describe|value_counts|count|count_nonzero"
    r"|cum(sum|prod)|prod|norm|solve|lstsq|polyfit|svd|eig\w*|fft|histogram|trapz|groupby|agg|rolling|simps?|diff|apply)(_|$)"
)
"""What makes a number of many that were drawn, as an estimate or a simulation does."""
_PARTS = lazy_pattern(r"(?i)(^|_)(x_?|y_?)?(train(ing)?|test|val(id(ation)?)?|split|fold)(_|s?$)")
_AROUND = (*FUNCTIONS, ast.Lambda, ast.ClassDef, ast.For, ast.While)


def only_tried(program: Program, draws: Sequence[Draw]) -> bool:
    """Whether library functions alone are tried with them, and nothing is learnt from them, or estimated from many.

    In scripts only a few that a framework draws: a script that draws and prints numbers may be written for them.
    """
    source = program.entry
    if not draws or not all(draw.event.source is source and _is_plain(draw.event) for draw in draws):
        return False
    few = all(_is_small(draw.event) for draw in draws)
    if source.notebook is None and not (few and all((d.event.name or "").startswith(_FRAMEWORKS) for d in draws)):
        return False
    flow = Flow(source, {id(draw.event.node) for draw in draws})
    if flow.gathers or not all(_tries(source, flow, call, few) for call in source.semantics.nodes(ast.Call)):
        return False
    return few or (_are_seen(source, flow) and not _are_split(source, flow))


def _are_seen(source: PythonSource, flow: Flow) -> bool:
    """Whether a cell shows something of them: what it only defines may be there for whoever goes on."""
    return any(flow.reaches(part.value) for part in source.tree.body if isinstance(part, ast.Expr))


def _are_split(source: PythonSource, flow: Flow) -> bool:
    """Whether something is named after a part of a data set that they choose."""
    assigned = (node for node in source.semantics.nodes(ast.Assign) if flow.reaches(node.value))
    names = (part.id for node in assigned for part in ast.walk(node) if isinstance(part, ast.Name))
    return any(map(_PARTS.search, names))


def _is_plain(event: CallEvent) -> bool:
    """Whether a statement at the top level draws numbers, in no loop but that of a list."""
    name = canonical(event.name or "")
    if event.stack or event.method not in _SIZED | _OTHERS or not name.startswith(_LIBRARIES):
        return False
    return not any(isinstance(node, _AROUND) for node in event.source.semantics.ancestors(event.node))


def _is_small(event: CallEvent) -> bool:
    """Whether a few numbers are drawn, as all arguments show, which are written there."""
    if event.open or any(isinstance(node, ast.comprehension) for node in event.source.semantics.ancestors(event.node)):
        return False
    given = [number for value in (*event.args, *event.keywords.values()) for number in _numbers(value)]
    if None in given:
        return False
    name = canonical(event.name or "")
    size = event.keywords.get("size", event.keywords.get("shape"))
    if size is None and event.method in _SIZED and not name.startswith("random."):
        return _count(event.args) <= _MOST_NUMBERS
    if size is None:
        last = len(event.args) - 1 if event.method == "randint" else 0
        usual = last if name.startswith(_FRAMEWORKS) else 2
        size = event.argument(_POSITIONS.get(event.method or "", usual))
    return size is None or _count((size,)) <= _MOST_NUMBERS


def _count(sizes: Sequence[Value]) -> float:
    return prod(abs(number) for size in sizes for number in _numbers(size) if number)


def _numbers(value: Value) -> list[float | None]:
    """The numbers that are given, 1 for a text, nothing or a type, None for what is not known."""
    if isinstance(value, Name):
        return [1]
    if isinstance(value, Constant):
        return [value.value if isinstance(value.value, (int, float)) else 1]
    return [number for item in value.items for number in _numbers(item)] if isinstance(value, Values) else [None]


def _tries(source: PythonSource, flow: Flow, call: ast.Call, few: bool) -> bool:
    """Whether the call has nothing to do with what was drawn, or shows or computes something that is not kept."""
    function = call.func
    method = isinstance(function, ast.Attribute) and flow.reaches(function.value)
    if not method and not any(map(flow.reaches, arguments(call))):
        return True
    name = last_name(function) or ""
    resolved = source.semantics.resolve(function) or ""
    if not few and not _keeps(name, resolved, method):
        return False
    if WORKING.search(name) or (does("writing", name) and not resolved.startswith(_ARRAYS)):
        return False
    shows = does("printing", name) or PLOTTING.search(code_of(function)) is not None
    return shows or method or name in _RUNNING or resolved.startswith(_ARRAYS)


def _keeps(name: str, resolved: str, method: bool) -> bool:
    """Whether many numbers stay what they are, or become as many others."""
    if _REDUCING.search(name):
        return False
    return (method and name in CONVERTING | _ARRANGING) or does("printing", name) or resolved.startswith(_PLAIN_ARRAYS)
