"""Names bound to literal texts in a Python program, wherever the language and its libraries let one do it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Literal

from repro_lint.api import PythonSource, dataclass
from repro_lint_rules.secrets.names import meaning

Way = Literal["value", "default", "signature", "compared", "positional"]


@dataclass(frozen=True)
class PythonBinding:
    """A literal with the name that it is bound to, and how. It is ``doubtful`` as a part of a text or of an enumeration."""

    name: str
    value: str
    node: ast.expr
    way: Way = "value"
    doubtful: bool = False


# Calls that give back what they are given: the name of the result is the name of the argument.
_WRAPPERS = frozenset(
    "SecretStr SecretBytes Secret str bytes bytearray quote quote_plus b64encode Field field Param Variable String repr".split()
)
_METHODS = frozenset("encode decode strip lower upper format".split())
_BY_NAME = frozenset("getenv get setdefault setenv putenv set_key pop config getattr setattr set env conf".split())
_LOOKUPS = _BY_NAME - {"setdefault", "setenv", "putenv", "set_key", "setattr", "set"}
_OPTIONS = frozenset("add_argument option Option add_option argument".split())
_ENUMS = ("Enum", "Choices", "IntFlag", "Flag")
_MOST_PARTS = 24
_LOGINS = frozenset("login HTTPBasicAuth HTTPDigestAuth HTTPProxyAuth BasicAuth".split())


def python_bindings(source: PythonSource) -> Iterator[PythonBinding]:
    """Every text that has a name, in document order; parts of one are put together. Docstrings have none."""
    for constant in source.semantics.nodes(ast.Constant):
        if not isinstance(constant.value, str | bytes):
            continue
        node, value = _whole(source, constant)
        if not 4 <= len(value) <= 1024:
            continue
        found = _binding(source, node, value)
        if found is not None and not _is_illustration(source, node):
            yield replace(found, doubtful=found.doubtful or node is constant is not _outermost(source, constant))


def _outermost(source: PythonSource, node: ast.expr) -> ast.expr:
    """The text that the constant is a part of: an f-string, a sum, or the constant itself."""
    for _ in range(_MOST_PARTS):
        parent = source.semantics.parent(node)
        if isinstance(parent, ast.JoinedStr) or (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add)):
            node = parent
        else:
            break
    return node


def _whole(source: PythonSource, constant: ast.Constant) -> tuple[ast.expr, str]:
    """The text that the constant begins, with its value; the constant alone where that depends on variables."""
    outermost = _outermost(source, constant)
    if outermost is not constant:
        parts = list(islice(_parts(outermost), _MOST_PARTS))
        if all(isinstance(part, ast.Constant) for part in parts):
            texts = [_decoded(part) for part in parts if isinstance(part, ast.Constant)]
            return outermost, "".join(texts) if parts[0] is constant else ""
    return constant, _decoded(constant)


def _parts(text: ast.expr) -> Iterator[ast.expr]:
    """What the sum or f-string is put together from, in order."""
    stack = [text]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            stack += [node.right, node.left]
        elif isinstance(node, ast.JoinedStr):
            stack += node.values[::-1]
        else:
            yield node


def _decoded(constant: ast.Constant) -> str:
    value = constant.value
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""


def _is_illustration(source: PythonSource, node: ast.AST) -> bool:
    """Whether the value belongs to the examples in a schema: ``Field(examples=[...])``."""
    names = (
        above.arg if isinstance(above, ast.keyword) else None
        for above in source.semantics.ancestors(node)
        if isinstance(above, ast.expr | ast.keyword)
    )
    return any(
        name in ("example", "examples", "json_schema_extra", "schema_extra", "openapi_examples") for name in names
    )


def _binding(source: PythonSource, node: ast.expr, value: str) -> PythonBinding | None:
    parent_of = source.semantics.parent
    child: ast.AST = _outermost(source, node)
    parent = parent_of(child)
    way: Way = "value"
    while parent is not None:
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or):
            way = "default"
        elif isinstance(parent, ast.IfExp) and child is not parent.test:
            pass
        elif isinstance(parent, ast.Attribute) and parent.attr in _METHODS:
            attribute, parent = parent, parent_of(parent)
            if not isinstance(parent, ast.Call) or parent.func is not attribute:
                return None
        elif isinstance(parent, ast.keyword) and parent.arg in ("default", "value", "fallback", "default_value"):
            call = parent_of(parent)
            if isinstance(call, ast.Call):
                if name := _option_name(call):
                    return PythonBinding(name, value, node, "default")
                if _called(call) not in _WRAPPERS and parent.arg == "value":
                    return None
                parent, way = call, "default"
        elif isinstance(parent, ast.Call) and child is not parent.func:
            if (named := _argument(parent, child)) is not None:
                return PythonBinding(named[0], value, node, named[1])
            if _called(parent) in ("getenv", "get") and len(parent.args) == 2 and child is parent.args[1]:
                way = "default"
            elif _called(parent) not in _WRAPPERS or not parent.args or child is not parent.args[0]:
                return None
        else:
            break
        child, parent = parent, parent_of(parent)
    return _bound(source, node, value, child, parent, way)


def _bound(
    source: PythonSource, node: ast.expr, value: str, child: ast.AST, parent: ast.AST | None, way: Way
) -> PythonBinding | None:
    """The binding by the construct that holds the value as a whole."""
    parent_of = source.semantics.parent
    if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        if child is not parent.value:
            return None
        targets: list[ast.expr] = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        return _assigned(source, targets, parent, node, value, way)
    if isinstance(parent, ast.keyword) and parent.arg:
        call = parent_of(parent)
        # wandb.login(key=...): the function says what a bare word means.
        login = parent.arg == "key" and isinstance(call, ast.Call) and _called(call) == "login"
        return PythonBinding("api_key" if login else parent.arg, value, node, way)
    if isinstance(parent, ast.arguments):
        name = _parameter(parent, child)
        return PythonBinding(name, value, node, "signature") if name else None
    if isinstance(parent, ast.Dict):
        return _dict_item(parent, child, node, value, way)
    if isinstance(parent, ast.Compare) and len(parent.ops) == 1 and isinstance(parent.ops[0], ast.Eq | ast.NotEq):
        name = target_name(parent.comparators[0] if child is parent.left else parent.left)
        return PythonBinding(name, value, node, "compared") if name else None
    if isinstance(parent, ast.Tuple | ast.List | ast.Set) and isinstance(child, ast.expr):
        return _element(source, parent, child, node, value)
    return None


def _assigned(
    source: PythonSource, targets: list[ast.expr], statement: ast.AST, node: ast.expr, value: str, way: Way
) -> PythonBinding | None:
    for target in targets:
        if name := target_name(target):
            holder = source.semantics.parent(statement)
            in_enum = isinstance(holder, ast.ClassDef) and any(
                (target_name(b) or "").endswith(_ENUMS) for b in holder.bases
            )
            return PythonBinding(name, value, node, way, in_enum)
    return None


def target_name(node: ast.expr) -> str | None:
    """The name of a variable, the last part of an attribute, or the text in a subscript or a look-up."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _text(node.slice)
    if isinstance(node, ast.Call) and _called(node) in _BY_NAME and node.args:
        return _text(node.args[0])
    return None


