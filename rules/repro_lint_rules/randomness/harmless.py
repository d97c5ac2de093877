"""Draws that no result depends on: waiting times, names, colours, and what is only looked at."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Literal

from repro_lint.api import CallEvent, Constant, PythonSource, code_of
from repro_lint_rules.randomness.examples import PICKING, is_picked_to_show, is_plotted_example
from repro_lint_rules.randomness.own_seeds import draws_later
from repro_lint_rules.randomness.sinks import does
from repro_lint_rules.randomness.stand_ins import PROBES, is_stand_in
from repro_lint_rules.randomness.top_level import is_only_asserted
from repro_lint_rules.randomness.variables import is_left_aside, is_unread, uses_of

_SINKS = re.compile(
    r"(?i)sleep|wait|seed|^(bind|connect|listen|log|debug|info|warning|warn|exception|setTimeout|set_timeout|call_later"
    r"|add_proxy|summary|export|display|add_graph|get_flops|profile|count_params|parameter_count|clever_format)$"
)
"""Functions whose arguments do not reach a result."""
_LARGEST_SPREAD = 0.3
"""The standard deviation of what spreads points; groups of points lie 1 apart."""
_PROBING = re.compile(
    r"(?i)^(export|trace|summary|profile|add_graph|get_flops|count_params|dynamo_export|script|make_dot)$"
)
_TARGETS = re.compile(
    r"(?i)seed|(^|_)(ports?|delay|wait|sleep|pause|backoff|jitter(ed)?|timeout|tokens?|passwords?|passwd|pwd|salt|nonce"
    r"|uuid|uid|guid|tmp|temp_?(dir|file|name|path)|run_?name|colou?rs?|user_?agents?|ua|proxy|proxies|headers?|rgb|cmap|endpoints?|api_(dict|keys?|base|url)|captcha|slow_mo"
    r"|widget_?keys?|test_value|dummy|dummies|dump_input|fake_input|example_inputs?|sample_inputs?|test_inputs?|inputs?_?shape|shape|placeholder|probe)(_|\d|$)"
)
"""Names of variables and parameters that no result depends on, or that are judged by other rules."""
_LABEL_TARGETS = re.compile(r"(?i)(^|_)(ids?|hash|suffix|prefix|file_?name)(_|\d|$)")
"""Names of labels that are made up; what is picked from something that exists, such as ids, is data."""
_FUNCTIONS = re.compile(
    r"(?i)jitter|backoff|back_off|retry|sleep|(^|_)(delay|wait)|rand(om)?_?(string|str|name|id|word|colou?rs?|user_?agent|port|token"
    r"|password|filename|hex|ua)|(generate|gen|make|create|get|new)_?(unique_?)?(id|uuid|uid|token|password|key|name|filename|colou?rs?)($|_)"
    r"|(^|_)(get_times?|timings?|speed_?test|stress_?test)($|_)|colou?r_?(map|list|palette)|uuid|nonce|tmp_?name|temp_?name|dummy_?(request|input|payload|batch|sample|tensor)"
)
"""Names of functions that make such values."""
_PLOTS = frozenset(
    {"scatter", "plot", "errorbar", "text", "annotate", "stripplot", "swarmplot", "scatterplot", "hlines", "vlines"}
)
_FROM_DATA = frozenset({"choice", "choices", "sample", "permutation"})
_PICTURES = frozenset(
    {"head", "tail", "imshow", "matshow", "display", "Image", "plot_image", "show_image", "show_images", "Audio"}
)
_SHOWING = re.compile(r"(?i)(plot|show|display|visuali[sz]e|view|draw)(_|$)")
"""Names of functions that show something."""
_LABELS = frozenset(
    {"print", "show", "title", "set_title", "axis", "figure", "subplot", "xlabel", "ylabel", "suptitle", "axhline"}
    | {"axvline", "text", "xticks", "yticks", "set_xticks", "set_yticks", "set_axis_off", "grid", "colorbar", "legend"}
    | {"tight_layout", "subplots_adjust", "add_subplot", "draw"}
)
_TIMED = re.compile(r"(?i)(^|_)(timings?|time_?test|speed_?test|latency|throughput)(_|\.|$)")
"""Names of files that only measure how long something takes."""
_NUMBERS = ("numpy.random.", "random.", "torch.rand")
_IN_PLACE = re.compile(r"shuffle$|_$")
_LETTERS = re.compile(r"(?i)abcdefgh|abcdef0|9abcdef|ascii_|string\.(digits|hexdigits|printable)")
_COSTUMES = re.compile(r"(?i)user_?agent|proxies|proxy|colou?rs?\b")
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def is_harmless(event: CallEvent) -> bool:
    """Whether nothing that the program computes for its reader depends on the draw."""
    if event.idle or any(_FUNCTIONS.search(function.name) for function in event.stack):
        return True
    if is_picked_to_show(event):
        return True
    if any(_is_no_data(event, arg) for arg in event.node.args[:1]):
        return True
    if _TIMED.search(event.source.path.rpartition("/")[2]):
        return True
    if is_timed(event.source, event.node) or _shows_examples(event):
        return True
    picked = event.source.notebook is not None and (event.name or "").startswith(_NUMBERS) and event.method in PICKING
    if not _changes_something(event) and is_unread(event.source, event.node, picked or draws_later(event)):
        return True
    return _ends_harmless(event) or is_stand_in(event) or is_only_asserted(event)


def _changes_something(event: CallEvent) -> bool:
    """Whether the call puts what it draws into something that is there already."""
    return bool(_IN_PLACE.search(event.method or "")) or "out" in event.keywords


def _is_no_data(event: CallEvent, choices: ast.expr) -> bool:
    """Whether letters are picked for a name or a password, or what a program only shows itself with."""
    binding = event.source.semantics.binding_of(choices) if isinstance(choices, ast.Name) else None
    assigned = binding.assigned if binding is not None else None
    texts = [code_of(choices)] if len(arg_text(choices)) < 400 else []
    texts += [code_of(assigned)] if isinstance(assigned, (ast.Constant, ast.BinOp, ast.Attribute)) else []
    return any(_COSTUMES.search(text) or (_LETTERS.search(text) and _is_spelled(event)) for text in texts)


def _is_spelled(event: CallEvent) -> bool:
    """Whether a word is put together; a single letter may be a typing error in data, or a move in a search."""
    if event.method != "choice" or len(event.node.args) > 1 or event.node.keywords:
        return True
    for parent in event.source.semantics.ancestors(event.node):
        if isinstance(parent, (*_LOOPS, ast.BinOp, ast.AugAssign, ast.JoinedStr)):
            return True
        if isinstance(parent, ast.Call) and _last_name(parent.func) in ("join", "append"):
            return True
        if isinstance(parent, ast.stmt):
            break
    return False


def arg_text(node: ast.expr) -> str:
    """The source of a short expression; long ones are not looked at."""
    return code_of(node) if not isinstance(node, (ast.List, ast.Dict, ast.Tuple)) else ""


# repro-lint: ignore[ruff-complex-structure] one branch for each kind of node on the way out
def _ends_harmless(event: CallEvent) -> bool:
    """Follow the value outwards through the expression it stands in."""
    semantics = event.source.semantics
    child: ast.AST = event.node
    arithmetic = picked = False
    alone = not _changes_something(event)
    for parent in semantics.ancestors(event.node):
        if isinstance(parent, ast.Call) and child is not parent.func:
            called = _last_name(parent.func)
            if called.startswith("draw") and (event.method or "").endswith("_layout"):
                return True
            if called == "print" and any(_last_name(word.value) == "stderr" for word in parent.keywords):
                return True
            if _SINKS.search(called) or (called in _PLOTS and (arithmetic or _has_data(parent, child))):
                return True
            alone = False
        elif isinstance(parent, ast.keyword):
            if parent.arg is not None and (_TARGETS.search(parent.arg) or parent.arg == "c"):
                return True
        elif isinstance(parent, ast.Attribute):
            if parent.attr in PROBES and child is parent.value:
                return True
        elif isinstance(parent, ast.BinOp):
            arithmetic = True
            if event.method in PICKING and _is_label(parent, child):
                return True
        elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            names = [_last_name(target) for target in targets]
            if any(map(_TARGETS.search, names)) or "jitter" in code_of(parent) or _is_dropped(event.source, targets):
                return True
            if event.method not in _FROM_DATA and any(map(_LABEL_TARGETS.search, names)):
                return True
            plain = (event.name or "").startswith(_NUMBERS) or event.method == "rvs"
            glimpsed = event.method == "sample" or (plain and alone and event.source.notebook is not None)
            shown = _statements(event.source, targets) if glimpsed else []
            if shown and all(map(_is_glimpse, shown)):
                return True
            if _is_spread(event) and _only_spreads(event, targets):
                return True
            if (event.name or "").startswith("torch.rand") and _only_probes(event.source, targets):
                return True
            if (event.method or "").endswith("_layout"):
                return _only_drawn(event.source, targets)
            return event.method in PICKING and (
                _only_shown(event.source, targets) or is_plotted_example(event, targets)
            )
        elif isinstance(parent, (ast.For, ast.AsyncFor)):
            if event.method not in PICKING | _FROM_DATA:
                return False
            return _kind(parent) == "picture" or (event.source.notebook is not None and _only_looks(parent))
        elif isinstance(parent, ast.Expr):
            # Shown at the end of a cell, or dropped; or an example out of the data that is printed.
            return alone or (picked and event.source.notebook is not None and _kind(parent) == "label")
        elif isinstance(parent, ast.stmt):
            return False
        elif not isinstance(parent, (ast.Subscript, ast.UnaryOp, ast.Call, ast.Compare, ast.Starred)):
            alone = alone and isinstance(parent, (ast.Tuple, ast.List))
        picked = picked or (isinstance(parent, ast.Subscript) and child is parent.slice and event.method in PICKING)
        child = parent
    return False


def _is_label(text: ast.BinOp, number: ast.AST) -> bool:
    """``"run_" + str(random.randint(0, 2**32))``: a name that is made up."""
    prefix = text.left
    ends = isinstance(prefix, ast.Constant) and isinstance(prefix.value, str) and prefix.value.endswith(("_", "-"))
    return ends and isinstance(number, ast.Call) and _last_name(number.func) in ("str", "hex")


def _shows_examples(event: CallEvent) -> bool:
    """Whether the function that draws picks examples, displays them, and has no other effect."""
    function = event.stack[-1].node if event.stack else None
    if not isinstance(function, ast.FunctionDef) or event.method not in PICKING | _FROM_DATA:
        return False
    called = set()
    for part in ast.walk(function):
        if isinstance(part, ast.Call):
            called.add(_last_name(part.func))
        elif (
            isinstance(part, (ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal))
            or (isinstance(part, ast.Return) and part.value is not None)
            or (isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store))
        ):
            return False
    pictures = called & (_PICTURES | _PLOTS if _SHOWING.match(function.name) else _PICTURES)
    return bool(pictures) and not any(does("learning", name) or does("writing", name) for name in called)


def _is_dropped(source: PythonSource, targets: Sequence[ast.expr]) -> bool:
    """Whether what is computed from the variables is thrown away, or only timed: ``_ = model(x)``."""
    uses = uses_of(source, targets)
    others = [use for use in uses if not is_timed(source, use)]
    timed = len(others) < len(uses)
    statements = [source.semantics.statement_of(use) for use in others]
    # What is timed may be looked at, too: len(values), values[:5]
    return bool(uses) and all(
        _drops(statement) or (timed and _is_looked_at(statement)) or is_left_aside(source, use)
        for use, statement in zip(others, statements, strict=True)
    )


def _is_looked_at(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.Tuple):
        return all(_is_looked_at(ast.Expr(part)) for part in value.elts)
    looks = isinstance(value, ast.Call) and _last_name(value.func) in ("len", "type", "print")
    return looks or isinstance(value, (ast.Name, ast.Subscript))


def _statements(source: PythonSource, targets: Sequence[ast.expr]) -> list[ast.stmt]:
    return [source.semantics.statement_of(use) for use in uses_of(source, targets)]


def _is_glimpse(statement: ast.stmt) -> bool:
    """Whether rows that were drawn from a frame are shown at the end of a cell: ``rows``, ``rows.head()``."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Name) or (isinstance(value, ast.Call) and _last_name(value.func) in ("head", "tail"))


