"""What a module's ``__getattr__`` makes of a name, as far as its text decides it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

_CONTAINERS = ("set", "frozenset", "list", "tuple", "dict")
_UNKNOWN = object()
_RAISED, _WENT_ON, _RETURNED = "raised", "went on", "returned"


def may_answer(function: ast.FunctionDef, values: dict[str, list[ast.expr]], name: str) -> bool:
    """Whether the function may return something for the name: False only where every path raises.

    ``values`` are the expressions whose contents, taken together, the module's names hold.
    """
    if len(function.args.args) != 1:
        return True
    outcome = _Evaluator(function.args.args[0].arg, name, values).block(function.body)
    return outcome != {_RAISED}


class _Evaluator:
    """Runs a function on one text, both ways where a condition is not known."""

    def __init__(self, parameter: str, name: str, values: dict[str, list[ast.expr]]) -> None:
        self.known: dict[str, object] = {parameter: name}
        self.values = values

    def block(self, body: Iterable[ast.stmt]) -> set[str]:
        """How the block can end: raised, returned, or went on to what follows."""
        ends: set[str] = set()
        for statement in body:
            found = self.statement(statement)
            ends |= found - {_WENT_ON}
            if _WENT_ON not in found:
                return ends
        return ends | {_WENT_ON}

    def statement(self, node: ast.stmt) -> set[str]:
        if isinstance(node, ast.Raise):
            return {_RAISED}
        if isinstance(node, ast.Return):
            return {_RETURNED}
        if isinstance(node, ast.If):
            return self.choice(node)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return self.block(node.body)
        if isinstance(node, (ast.Expr, ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.FunctionDef)):
            return {_WENT_ON}
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self.known[node.targets[0].id] = self.value(node.value)
            return {_WENT_ON}
        if isinstance(node, ast.Try) and (tried := self.lookup(node)) is not None:
            return tried
        ends = {_WENT_ON}
        for block in ("body", "orelse", "finalbody"):
            ends |= self.block(getattr(node, block, ()))
        for handler in getattr(node, "handlers", ()):
            ends |= self.block(handler.body)
        return ends

    def lookup(self, node: ast.Try) -> set[str] | None:
        """``try: value = NAMES[name]``: the ``else`` or the handler; None for any other statement.

        ``globals()[name]`` fails, as names that are bound are never asked for.
        """
        first = node.body[0]
        value = first.value if isinstance(first, (ast.Assign, ast.Return)) else None
        if len(node.body) != 1 or len(node.handlers) != 1 or not isinstance(value, ast.Subscript):
            return None
        key = self.value(value.slice)
        names = () if ast.unparse(value.value) == "globals()" else self.value(value.value)
        if not isinstance(names, tuple) or key is _UNKNOWN:
            return None
        if key not in names:
            return self.block(node.handlers[0].body)
        return {_RETURNED} if isinstance(first, ast.Return) else self.block(node.orelse)

    def choice(self, node: ast.If) -> set[str]:
        test = self.value(node.test)
        if test is _UNKNOWN:
            return self.block(node.body) | self.block(node.orelse)
        return self.block(node.body if test else node.orelse)

    def value(self, node: ast.expr, depth: int = 0) -> object:
        """The value of an expression, or _UNKNOWN. Of a mapping only the keys are looked at."""
        if depth > 8:
            return _UNKNOWN
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            if node.id in self.known:
                return self.known[node.id]
            return self.contents(self.values.get(node.id, ()), depth)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return self.all(node.elts, depth)
        if isinstance(node, ast.Dict):
            return self.all([key for key in node.keys if key is not None], depth) if None not in node.keys else _UNKNOWN
        if isinstance(node, (ast.DictComp, ast.SetComp, ast.ListComp)):
            return self.comprehension(node, depth)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            operand = self.value(node.operand, depth + 1)
            return _UNKNOWN if operand is _UNKNOWN else not operand
        if isinstance(node, ast.BoolOp):
            return self.connected(node, depth)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self.compared(node, depth)
        if isinstance(node, ast.Call) and len(node.args) == 1 and ast.unparse(node.func) in _CONTAINERS:
            return self.value(node.args[0], depth + 1)
        return _UNKNOWN

    def contents(self, pieces: Sequence[ast.expr], depth: int) -> object:
        found = [self.value(piece, depth + 1) for piece in pieces]
        if len(found) == 1:
            return found[0]
        parts = [part for part in found if isinstance(part, tuple)]
        return sum(parts, ()) if parts and len(parts) == len(found) else _UNKNOWN

    def all(self, nodes: list[ast.expr], depth: int) -> object:
        found = [self.value(node, depth + 1) for node in nodes]
        return _UNKNOWN if any(value is _UNKNOWN for value in found) else tuple(found)

    def comprehension(self, node: ast.DictComp | ast.SetComp | ast.ListComp, depth: int) -> object:
        """``{name: … for name, text in LITERAL}``: which of the names the key is."""
        clause = node.generators[0]
        key = node.key if isinstance(node, ast.DictComp) else node.elt
        source = clause.iter
        if len(node.generators) != 1 or clause.ifs or not isinstance(source, (ast.List, ast.Tuple)):
            return _UNKNOWN
        targets = clause.target.elts if isinstance(clause.target, ast.Tuple) else [clause.target]
        names = [target.id if isinstance(target, ast.Name) else "" for target in targets]
        if not isinstance(key, ast.Name) or key.id not in names:
            return _UNKNOWN
        place = names.index(key.id)
        if not isinstance(clause.target, ast.Tuple):
            return self.all(source.elts, depth)
        rows = [row for row in source.elts if isinstance(row, (ast.Tuple, ast.List)) and len(row.elts) > place]
        return self.all([row.elts[place] for row in rows], depth) if len(rows) == len(source.elts) else _UNKNOWN

    def connected(self, node: ast.BoolOp, depth: int) -> object:
        found = [self.value(part, depth + 1) for part in node.values]
        decisive = isinstance(node.op, ast.Or)
        if any(value is not _UNKNOWN and bool(value) is decisive for value in found):
            return decisive
        return _UNKNOWN if any(value is _UNKNOWN for value in found) else not decisive

    def compared(self, node: ast.Compare, depth: int) -> object:
        left, right = self.value(node.left, depth + 1), self.value(node.comparators[0], depth + 1)
        if left is _UNKNOWN or right is _UNKNOWN:
            return _UNKNOWN
        operator = node.ops[0]
        if isinstance(operator, (ast.Eq, ast.Is)):
            return left == right
        if isinstance(operator, (ast.NotEq, ast.IsNot)):
            return left != right
        if isinstance(operator, (ast.In, ast.NotIn)) and isinstance(right, (tuple, str)):
            try:
                return (left in right) is isinstance(operator, ast.In)
            except TypeError:
                return _UNKNOWN
        return _UNKNOWN
