"""What the text of one Python module says of its names."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_DECORATORS_THAT_TAKE_MORE = frozenset(
    {"_copy_docstring_and_deprecators", "_axis_nan_policy_factory", "singledispatch", "overload", "property"}
)
_CLASS_DECORATORS = re.compile(r"dataclass|attrs?\b|define|frozen|total_ordering|inject|delegat", re.I)
_FOR_TYPES = ("Generic", "Protocol")
_PLAIN_KINDS = ("ABCMeta", "abc.ABCMeta", "type")
_WRITES_ATTRIBUTES = re.compile(r"\bsetattr\(|__dict__|def __getattr(?:ibute)?__")
_ATTRIBUTE = re.compile(r"\b(?:self|cls)\.([A-Za-z]\w*)")
_ALL = re.compile(r"(?<![.\w])__all__\b")
_COMMENT = re.compile(r"#.*")
_WORD = re.compile(r"[\"']([A-Za-z]\w*)[\"']")
_GIVEN = re.compile(r"\b(?!(?:self|cls)\.)[A-Za-z_]\w*\.([A-Za-z]\w*)(?:\s*,[^=\n()]*)?\s*=(?!=)")
_REFLECTION = ("globals()", "vars()", "locals()", "exec(", "sys.modules")


@dataclass(frozen=True)
class Signature:
    """The parameters of a function: ``names`` can be passed by keyword, ``more`` says that others may be too."""

    names: frozenset[str]
    more: bool
    hints: frozenset[str]
    """Texts in the decorators, which may take renamed parameters under their old names."""


@dataclass
class Class:
    """A class: what its body binds and its methods assign, its bases as written, and whether there may be more."""

    bases: tuple[str, ...]
    members: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    """Texts in it that could name attributes, as in ``__slots__``."""
    init: Signature | None = None
    methods: dict[str, Signature | None] = field(default_factory=dict)
    """What its body binds, None for what is no function."""
    has_new: bool = False
    open: bool = False


@dataclass
class Module:
    """What the text of a module says. A binding is where an import takes it from, a signature, a class, or None."""

    name: str
    package: bool = False
    bindings: dict[str, object] = field(default_factory=dict)
    imported: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    exported: frozenset[str] | None = None
    """What ``__all__`` lists, as far as its own texts go; None where there is none or it is computed."""
    exported_with: list[str] = field(default_factory=list)
    """The modules whose ``__all__`` is added to it, as named here."""
    open: bool = False
    getattr: ast.FunctionDef | None = None
    given: frozenset[str] = frozenset()
    """Attributes that it sets on objects other than ``self``."""
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    """What the module's names hold, piece by piece, for what ``__getattr__`` makes of it."""


def read_module(name: str, path: Path, data: bytes) -> Module:
    """The module of that name, whose text lies at the path. One that does not parse may have any name."""
    return _Reader(name, path, data).module


