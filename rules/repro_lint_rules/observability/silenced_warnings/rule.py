"""All warnings of all packages are switched off."""

from __future__ import annotations

import ast

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity, last_name

_FILTERS = ("warnings.filterwarnings", "warnings.simplefilter")
_ON = frozenset({"default", "always", "all", "once", "module", "error"})


class SilencedWarnings(Rule):
    """Looks for warning filters that name neither a category, nor a message, nor a module."""

    meta = RuleMeta(
        code="OBS003",
        name="silenced-warnings",
        family="observability",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="All warnings of all packages are switched off.",
        why="What libraries say about wrong data, failed convergence and coming changes is lost with the noise.",
        help='name what is to be silent: warnings.filterwarnings("ignore", category=..., module=...)',
    )
    triggers = (b"warnings", b"PYTHONWARNINGS")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each filter that lasts; not for those in a ``catch_warnings`` block."""
        semantics = source.semantics
        for call in semantics.calls_to(*_FILTERS):
            action = call.argument(0, "action")
            if semantics.constant(action) != "ignore" or not _is_for_all(call.args, call.keywords):
                continue
            guards = semantics.guards(call.node)
            if any(guard.kind == "with" and last_name(guard.test) == "catch_warnings" for guard in guards):
                continue
            if _is_in_context(source, call.node) or _is_undone(source, call.node):
                continue
            shown = (call.name or "").rpartition(".")[2]
            yield Finding(source.place(call.node), f'`{shown}("ignore")` switches off every warning from here on')
        for node in semantics.nodes(ast.Assign):
            target = node.targets[0]
            if _is_variable(source, target) and semantics.constant(node.value) == "ignore":
                yield Finding(source.place(node), "`PYTHONWARNINGS=ignore` switches off every warning")
            elif _replaces_warn(source, node):
                yield Finding(source.place(node), "`warnings.warn` is replaced, which switches off every warning")


def _is_for_all(args: tuple[ast.expr, ...], keywords: object) -> bool:
    """Whether nothing but the action, or the base of all warnings, is given."""
    named = dict(keywords) if isinstance(keywords, dict) else {}
    others = [
        *args[1:],
        *(value for name, value in named.items() if name not in ("action", "append", "lineno")),
    ]
    return all(
        (isinstance(value, ast.Name) and value.id == "Warning")
        or (isinstance(value, ast.Constant) and value.value in ("", ".*", 0))
        for value in others
    )


def _is_in_context(source: PythonSource, node: ast.AST) -> bool:
    """Whether the function around the call opens ``catch_warnings`` by hand."""
    holder = next((n for n in source.semantics.ancestors(node) if isinstance(n, ast.FunctionDef)), None)
    return holder is not None and any(last_name(decorator) == "catch_warnings" for decorator in holder.decorator_list)


def _is_undone(source: PythonSource, node: ast.AST) -> bool:
    """Whether a later statement of the same block switches the warnings on again."""
    semantics = source.semantics
    statement = semantics.statement_of(node)
    for call in semantics.calls_to(*_FILTERS, "warnings.resetwarnings"):
        again = call.name == "warnings.resetwarnings" or semantics.constant(call.argument(0, "action")) in _ON
        later = semantics.statement_of(call.node)
        if again and later.lineno > statement.lineno and semantics.parent(later) is semantics.parent(statement):
            return True
    return False


def _replaces_warn(source: PythonSource, node: ast.Assign) -> bool:
    """Whether what stands for ``warnings.warn`` from then on calls nothing, such as a logger."""
    target, value = node.targets[0], node.value
    if not isinstance(target, ast.Attribute) or not isinstance(value, (ast.Lambda, ast.Name)):
        return False
    if source.semantics.resolve(target) != "warnings.warn":
        return False
    if isinstance(value, ast.Name):
        functions = [f for f in source.semantics.nodes(ast.FunctionDef) if f.name == value.id]
        return len(functions) == 1 and not _calls(functions[0])
    return not _calls(value)


def _calls(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Call) for part in ast.walk(node))


def _is_variable(source: PythonSource, target: ast.expr) -> bool:
    return (
        isinstance(target, ast.Subscript)
        and source.semantics.resolve(target.value) == "os.environ"
        and source.semantics.constant(target.slice) == "PYTHONWARNINGS"
    )