def _drops(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and all(_last_name(target) == "_" for target in statement.targets)


def _only_shown(source: PythonSource, targets: Sequence[ast.expr], depth: int = 0) -> bool:
    """Whether the variables only pick the pictures that are looked at: which examples are shown is no result."""
    if depth > 2 or not all(isinstance(target, ast.Name) for target in targets):
        return False
    semantics = source.semantics
    shown = False
    for use in uses_of(source, targets):
        statement = semantics.statement_of(use)
        kind = _kind(statement)
        looks = isinstance(statement, ast.For) and _only_looks(statement)
        if source.notebook is not None and (_is_row(statement) or looks):
            kind = "picture"
        if kind == "other":
            if not isinstance(statement, ast.Assign) or not _only_shown(source, statement.targets, depth + 1):
                return False
            kind = "picture"
        shown = shown or kind == "picture"
    return shown


def _is_row(statement: ast.stmt) -> bool:
    """Whether something that was picked out of the data is shown at the end of a cell: ``series[patient][:6]``."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, (ast.Subscript, ast.Attribute))


def _only_drawn(source: PythonSource, targets: Sequence[ast.expr]) -> bool:
    """Whether the positions of a graph's nodes only serve to draw it."""
    statements = [
        statement for statement in _statements(source, targets) if not isinstance(statement, (ast.If, ast.Return))
    ]
    return bool(statements) and all(map(_is_drawing, statements))


def _is_spread(event: CallEvent) -> bool:
    """``normal(i, 0.04)``, ``uniform(-0.1, 0.1)``: numbers around a place."""
    first, second = (arg.value if isinstance(arg, Constant) else None for arg in (*event.args, None, None)[:2])
    if not isinstance(second, (int, float)):
        return False
    if event.method == "normal":
        return second < _LARGEST_SPREAD
    return event.method == "uniform" and first == -second


def _only_spreads(event: CallEvent, targets: Sequence[ast.expr]) -> bool:
    """Whether the variables only spread the points of a plot along one axis, as far as the loop around them goes."""
    semantics = event.source.semantics
    loop = next((node for node in semantics.ancestors(event.node) if isinstance(node, ast.For)), None)
    uses = [use for use in uses_of(event.source, targets) if loop is None or loop in semantics.ancestors(use)]
    calls = [(semantics.parent(use), use) for use in uses]
    return bool(calls) and all(
        isinstance(call, ast.Call) and _last_name(call.func) in _PLOTS and _has_data(call, use) for call, use in calls
    )


def _only_probes(source: PythonSource, targets: Sequence[ast.expr], depth: int = 0) -> bool:
    """Whether the variables only show a tool what a network is fed with."""
    uses = uses_of(source, targets)
    # How large it is, and what comes out of it, is no result.
    uses = [use for use in uses if getattr(source.semantics.parent(use), "attr", None) not in PROBES or not depth]
    statements = [source.semantics.statement_of(use) for use in uses]
    for statement in statements:
        value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
        made = isinstance(value, (ast.List, ast.Tuple)) or (isinstance(value, ast.Call) and not _is_probing(value))
        if made and isinstance(statement, ast.Assign) and depth < 2:
            if not _only_probes(source, statement.targets, depth + 1):
                return False
        elif not isinstance(value, ast.Call) or not _is_probing(value):
            return False
    return bool(statements) or depth > 0


def _is_probing(call: ast.Call) -> bool:
    return bool(_PROBING.search(_last_name(call.func))) or any(keyword.arg == "profile" for keyword in call.keywords)


def _is_drawing(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
    called = _last_name(value.func) if isinstance(value, ast.Call) else ""
    return called.startswith("draw") or called in _PLOTS


def _kind(statement: ast.stmt) -> Literal["picture", "label", "other"]:
    """Whether a statement shows a picture, writes something beside it or counts, or does something else."""
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        kinds = {_kind(inner) for inner in statement.body}
        return "other" if "other" in kinds else "picture" if "picture" in kinds else "label"
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp):
        right = statement.value.right
        return "label" if isinstance(right, ast.Constant) and isinstance(right.value, (int, float)) else "other"
    if isinstance(statement, ast.AugAssign):
        return "label" if isinstance(statement.value, ast.Constant) else "other"
    value = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(value, ast.Call):
        return "other"
    called = _last_name(value.func)
    if called in _PICTURES:
        return "picture"
    return "label" if called in _LABELS else "other"


def _only_looks(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop over some examples only looks things up, and prints or shows them."""
    statements = [part for part in ast.walk(loop) if isinstance(part, ast.stmt) and part is not loop]
    calls = [_last_name(part.func) for part in ast.walk(loop) if isinstance(part, ast.Call)]
    looks = any(name in _PICTURES or name == "print" or name.startswith(("show_", "plot_")) for name in calls)
    keeps = any(name in ("append", "add", "extend", "update", "write") or does("learning", name) for name in calls)
    return looks and not keeps and all(map(_only_names, statements))


def _only_names(statement: ast.stmt) -> bool:
    """Whether a statement changes nothing but names."""
    if isinstance(statement, ast.Assign):
        parts = [part for target in statement.targets for part in getattr(target, "elts", [target])]
        return all(isinstance(part, ast.Name) for part in parts)
    return isinstance(statement, (ast.Expr, ast.If, ast.For, ast.With, ast.Assert, ast.Pass))


def _has_data(call: ast.Call, draw: ast.AST) -> bool:
    """Whether a plot shows something else along the other axis, so that the draw only spreads the points."""
    others = [arg for arg in call.args[:2] if arg is not draw]
    return len(others) == 1 and not any(
        "rand" in (getattr(node, "attr", "") or getattr(node, "id", "")) for node in ast.walk(others[0])
    )


def is_timed(source: PythonSource, node: ast.AST) -> bool:
    """Whether the statement is only timed."""
    line = getattr(node, "lineno", 0)
    for cell, magic in source.magics:
        if magic.name in ("timeit", "prun", "memit", "lprun", "mprun"):
            first = cell.first_line + magic.line - 1
            last = (
                cell.first_line + cell.code.count("\n") if magic.kind == "cell" else first + magic.end_line - magic.line
            )
            if first <= line <= last:
                return True
    return False


def _last_name(node: ast.expr) -> str:
    while isinstance(node, (ast.Subscript, ast.Starred)):
        node = node.slice if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else node.value
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
