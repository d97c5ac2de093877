"""Control flow: under which conditions a node runs, and what certainly runs before it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal, cast

from repro_lint.lazy import dataclass
from repro_lint.sources.nodes import COMPREHENSIONS, FUNCTIONS, TRIES, NodeIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GuardKind = Literal["if", "while", "for", "with", "try", "except", "else", "match"]

_EXITS = frozenset(
    {
        *((None, name) for name in ("exit", "quit")),
        *(("sys", "exit"), ("os", "_exit"), ("os", "abort")),
        *(("pytest", name) for name in ("skip", "fail", "exit")),
        *(("self", name) for name in ("skipTest", "fail")),
    }
)
_SWALLOWING = frozenset(
    {"suppress", "raises", "assertRaises", "ExitStack", "AsyncExitStack", "warns", "deprecated_call"}
)


@dataclass(frozen=True)
class Guard:
    """One condition under which a node runs.

    ``node`` is the statement, handler, case, comprehension clause or expression that sets the condition; ``test`` its
    expression: the test of an ``if`` or ``while`` (also of ``a if test else b``, and each earlier operand of ``and``
    and ``or``), the iterable of a ``for``, the type of an ``except``, the guard of a ``case``, the context manager of
    a ``with``. ``polarity`` is False where the node runs when the test is false: the ``else`` of ``if``, ``while`` and
    ``for``. A node in the ``else`` of a ``try`` has the kind ``else``; a ``finally`` sets no condition.
    """

    kind: GuardKind
    node: ast.AST
    test: ast.expr | None = None
    polarity: bool = True


def last_name(expr: ast.AST | None) -> str | None:
    """The last component of a dotted name or of what a call calls, as written; else None."""
    if isinstance(expr, ast.Call):
        expr = expr.func
    if isinstance(expr, ast.Attribute):
        return expr.attr
    return expr.id if isinstance(expr, ast.Name) else None


def is_main_test(test: ast.expr) -> bool:
    """Whether a test is ``__name__ == "__main__"``, alone or as an operand of ``and``."""
    operands = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    for operand in operands:
        if isinstance(operand, ast.Compare) and len(operand.ops) == 1 and isinstance(operand.ops[0], ast.Eq):
            sides = (operand.left, operand.comparators[0])
            named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
            if named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides):
                return True
    return False


def type_checking_polarity(test: ast.expr) -> bool | None:
    """True for a test that only type checkers pass, False for its negation, None for any other test."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = type_checking_polarity(test.operand) if not isinstance(test.operand, ast.UnaryOp) else None
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return True if any(last_name(part) == "TYPE_CHECKING" for part in test.values) else None
    if isinstance(test, ast.Constant):
        return (
            True if test.value is False or test.value == 0 else None
        )  # `if False:`, the idiom before typing had a name
    return True if isinstance(test, (ast.Name, ast.Attribute)) and last_name(test) == "TYPE_CHECKING" else None


def leaves(block: Sequence[ast.stmt]) -> bool:
    """Whether a block never runs on to what follows it, judged by its own statements: raise, return, exit()..."""
    for statement in block:
        if isinstance(statement, (ast.Raise, ast.Return, ast.Continue, ast.Break)):
            return True
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = statement.value.func
            owner = last_name(called.value) if isinstance(called, ast.Attribute) else None
            if (owner, last_name(called)) in _EXITS:
                return True
    return False


def opens_scope_later(parent: ast.AST, child: ast.AST) -> bool:
    """Whether the child is the body of a function or lambda, which runs when called and not where it stands."""
    if isinstance(parent, FUNCTIONS):
        return isinstance(child, ast.stmt)
    return isinstance(parent, ast.Lambda) and child is parent.body


def guards(nodes: NodeIndex, node: ast.AST) -> tuple[Guard, ...]:
    """The conditions of the node inside the function (or module) whose body it stands in, outermost first."""
    found: list[Guard] = []
    child = node
    for parent in nodes.ancestors(node):
        if opens_scope_later(parent, child):
            break
        found.extend(list(_conditions(nodes, parent, child))[::-1])
        child = parent
    return tuple(found[::-1])


# repro-lint: ignore[ruff-complex-structure] one branch for each kind of node
def _conditions(nodes: NodeIndex, parent: ast.AST, child: ast.AST) -> Iterator[Guard]:
    if isinstance(parent, (ast.If, ast.IfExp, ast.While)):
        if child is not parent.test:
            orelse = parent.orelse
            negative = child in orelse if isinstance(orelse, list) else child is orelse
            yield Guard("while" if isinstance(parent, ast.While) else "if", parent, parent.test, not negative)
    elif isinstance(parent, (ast.For, ast.AsyncFor)):
        if isinstance(child, ast.stmt):
            yield Guard("for", parent, parent.iter, child not in parent.orelse)
    elif isinstance(parent, (ast.With, ast.AsyncWith)):
        if isinstance(child, ast.stmt):
            for item in parent.items:
                yield Guard("with", parent, item.context_expr)
    elif isinstance(parent, TRIES):
        statement = cast("ast.Try", parent)
        if child in statement.body:
            yield Guard("try", parent)
        elif child in statement.orelse:
            yield Guard("else", parent)
        elif isinstance(child, ast.ExceptHandler):
            yield Guard("except", child, child.type)
    elif isinstance(parent, ast.match_case):
        if child is not parent.pattern:
            yield Guard("match", parent, parent.guard if child is not parent.guard else None)
    elif isinstance(parent, ast.BoolOp):
        for operand in parent.values:
            if operand is child:
                break
            yield Guard("if", parent, operand, isinstance(parent.op, ast.And))
    elif isinstance(parent, COMPREHENSIONS):
        for clause in parent.generators:
            if clause is child:
                break
            yield Guard("for", clause, clause.iter)
            yield from (Guard("if", clause, test) for test in clause.ifs)
    elif isinstance(parent, ast.comprehension) and child is not parent.iter:
        yield Guard("for", parent, parent.iter)
        for test in parent.ifs:
            if test is child or child is parent.target:
                break
            yield Guard("if", parent, test)


