"""What kind of value an expression has, as far as the text tells: the hash of a text is another one in each run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import PythonSource
from repro_lint_rules.randomness.hash_order_values import (
    DATE,
    FILE,
    MEMBER,
    NUMBER,
    OBJECT,
    TEXT,
    TEXTS,
    Kind,
    annotated,
    constant_kind,
    item_of,
    one_of,
)
from repro_lint_rules.randomness.sinks import last_name
from repro_lint_rules.randomness.unordered_definitions import Definitions

_MAX_DEPTH = 14
_SAME_ITEMS = frozenset(
    {
        "list",
        "tuple",
        "sorted",
        "reversed",
        "iter",
        "set",
        "frozenset",
        "tqdm",
        "deque",
        "filter",
        "natsorted",
        "copy",
        "deepcopy",
    }
)
_SET_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference", "copy"})


@lru_cache(maxsize=1)
def _names() -> Mapping[str, Mapping[str, frozenset[str]]]:
    import tomli

    text = (Path(__file__).parent / "hash_order_kinds.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomli.loads(text)
    return {table: {kind: frozenset(names.split()) for kind, names in kinds.items()} for table, kinds in data.items()}


class Kinds:
    """Infers kinds in one program; None is what is not known."""

    def __init__(self, source: PythonSource, definitions: Definitions) -> None:
        self._semantics = source.semantics
        self._definitions = definitions
        self._known: dict[ast.AST, Kind | None] = {}
        self._depth = 0

    def of(self, node: ast.AST | None) -> Kind | None:
        """The kind of the expression's value."""
        if node is None or self._depth > _MAX_DEPTH:
            return None
        if node not in self._known:
            self._known[node] = None  # what depends on itself is not known
            self._depth += 1
            try:
                handler = _HANDLERS.get(type(node))
                self._known[node] = handler(self, node) if handler is not None else None
            finally:
                self._depth -= 1
        return self._known[node]

    def item(self, node: ast.AST | None) -> Kind | None:
        """The kind of what a loop over the expression gives."""
        if isinstance(node, ast.Name) and self._enumeration(node):
            return MEMBER
        return item_of(self.of(node))

    def _tuple(self, node: ast.Tuple) -> Kind:
        parts = tuple(self.of(part) for part in node.elts)
        return Kind("tuple", one_of(parts), parts=parts)

    # Names.

    def _name(self, node: ast.Name) -> Kind | None:
        binding = self._semantics.binding_of(node)
        bindings = (binding,) if binding is not None else self._semantics.bindings_of(node)
        if not 0 < len(bindings) <= 8:
            return None
        kinds = [self._bound(found.kind, found.node, found.value) for found in bindings if found.gives_value]
        if any(kind is None for kind in kinds):
            return None
        return self.filled(node, one_of(kinds))

    def _bound(self, how: str, node: ast.AST, value: ast.expr | None) -> Kind | None:
        if how in ("assign", "walrus", "annotated"):
            return self._part(node, self.of(value)) if value is not None else None
        if how in ("for", "comprehension"):
            return self._part(node, self.item(value))
        if how == "augmented":
            return self.of(value)
        if how == "with":
            return self.of(value)
        return self._parameter(node) if how == "parameter" and isinstance(node, ast.arg) else None

    def _part(self, name: ast.AST, whole: Kind | None) -> Kind | None:
        """What a name gets that is part of a tuple on the left."""
        parent = self._semantics.parent(name)
        if not isinstance(parent, ast.Tuple) or not isinstance(parent.ctx, ast.Store):
            return whole
        statement = self._semantics.parent(parent)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
            return whole  # the binding holds this part already
        if whole is None or name not in parent.elts:
            return None
        position = parent.elts.index(name)
        if whole.parts:
            return whole.parts[position] if position < len(whole.parts) else None
        return whole.item

    def _parameter(self, node: ast.arg) -> Kind | None:
        if node.annotation is not None:
            return annotated(node.annotation)
        function = self._semantics.parent(self._semantics.parent(node) or node)
        if isinstance(function, ast.Lambda):
            return self._applied(function)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        passed = [
            argument.value if isinstance(argument, ast.keyword) else argument
            for call in self._definitions.calls(function)
            if isinstance(call, ast.Call)
            for argument in (*call.args, *call.keywords)
            if self._definitions.parameter(call, argument) is node
        ]
        kinds = [self.of(argument) for argument in passed[:8]]
        return None if None in kinds else one_of(kinds)

    def _applied(self, function: ast.Lambda) -> Kind | None:
        """What the lambda of ``names.map(lambda name: ...)`` is called with."""
        call = self._semantics.parent(function)
        if not isinstance(call, ast.Call) or function not in call.args or last_name(call.func) not in ("map", "apply"):
            return None
        if isinstance(call.func, ast.Attribute):
            return self.item(call.func.value)
        return self.item(call.args[1]) if len(call.args) == 2 else None

    def filled(self, node: ast.Name, kind: Kind | None) -> Kind | None:
        """An empty list or set has the items that are added to it."""
        if kind is None or kind.item is not None or kind.name not in ("list", "set"):
            return kind
        added: list[Kind | None] = []
        for use in self._definitions.alike(node):
            attribute = self._semantics.parent(use)
            call = self._semantics.parent(attribute) if isinstance(attribute, ast.Attribute) else None
            if not isinstance(attribute, ast.Attribute) or not isinstance(call, ast.Call) or len(call.args) != 1:
                continue
            if attribute.attr in ("add", "append"):
                added.append(self.of(call.args[0]))
            elif attribute.attr in ("update", "extend"):
                added.append(self.item(call.args[0]))
        return Kind(kind.name, None if None in added else one_of(added))

    # Calls, attributes, elements.

    def _call(self, node: ast.Call) -> Kind | None:
        name, last = self._semantics.resolve(node.func), last_name(node.func)
        functions, methods = _names()["functions"], _names()["methods"]
        if name in functions["text"]:
            return TEXT
        if name in functions["date"]:
            return DATE
        if name in functions["texts"]:
            return TEXTS
        if name in functions["number"]:
            return NUMBER
        if name in functions["numbers"]:
            return Kind("list", NUMBER)
        if (name is not None and name.startswith("builtins.")) or (last in _SAME_ITEMS and name is not None):
            return self._builtin(last or "", node)
        if name is not None and name.startswith("__main__."):
            return self._own(name[len("__main__.") :])
        if name in ("collections.Counter", "collections.OrderedDict"):
            return Kind("dict", self.item(node.args[0]) if node.args else None, NUMBER)
        if name in ("itertools.chain", "itertools.chain.from_iterable"):
            items = [self.item(arg) for arg in node.args]
            return Kind("list", one_of(items) if name == "itertools.chain" else item_of(one_of(items)))
        if name in ("csv.DictReader", "csv.reader"):
            return Kind("list", Kind("dict", TEXT, TEXT) if name == "csv.DictReader" else TEXTS)
        if name == "os.path.splitext" or name == "os.path.split":
            return Kind("tuple", TEXT, parts=(TEXT, TEXT))
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, node, methods)
        return None

    def _builtin(self, last: str, node: ast.Call) -> Kind | None:
        first = self.item(node.args[0]) if node.args else None
        if last in ("set", "frozenset"):
            return Kind("set", first)
        if last in _SAME_ITEMS:
            return Kind("list", first)
        if last == "open":
            return FILE
        if last == "enumerate":
            return Kind("list", Kind("tuple", None, parts=(NUMBER, first)))
        if last == "zip":
            return Kind("list", Kind("tuple", None, parts=tuple(self.item(arg) for arg in node.args)))
        if last == "map" and node.args and last_name(node.args[0]) in ("str", "int", "float", "len"):
            return Kind("list", TEXT if last_name(node.args[0]) == "str" else NUMBER)
        if last in ("min", "max", "next"):
            return first if len(node.args) == 1 else one_of(self.of(arg) for arg in node.args)
        return None

    @cached_property
    def _classes(self) -> dict[str, ast.ClassDef]:
        return {node.name: node for node in self._semantics.nodes(ast.ClassDef)}

    def _enumeration(self, node: ast.expr) -> bool:
        """Whether the expression is a class of enum members of this program; those of IntEnum are hashed as numbers."""
        name = self._semantics.resolve(node) or ""
        cls = self._classes.get(name[len("__main__.") :]) if name.startswith("__main__.") else None
        return cls is not None and any(last_name(base) in ("Enum", "StrEnum") for base in cls.bases)

    def _own(self, name: str) -> Kind | None:
        cls = self._classes.get(name)
        if cls is not None:
            # Without a method of its own an object is hashed by its address.
            methods = {part.name for part in cls.body if isinstance(part, ast.FunctionDef)}
            plain = not cls.bases and not cls.decorator_list and methods.isdisjoint({"__hash__", "__eq__"})
            return OBJECT if plain else None
        function = self._semantics.functions.get(name)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        if function.returns is not None:
            return annotated(function.returns)
        results = [
            self.of(node.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and self._definitions.function_of(node) is function
        ]
        return None if None in results else one_of(results)

    def _method(self, func: ast.Attribute, node: ast.Call, methods: Mapping[str, frozenset[str]]) -> Kind | None:
        last = func.attr
        if isinstance(func.value, ast.Attribute) and func.value.attr == "str":
            return None  # the methods of a column of texts
        if last == "astype":
            kinds = [getattr(arg, "id", getattr(arg, "value", None)) for arg in node.args[:1]]
            return TEXTS if kinds in (["str"], ["string"]) else None
        owner = self.of(func.value)
        if last in ("split", "rsplit", "partition"):
            plain = not node.args or (isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
            return TEXTS if owner == TEXT or (owner is None and plain and not node.keywords) else None
        if last in ("replace", "format", "encode", "decode", "read", "readline"):
            return TEXT if owner in (TEXT, FILE) else None
        if last in methods["text"]:
            return TEXT
        if last in methods["texts"]:
            return TEXTS
        if owner is None:
            return None
        if owner.name == "set" and last in _SET_METHODS:
            return Kind("set", one_of((owner.item, *(self.item(arg) for arg in node.args))) or owner.item)
        if owner.name == "dict":
            return {
                "keys": Kind("list", owner.item),
                "values": Kind("list", owner.value),
                "items": Kind("list", Kind("tuple", None, parts=(owner.item, owner.value))),
                "get": owner.value,
            }.get(last)
        return None

    def _attribute(self, node: ast.Attribute) -> Kind | None:
        if self._semantics.resolve(node) in _names()["functions"]["values"]:
            return TEXT
        if self._enumeration(node.value):
            return MEMBER
        if node.attr in ("stem", "suffix"):
            return TEXT
        if node.attr == "columns":
            return TEXTS
        stored = self._stored.get(node.attr, ())
        kinds = [self.of(value) if isinstance(value, ast.expr) else None for value in stored[:8]]
        return None if None in kinds else one_of(kinds)

    @cached_property
    def _stored(self) -> dict[str, list[ast.expr | None]]:
        """What the attributes of objects are given in this program, by name; None for what the text does not show."""
        found: dict[str, list[ast.expr | None]] = {}
        for node in self._semantics.nodes(ast.Attribute):
            if isinstance(node.ctx, ast.Store):
                parent = self._semantics.parent(node)
                value = parent.value if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None
                found.setdefault(node.attr, []).append(value)
        return found

    def _subscript(self, node: ast.Subscript) -> Kind | None:
        whole = self.of(node.value)
        if whole is None and isinstance(node.slice, ast.Constant):
            return TEXT if node.slice.value in self._texts_by_key else None
        if whole is None or isinstance(node.slice, ast.Slice):
            return whole
        if whole.name == "dict":
            return whole.value
        if whole.parts and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
            return whole.parts[node.slice.value] if abs(node.slice.value) < len(whole.parts) else None
        return TEXT if whole == TEXT else whole.item

    @cached_property
    def _texts_by_key(self) -> set[object]:
        """The names of columns and entries whose values this program takes for texts somewhere."""
        found: set[object] = set()
        for node in self._semantics.nodes(ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) and self._is_text(node):
                found.add(node.slice.value)
        for table in self._semantics.nodes(ast.Dict):
            call = self._semantics.parent(table)
            if isinstance(call, ast.Call) and last_name(call.func) == "DataFrame":
                for key, value in zip(table.keys, table.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(value, ast.List) and _are_texts(value.elts):
                        found.add(key.value)
        return found

    def _is_text(self, node: ast.Subscript) -> bool:
        """Whether the column or entry is compared with a text, or has the methods of texts."""
        parent = self._semantics.parent(node)
        if isinstance(parent, ast.Compare):
            return (
                node is parent.left
                and isinstance(parent.ops[0], (ast.Eq, ast.NotEq))
                and _are_texts(parent.comparators)
            )
        if not isinstance(parent, ast.Attribute):
            return False
        call = self._semantics.parent(parent)
        argument = call.args[0] if isinstance(call, ast.Call) and call.args else None
        return parent.attr == "str" or (
            parent.attr == "isin" and isinstance(argument, (ast.List, ast.Set, ast.Tuple)) and _are_texts(argument.elts)
        )

    def _operation(self, node: ast.BinOp) -> Kind | None:
        left, right = self.of(node.left), self.of(node.right)
        if isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)):
            sides = ((node.left, left), (node.right, right))
            sets = [kind for side, kind in sides if kind is not None and (kind.name == "set" or _is_keys(side))]
            if not sets:
                return None
            # What has texts taken away from it, or in common with it, holds texts.
            return Kind("set", one_of(side.item for side in sets if side.item is not None))
        if isinstance(node.op, ast.Mod):
            return TEXT if left == TEXT else None
        if isinstance(node.op, ast.Add):
            return left if right is None or left is not None else right
        return NUMBER if left == NUMBER and right == NUMBER else None


def _is_keys(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == "keys"


def _are_texts(nodes: list[ast.expr]) -> bool:
    return bool(nodes) and all(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in nodes)


# Of the class and not of each object: methods that an object holds of itself keep it, and the tree, in memory.
_HANDLERS: dict[type[ast.AST], Callable[[Kinds, Any], Kind | None]] = {
    ast.Constant: lambda self, node: constant_kind(node),
    ast.JoinedStr: lambda self, node: TEXT,
    ast.List: lambda self, node: Kind("list", one_of(self.of(part) for part in node.elts)),
    ast.Set: lambda self, node: Kind("set", one_of(self.of(part) for part in node.elts)),
    ast.Tuple: Kinds._tuple,
    ast.Dict: lambda self, node: Kind(
        "dict",
        one_of(self.of(part) for part in node.keys if part),
        one_of(self.of(part) for part in node.values),
    ),
    ast.ListComp: lambda self, node: Kind("list", self.of(node.elt)),
    ast.GeneratorExp: lambda self, node: Kind("list", self.of(node.elt)),
    ast.SetComp: lambda self, node: Kind("set", self.of(node.elt)),
    ast.DictComp: lambda self, node: Kind("dict", self.of(node.key), self.of(node.value)),
    ast.Name: Kinds._name,
    ast.Call: Kinds._call,
    ast.Attribute: Kinds._attribute,
    ast.Subscript: Kinds._subscript,
    ast.BinOp: Kinds._operation,
    ast.IfExp: lambda self, node: one_of((self.of(node.body), self.of(node.orelse))),
    ast.BoolOp: lambda self, node: one_of(self.of(part) for part in node.values),
    ast.NamedExpr: lambda self, node: self.of(node.value),
    ast.Starred: lambda self, node: self.item(node.value),
}
