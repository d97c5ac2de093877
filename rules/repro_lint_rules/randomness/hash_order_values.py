"""Kinds of values, as far as the hash of an element decides its place in a set."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from repro_lint.api import dataclass
from repro_lint_rules.randomness.sinks import last_name

_SEQUENCES = frozenset(
    {"list", "set", "tuple", "frozenset", "List", "Set", "Tuple", "FrozenSet", "Sequence", "Iterable", "Collection"}
)
_MAPPINGS = frozenset({"dict", "Dict", "Mapping", "defaultdict", "OrderedDict", "Counter"})
_TEXTS = frozenset({"str", "bytes", "AnyStr", "Text", "Path"})
_SALTED = frozenset({"text", "date", "member", "object"})


@dataclass(frozen=True)
class Kind:
    """A text, a number, or a collection (``set`` or another) with the kind of its items, and of a mapping's values."""

    name: str
    item: Kind | None = None
    value: Kind | None = None
    parts: tuple[Kind | None, ...] = ()

    @property
    def is_salted(self) -> bool:
        """Whether its hash depends on the run, as that of texts does, and of tuples with one in them."""
        parts = self.parts if self.name == "tuple" else ()
        return self.name in _SALTED or any(part is not None and part.is_salted for part in parts)


TEXT = Kind("text")
NUMBER = Kind("number")
TEXTS = Kind("list", TEXT)
FILE = Kind("file", TEXT)
DATE = Kind("date")
MEMBER = Kind("member")
OBJECT = Kind("object")


def constant_kind(node: ast.Constant) -> Kind | None:
    """The kind of a literal."""
    if isinstance(node.value, (str, bytes)):
        return TEXT
    return NUMBER if isinstance(node.value, (int, float, complex)) else None


def item_of(kind: Kind | None) -> Kind | None:
    """The kind of what a loop over such a value gives; over a text it gives texts."""
    return kind if kind is None or kind.name == "text" else kind.item


def one_of(kinds: Iterable[Kind | None]) -> Kind | None:
    """One kind for all: the salted one, if there is any, as it decides; else the one that all have."""
    known = [kind for kind in kinds if kind is not None]
    salted = next((kind for kind in known if kind.is_salted), None)
    if salted is not None and all(kind == NUMBER or kind.is_salted for kind in known):
        return salted
    names = {kind.name for kind in known}
    if not known or len(names) > 1:
        return None
    with_items = [kind for kind in known if kind.item is not None]
    return with_items[0] if with_items else known[0]


def annotated(node: ast.expr) -> Kind | None:
    """The kind that an annotation gives."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return annotated(ast.parse(node.value, mode="eval").body)
        except SyntaxError:
            return None
    name = last_name(node)
    if name in _TEXTS:
        return TEXT
    if name in ("date", "datetime"):
        return DATE
    if name in ("int", "float", "bool"):
        return NUMBER
    if isinstance(node, ast.Subscript):
        outer = last_name(node.value) or ""
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if outer in _SEQUENCES:
            return Kind("set" if outer.lower() in ("set", "frozenset") else "list", annotated(inner[0]))
        if outer in _MAPPINGS and len(inner) == 2:
            return Kind("dict", annotated(inner[0]), annotated(inner[1]))
        return annotated(inner[0]) if outer == "Optional" else None
    return None