def in_main_guard(nodes: NodeIndex, node: ast.AST) -> bool:
    """Whether the node stands under ``if __name__ == "__main__":``, at any depth."""
    child = node
    for parent in nodes.ancestors(node):
        if isinstance(parent, ast.If) and is_main_test(parent.test) and child in parent.body:
            return True
        child = parent
    return False


def in_type_checking(nodes: NodeIndex, node: ast.AST) -> bool:
    """Whether the node stands in code that only type checkers read, as under ``if TYPE_CHECKING:``, at any depth."""
    child = node
    for parent in nodes.ancestors(node):
        if isinstance(parent, ast.If) and child is not parent.test:
            polarity = type_checking_polarity(parent.test)
            if polarity is not None and (child in parent.body) is polarity:
                return True
        child = parent
    return False


def always_before(nodes: NodeIndex, a: ast.AST, b: ast.AST) -> bool:
    """Whether ``a`` has certainly run each time ``b`` runs. False means only that this cannot be shown.

    Judged on structure alone: some container of ``a`` in which ``a`` is unconditional stands before some container
    of ``b`` in one block (or in the header of a statement whose body holds ``b``). Unconditional are the statements
    of a block, also inside ``with`` (unless the manager is known to swallow exceptions), in class bodies, and in a
    ``try`` whose handlers all leave; not so branches, loop bodies, handlers, assertions and functions. As a function
    cannot be called before its ``def`` has run, what stands before the ``def`` has run before its body; what
    stands between the ``def`` and its first call is not looked for.
    """
    path: dict[ast.AST, ast.AST] = {}
    child = b
    for parent in nodes.ancestors(b):
        path[parent] = child
        child = parent
    if a is b or a in path:
        return False
    child = a
    for parent in nodes.ancestors(a):
        if parent in path:
            return _precedes(nodes, parent, child, path[parent])
        if not _certain(nodes, parent, child):
            return False
        child = parent
    return False


def always_runs(nodes: NodeIndex, node: ast.AST) -> bool:
    """Whether the node runs each time the function (or module) whose body it stands in runs to its end."""
    child = node
    for parent in nodes.ancestors(node):
        if opens_scope_later(parent, child):
            break
        if not _certain(nodes, parent, child):
            return False
        child = parent
    return True


def _precedes(nodes: NodeIndex, parent: ast.AST, first: ast.AST, second: ast.AST) -> bool:
    """Whether one child of a node always runs before another of its children does."""
    if not isinstance(second, (ast.stmt, ast.match_case)):
        return False
    if not isinstance(first, ast.stmt):
        # From the header of a statement into its body; annotations need not be evaluated at all.
        header_runs = not isinstance(first, (ast.ExceptHandler, ast.match_case))
        return header_runs and first is not getattr(parent, "returns", None)
    field, other = _block(nodes, parent, first), _block(nodes, parent, second)
    if field == other:
        return nodes.position[first] < nodes.position[second]
    return isinstance(parent, TRIES) and (field, other) == ("body", "orelse")


def _block(nodes: NodeIndex, parent: ast.AST, child: ast.AST) -> str:
    """The field of the statement that holds the child in its list; by position, as bodies can be long."""
    position = nodes.position
    found = ""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        block = getattr(parent, field, None)
        if block and isinstance(block, list) and position[block[0]] <= position[child]:
            found = field
    return found


def _certain(nodes: NodeIndex, parent: ast.AST, child: ast.AST) -> bool:
    """Whether the child has run whenever control goes on after its parent."""
    if isinstance(parent, (ast.If, ast.IfExp, ast.While)):
        return child is parent.test
    if isinstance(parent, (ast.For, ast.AsyncFor)):
        return child is parent.iter
    if isinstance(parent, (ast.With, ast.AsyncWith)):
        return not any(last_name(item.context_expr) in _SWALLOWING for item in parent.items)
    if isinstance(parent, TRIES):
        statement = cast("ast.Try", parent)
        if child in statement.finalbody:
            return True
        return not isinstance(child, ast.ExceptHandler) and all(leaves(handler.body) for handler in statement.handlers)
    if isinstance(parent, ast.BoolOp):
        return child is parent.values[0]
    if isinstance(parent, ast.Compare):
        return child is parent.left or child is parent.comparators[0]
    if isinstance(parent, COMPREHENSIONS):
        return child is parent.generators[0]
    if isinstance(parent, ast.comprehension):
        holder = nodes.parents[parent]
        return child is parent.iter and isinstance(holder, COMPREHENSIONS) and holder.generators[0] is parent
    if isinstance(parent, FUNCTIONS):
        return not isinstance(child, ast.stmt) and child is not parent.returns
    if isinstance(parent, ast.Lambda):
        return child is parent.args
    if isinstance(parent, (ast.arg, ast.AnnAssign)):
        return child is not parent.annotation
    return (
        not isinstance(parent, (ast.match_case, ast.ExceptHandler, ast.Assert))
        and parent.__class__.__name__ != "TypeAlias"
    )