class _Reader:
    def __init__(self, name: str, path: Path, data: bytes) -> None:
        self.module = Module(name, package=path.stem == "__init__")
        self.path = path
        self.lines: list[str] = []
        self.recognised = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(data)
        except (SyntaxError, ValueError):
            self.module.open = True
            return
        text = data.decode("utf-8", "replace")
        self.lines = text.split("\n")
        self.block(tree.body)
        self.module.given = frozenset(_GIVEN.findall(text))
        reflected = _reflected(tree, text)
        self.module.open = self.module.open or reflected is None
        for name in reflected or ():
            self.module.bindings.setdefault(name, None)
        if "__all__" in text and self.recognised < len(
            _ALL.findall(_COMMENT.sub("", text))
        ):  # something else is done with it
            self.module.exported_with.append("?")
        if self.module.getattr is None:
            self.module.values = {}

    def block(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        bind = self.module.bindings
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imports(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.function(node)
        elif isinstance(node, ast.ClassDef):
            bind[node.name] = _class(node, self.lines)
            if node.name == "__getattr__":  # matplotlib's caching_module_getattr: the class lists what it answers
                bind.update(dict.fromkeys(_bound(node.body)))
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            self.assignment(node)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                for name in _target_names(target):
                    bind.pop(name, None)
        elif isinstance(node, ast.Expr):
            self.expression(node.value)
        elif not isinstance(node, ast.If) or "__main__" not in ast.unparse(node.test):
            self.compound(node)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.module.bindings[node.name] = _signature(node)
        if node.name == "extend_all":
            self.recognised += len(_ALL.findall("\n".join(self.lines[node.lineno - 1 : node.end_lineno])))
        if node.name == "__getattr__" and isinstance(node, ast.FunctionDef):
            self.module.getattr = node

    def compound(self, node: ast.stmt) -> None:
        for name in _bound([node], deep=False):
            self.module.bindings.setdefault(name, None)
        for block in ("body", "orelse", "finalbody"):
            self.branch(getattr(node, block, ()))
        for handler in getattr(node, "handlers", ()):
            self.branch(handler.body)

    def branch(self, body: Iterable[ast.stmt]) -> None:
        self.block([part for part in body if not isinstance(part, ast.Delete)])

    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        module = self.module
        if isinstance(node, ast.Import):
            for clause in node.names:
                bound = clause.asname or clause.name.partition(".")[0]
                module.bindings[bound] = None
                module.imported[bound] = (clause.name if clause.asname else bound, None)
            return
        source = node.module or ""
        if node.level:
            parts = module.name.split(".")
            base = parts[: len(parts) - node.level + module.package]
            source = ".".join([*base, *([node.module] if node.module else [])])
        for clause in node.names:
            if clause.name == "*":
                module.stars.append(source)
                continue
            bound = clause.asname or clause.name
            module.bindings[bound] = None
            module.imported[bound] = (source, clause.name)
            if bound == "__getattr__":
                module.open = True

    def assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        module = self.module
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and target.id == "__all__":
                self.exports(node)
                continue
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                owner = module.bindings.get(target.value.id)
                if isinstance(owner, Class):
                    owner.members.add(target.attr)
            for name in _target_names(target):
                value = node.value
                module.bindings[name] = _dotted_text(value) if isinstance(node, ast.Assign) else None
                module.imported.pop(name, None)
                if value is not None:
                    before = module.values.get(name, []) if isinstance(node, ast.AugAssign) else []
                    module.values[name] = [*before, self.settled(value)]
                if name == "__getattr__":
                    self.lazily(node)

    def lazily(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        """``__getattr__, __dir__, __all__ = lazy.attach…(…)``: the stub beside the module, or a literal, tells."""
        call = node.value
        name = _dotted_text(call.func) if isinstance(call, ast.Call) else None
        stub = self.path.with_suffix(".pyi")
        if name and name.endswith("attach_stub") and stub.is_file():
            self.block(ast.parse(stub.read_bytes()).body)
            return
        self.module.open = True

    def settled(self, value: ast.expr) -> ast.expr:
        """A comprehension over what a name holds now, which later statements may change."""
        if isinstance(value, (ast.DictComp, ast.SetComp, ast.ListComp)):
            clause = value.generators[0]
            if isinstance(clause.iter, ast.Name) and len(pieces := self.module.values.get(clause.iter.id, [])) == 1:
                clause.iter = pieces[0]
        return value

    def expression(self, value: ast.expr) -> None:
        """``NAMES.update(…)``, and ``__all__.extend(…)``."""
        if not isinstance(value, ast.Call) or len(value.args) != 1:
            return
        if isinstance(value.func, ast.Name) and value.func.id == "extend_all":  # numpy.core
            self.module.exported_with.append(_dotted_text(value.args[0]) or "?")
        if not isinstance(value.func, ast.Attribute) or not isinstance(value.func.value, ast.Name):
            return
        owner, method = value.func.value.id, value.func.attr
        if method == "update":
            self.module.values.setdefault(owner, []).append(self.settled(value.args[0]))
        elif owner == "__all__" and method in ("extend", "append"):
            self.recognised += 1
            self.export(value.args[0] if method == "extend" else ast.List([value.args[0]]))

    def exports(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        self.recognised += 1
        if not isinstance(node, ast.AugAssign):
            self.module.exported = frozenset()
        self.export(node.value)

    def export(self, node: ast.expr | None) -> None:
        """Add to ``__all__``: displays of texts, the ``__all__`` of other modules, and sums of both."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            self.export(node.left)
            self.export(node.right)
            return
        texts, dotted = _texts(node), _dotted_text(node)
        if texts is not None and self.module.exported is not None:
            self.module.exported |= texts
        elif dotted and dotted.endswith(".__all__"):
            self.module.exported_with.append(dotted.removesuffix(".__all__"))
        else:
            self.module.exported_with.append("?")  # which is no module


def _texts(node: ast.expr | None) -> frozenset[str] | None:
    """The texts in a display of nothing else."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        found = [part.value for part in node.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        return frozenset(found) if len(found) == len(node.elts) else None
    return None


def _dotted_text(node: ast.expr | None) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def _target_names(target: ast.expr) -> Iterator[str]:
    for part in ast.walk(target):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id


def _bound(body: Iterable[ast.AST], *, deep: bool = True) -> Iterator[str]:
    """The names that statements bind in their own scope; not ``deep``: without those in nested blocks."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (clause.asname or clause.name.partition(".")[0] for clause in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        children = ast.iter_child_nodes(node)
        if not deep:
            children = (child for child in children if not isinstance(child, (ast.stmt, ast.ExceptHandler)))
        if not isinstance(node, ast.Lambda):
            yield from _bound(children, deep=deep)


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Signature | None:
    arguments = node.args
    names = frozenset(argument.arg for argument in (*arguments.args, *arguments.kwonlyargs))
    hints: set[str] = set()
    for decorator in node.decorator_list:
        dotted = _dotted_text(decorator.func if isinstance(decorator, ast.Call) else decorator) or ""
        if dotted.rpartition(".")[2] in _DECORATORS_THAT_TAKE_MORE:
            return None
        for part in ast.walk(decorator):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                hints.add(part.value)
            elif isinstance(part, ast.keyword):
                hints.add(part.arg or "")
    return Signature(names, arguments.kwarg is not None, frozenset(hints))


def _bases(node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        if isinstance(base, ast.Call) and (_dotted_text(base.func) or "").endswith("with_metaclass"):  # six
            plain = bool(base.args) and ast.unparse(base.args[0]) in _PLAIN_KINDS
            yield from (_dotted_text(part) or "?" for part in base.args[1:]) if plain else ("?",)
            continue
        name = _dotted_text(base.value if isinstance(base, ast.Subscript) else base) or "?"
        if name.rpartition(".")[2] not in _FOR_TYPES:
            yield name


def _class(node: ast.ClassDef, lines: list[str]) -> Class:
    found = Class(tuple(_bases(node)))
    found.members.update(_bound(node.body))
    decorated = [ast.unparse(decorator) for decorator in node.decorator_list]
    abstract = all(
        keyword.arg == "metaclass" and ast.unparse(keyword.value) in _PLAIN_KINDS for keyword in node.keywords
    )
    found.open = not abstract or any(_CLASS_DECORATORS.search(text) for text in decorated)
    found.has_new = "__new__" in found.members or found.open
    text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    found.open = found.open or bool(_WRITES_ATTRIBUTES.search(text))
    found.members.update(_ATTRIBUTE.findall(text))
    found.texts.update(_WORD.findall(text))
    found.methods = dict.fromkeys(_bound(node.body))
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            found.methods[statement.name] = _signature(statement)
    if any(isinstance(statement, ast.FunctionDef) and statement.name == "__init__" for statement in node.body):
        found.init = found.methods["__init__"]
        found.has_new = found.has_new or found.init is None
    return found


def _reflected(tree: ast.Module, text: str) -> set[str] | None:
    """The names that the module binds in itself in loops over literals and classes; None where it may bind others."""
    if not any(sign in text for sign in _REFLECTION):
        return set()
    itself = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "sys.modules[__name__]"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    loops = _loops(tree)
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "exec":
                return None
            if node.func.id == "setattr" and ast.unparse(node.args[0]) in {*itself, "sys.modules[__name__]"}:
                bound = _named(node.args[1], loops)
                if bound is None:
                    return None
                names |= bound
        elif isinstance(node, ast.Assign) and any("sys.modules[__name__]" in ast.unparse(t) for t in node.targets):
            return None
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and _is_namespace(node.value):
            if isinstance(node, ast.Attribute):
                if node.attr in ("update", "setdefault"):
                    return None
            elif isinstance(node.ctx, ast.Store):
                bound = _named(node.slice, loops)
                if bound is None:
                    return None
                names |= bound
    return names


def _loops(tree: ast.Module) -> dict[str, set[str]]:
    """What the variables of loops stand for: texts, or the members of the module's own classes."""
    classes = {node.name: set(_bound(node.body)) for node in tree.body if isinstance(node, ast.ClassDef)}
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name):
            continue
        texts = _texts(node.iter)
        parts = node.iter.elts if isinstance(node.iter, ast.Tuple) else [node.iter]
        named = [part.id if isinstance(part, ast.Name) else "" for part in parts]
        if texts is not None:
            found.setdefault(node.target.id, set()).update(texts)
        elif all(name in classes or name in found for name in named):
            found.setdefault(node.target.id, set()).update(
                *(classes.get(name, found.get(name, set())) for name in named)
            )
    return found


def _named(node: ast.expr, loops: dict[str, set[str]]) -> set[str] | None:
    """The texts that an expression gives: the variable of a loop, the name of a member, perhaps behind a literal."""
    if isinstance(node, ast.Name):
        return loops.get(node.id)
    if isinstance(node, ast.Attribute) and node.attr == "name":
        return _named(node.value, loops)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant):
        start, ends = node.left.value, _named(node.right, loops)
        return {start + end for end in ends} if isinstance(start, str) and ends is not None else None
    return None


def _is_namespace(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) and not node.args else None
    return isinstance(called, ast.Name) and called.id in ("globals", "vars", "locals")