def _parameter(arguments: ast.arguments, default: ast.AST) -> str | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=False)]
    return next(
        (
            arg.arg
            for arg, value in [*pairs, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=False)]
            if value is default
        ),
        None,
    )


def _dict_item(parent: ast.Dict, child: ast.AST, node: ast.expr, value: str, way: Way) -> PythonBinding | None:
    for key, item in zip(parent.keys, parent.values, strict=False):
        if item is child and key is not None:
            name = _text(key) or (target_name(key) if isinstance(key, ast.Attribute) else None)
            if name == "key" and "username" in {_text(k) for k in parent.keys if k is not None}:
                name = "api_key"  # the two entries of a kaggle.json
            return PythonBinding(name, value, node, way) if name else None
    return None


def _element(
    source: PythonSource, parent: ast.Tuple | ast.List | ast.Set, child: ast.expr, node: ast.expr, value: str
) -> PythonBinding | None:
    """The binding of one of several values: ``user, password = ...``, ``auth=(user, ...)``, ``API_KEYS = [...]``."""
    holder = source.semantics.parent(parent)
    position = next((n for n, element in enumerate(parent.elts) if element is child), -1)
    targets: list[ast.expr] = holder.targets if isinstance(holder, ast.Assign) and holder.value is parent else []
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List) and len(target.elts) == len(parent.elts):
            name = target_name(target.elts[position])
            return PythonBinding(name, value, node) if name else None
    name = target_name(targets[0]) if targets else holder.arg if isinstance(holder, ast.keyword) else None
    if name == "auth" and position == 1 and len(parent.elts) == 2 and isinstance(parent, ast.Tuple):
        return PythonBinding("password", value, node, "positional")
    if name and name.lower().endswith(("tokens", "keys", "secrets")):
        return PythonBinding(name, value, node)
    return None


def _argument(call: ast.Call, child: ast.AST) -> tuple[str, Way] | None:
    """The name that a call itself gives to a positional argument: ``os.getenv("TOKEN", ...)``, ``login(user, ...)``."""
    called = _called(call)
    position = next((n for n, arg in enumerate(call.args) if arg is child), -1)
    if position < 1:
        return None
    if called in _BY_NAME and (name := _text(call.args[position - 1])) and meaning(name):
        return name, "default" if called in _LOOKUPS else "value"
    if called in _LOGINS and position == 1 and len(call.args) == 2:
        return "password", "positional"
    return None


def _option_name(call: ast.Call) -> str | None:
    """The name of the command-line option that a call declares."""
    if _called(call) not in _OPTIONS:
        return None
    names = [text.lstrip("-") for arg in call.args if (text := _text(arg))]
    return max(names, key=len, default=None)


def _called(call: ast.Call) -> str | None:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else None


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
