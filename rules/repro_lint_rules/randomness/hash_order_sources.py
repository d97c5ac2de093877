"""Sets of texts, and hashes of texts: what has another order, or value, in each run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import PythonSource, lazy_pattern
from repro_lint_rules.randomness.hash_order_kinds import Kinds
from repro_lint_rules.randomness.hash_order_values import Kind
from repro_lint_rules.randomness.sinks import Sink, does, last_name, snippet
from repro_lint_rules.randomness.subscripts import leaves_ties
from repro_lint_rules.randomness.unordered_definitions import Definitions

_SET_CALL = lazy_pattern(rb"set\((?<![.\w]set\()(?<! in set\()(?<!len\(set\()(?<!sorted\(set\()")
_FROZEN_CALL = lazy_pattern(rb"frozenset\((?<! in frozenset\()")
_HASH_CALL = lazy_pattern(rb"hash\s*[(),]")
_SET_DISPLAY = lazy_pattern(  # no colon before the first comma, no number and no two stars behind the brace
    rb"""\{(?!\s*(?:\*\*|[\d\[)]))(?:[^{}:"'#(),]|"[^"\n]*"|'[^'\n]*'|\((?:[^(){}]|\([^(){}]*\))*\)|\#[^\n]*\n)*"""
    rb"""(?:,|\bfor\b)"""
)
_KEYS = lazy_pattern(rb"\.keys\(\)\s*[-|&^]|[-|&^]\s*[\w.]+\.keys\(\)")
_SETS = frozenset({"builtins.set", "builtins.frozenset"})
_SEEDING = frozenset({"seed", "manual_seed", "default_rng", "RandomState", "Random", "set_seed", "seed_everything"})
_FORGETTING = frozenset({"len", "sorted", "any", "all", "isinstance", "bool"})
_ASKING = frozenset(
    {"add", "update", "discard", "remove", "clear", "issubset", "issuperset", "isdisjoint", "__contains__"}
)
_SET_OPERATORS = (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)


def may_be_salted(source: PythonSource) -> bool:
    """Whether the text may make a set or ask for a hash at all, which most files do not."""
    data = source.file.written
    return (
        source.notebook is not None  # where the text is not as it was written
        or _SET_CALL.search(data) is not None
        or _FROZEN_CALL.search(data) is not None
        or (b".keys()" in data and _KEYS.search(data) is not None)
        or (b"hash" in data and _HASH_CALL.search(data) is not None)
        or _SET_DISPLAY.search(data) is not None
    )


def salted_sets(source: PythonSource, definitions: Definitions) -> Iterator[tuple[ast.expr, Kind]]:
    """The expressions that make a set of texts or the like, as far as the text tells, with the kind of an element."""
    semantics = source.semantics
    made: list[ast.expr] = [
        *semantics.nodes(ast.SetComp),
        *(node for node in semantics.nodes(ast.Set) if len(node.elts) > 1),
        *(node for node in semantics.nodes(ast.BinOp) if isinstance(node.op, _SET_OPERATORS) and _of_keys(node)),
    ]
    made += [call for call in semantics.nodes(ast.Call) if getattr(call.func, "id", None) in ("set", "frozenset")]
    made = [node for node in made if not _forgets(semantics.parent(node), node)]
    if made:
        asked = _Asked(source)
        made = [node for node in made if not asked.holds(node) and not _is_other_call(source, node)]
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


def _forgets(parent: ast.AST | None, node: ast.AST) -> bool:
    """Whether a set is only asked for its members, or sorted, as most are."""
    if isinstance(parent, ast.Attribute):
        return parent.attr in _ASKING
    if isinstance(parent, ast.Call):
        return node is not parent.func and last_name(parent.func) in _FORGETTING and not leaves_ties(parent)
    return isinstance(parent, (ast.Compare, ast.If, ast.While)) or (
        isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)
    )


class _Asked:
    """Tells by their names alone the sets that are only asked for their members, for which no scope is needed."""

    def __init__(self, source: PythonSource) -> None:
        self._semantics = source.semantics

    def _counts(self, name: str) -> bool:
        """Whether a name or an attribute is read anywhere where the order of a set may count."""
        semantics = self._semantics
        reads: list[ast.Name | ast.Attribute] = [node for node in semantics.nodes(ast.Name) if node.id == name]
        reads += [node for node in semantics.nodes(ast.Attribute) if node.attr == name]
        return any(isinstance(node.ctx, ast.Load) and not _forgets(semantics.parent(node), node) for node in reads)

    def holds(self, node: ast.expr) -> bool:
        """Whether the set is given to one name or attribute, and that is only asked."""
        parent = self._semantics.parent(node)
        if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
            return False
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        names = [getattr(target, "attr", getattr(target, "id", None)) for target in targets]
        return not any(name is None or self._counts(name) for name in names)


def _is_other_call(source: PythonSource, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and source.semantics.resolve(node.func) not in _SETS


def _of_keys(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.Call) and last_name(side.func) == "keys" for side in (node.left, node.right))


def salted_hashes(source: PythonSource, definitions: Definitions) -> Iterator[tuple[ast.Call, Sink]]:
    """The calls of ``hash`` with a text whose value decides something, and what it decides."""
    data = source.file.written
    if b"hash" not in data or not _HASH_CALL.search(data):
        return
    kinds = Kinds(source, definitions)
    for call in source.semantics.nodes(ast.Call):
        if _hashes_each(call) and source.semantics.resolve(call.args[0]) == "builtins.hash":
            column = call.func.value if isinstance(call.func, ast.Attribute) else call.args[-1]
            kind = kinds.item(column)
            if kind is not None and kind.is_salted:
                yield call, Sink(call, f"{snippet(call)} keeps other numbers")
            continue
        if getattr(call.func, "id", None) != "hash" or len(call.args) != 1:
            continue
        if source.semantics.resolve(call.func) != "builtins.hash":
            continue
        function = definitions.function_of(call)
        if function is not None and function.name == "__hash__":
            continue
        kind = kinds.of(call.args[0])
        if kind is None or not kind.is_salted:
            continue
        sink = next(_decided(source, definitions, call), None)
        if sink is not None:
            yield call, sink


def _hashes_each(call: ast.Call) -> bool:
    """``column.apply(hash)``, ``map(hash, names)``."""
    of_method = isinstance(call.func, ast.Attribute)
    return (
        len(call.args) == (1 if of_method else 2)
        and getattr(call.args[0], "id", None) == "hash"
        and does("applying", last_name(call.func))
    )


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
