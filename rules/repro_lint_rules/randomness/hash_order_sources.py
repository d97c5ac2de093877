"""Sets of texts, and hashes of texts: what has another order, or value, in each run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import PythonSource, lazy_pattern
from repro_lint_rules.randomness.hash_order_kinds import Kinds
from repro_lint_rules.randomness.hash_order_values import Kind
from repro_lint_rules.randomness.sinks import Sink, does, last_name, snippet
from repro_lint_rules.randomness.unordered_definitions import Definitions

_SET_CALL = lazy_pattern(rb"\b(?:frozen)?set\s*\(")
_HASH_CALL = lazy_pattern(rb"\bhash\s*\(")
_SET_DISPLAY = lazy_pattern(
    rb"""\{(?:[^{}:"'#]|"[^"\n]*"|'[^'\n]*'|\#[^\n]*\n)*(?:,|\bfor\b)"""  # no colon before the first comma
)
_SETS = frozenset({"builtins.set", "builtins.frozenset"})
_SEEDING = frozenset({"seed", "manual_seed", "default_rng", "RandomState", "Random", "set_seed", "seed_everything"})
_SET_OPERATORS = (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)


def may_be_salted(source: PythonSource) -> bool:
    """Whether the text may make a set or ask for a hash at all, which most files do not."""
    data = source.file.data
    return (
        source.notebook is not None  # where the text is not as it was written
        or b".keys()" in data
        or any(pattern.search(data) for pattern in (_SET_CALL, _HASH_CALL, _SET_DISPLAY))
    )


def salted_sets(source: PythonSource, definitions: Definitions) -> Iterator[tuple[ast.expr, Kind]]:
    """The expressions that make a set of texts or the like, as far as the text tells, with the kind of an element."""
    semantics = source.semantics
    made: list[ast.expr] = [
        *semantics.nodes(ast.SetComp),
        *(node for node in semantics.nodes(ast.Set) if len(node.elts) > 1),
        *(node for node in semantics.nodes(ast.BinOp) if isinstance(node.op, _SET_OPERATORS) and _of_keys(node)),
    ]
    if _SET_CALL.search(source.file.data):
        made += [call for call in semantics.nodes(ast.Call) if last_name(call.func) in ("set", "frozenset")]
    made = [node for node in made if not _forgets(semantics.parent(node)) and not _is_other_call(source, node)]
    if not made:
        return
    kinds = Kinds(source, definitions)
    for node in made:
        kind = kinds.of(node)
        statement = semantics.parent(node)
        for target in definitions.targets(statement) if statement is not None else ():
            if isinstance(target, ast.Name):
                kind = kinds.filled(target, kind)
        if kind is not None and kind.item is not None and kind.item.is_salted:
            yield node, kind.item


def _forgets(parent: ast.AST | None) -> bool:
    """Whether a set is only asked for its members, or sorted, as most are."""
    return isinstance(parent, ast.Compare) or (
        isinstance(parent, ast.Call) and last_name(parent.func) in ("len", "sorted", "any", "all", "isinstance")
    )


def _is_other_call(source: PythonSource, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and source.semantics.resolve(node.func) not in _SETS


def _of_keys(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.Call) and last_name(side.func) == "keys" for side in (node.left, node.right))


def salted_hashes(source: PythonSource, definitions: Definitions) -> Iterator[tuple[ast.Call, Sink]]:
    """The calls of ``hash`` with a text whose value decides something, and what it decides."""
    if not _HASH_CALL.search(source.file.data):
        return
    calls = [call for call in source.semantics.calls_to("builtins.hash") if len(call.args) == 1]
    kinds = Kinds(source, definitions)
    for call in calls:
        function = definitions.function_of(call.node)
        if function is not None and function.name == "__hash__":
            continue
        kind = kinds.of(call.args[0])
        if kind is None or not kind.is_salted:
            continue
        sink = next(_decided(source, definitions, call.node), None)
        if sink is not None:
            yield call.node, sink


def _decided(source: PythonSource, definitions: Definitions, call: ast.Call) -> Iterator[Sink]:
    """What the value of the hash decides: a bucket, a seed."""
    queue: list[ast.AST] = [call]
    seen: set[ast.AST] = set()
    while queue and len(seen) < 100:
        node = queue.pop(0)
        if node in seen:
            continue
        seen.add(node)
        parent = source.semantics.parent(node)
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Mod, ast.BitAnd)) and node is parent.left:
            yield Sink(parent, f"{snippet(parent)} gives another number")
        elif isinstance(parent, ast.Call) and node is not parent.func:
            if last_name(parent.func) in _SEEDING:
                yield Sink(parent, f"{snippet(parent)} starts from another seed")
            elif last_name(parent.func) in ("abs", "int"):
                queue.append(parent)
            elif does("growing", last_name(parent.func)):
                yield Sink(parent, f"{snippet(parent)} keeps another number")
        elif isinstance(parent, ast.keyword):
            if parent.arg in ("seed", "random_state"):
                yield Sink(parent, f"{snippet(parent)} is another seed")
        elif isinstance(parent, ast.BinOp):
            queue.append(parent)
        elif isinstance(parent, (ast.Assign, ast.AnnAssign)):
            queue += [use for target in definitions.targets(parent) for use in definitions.uses(target)]
        elif isinstance(parent, ast.Return):
            queue += definitions.results(parent, None)
