"""From where a place in a program is reached: at its top level, or through calls of the functions that hold it."""

from __future__ import annotations

import ast
from functools import cached_property

from repro_lint.api import PythonSource, dataclass, last_name
from repro_lint_rules.data.path_values import Env, bound_arguments

_MOST = 20
_DEEPEST = 4
_CATCHING = frozenset(
    {None, "Exception", "BaseException", "OSError", "IOError", "FileNotFoundError", "EnvironmentError", "error"}
)
_ASKS = ("exists", "isfile", "is_file", "isdir", "is_dir", "access", "listdir", "glob", "suppress")


@dataclass(frozen=True)
class Site:
    """One way to a call: ``node`` is the outermost call that leads there, or the call itself.

    ``certain``: it is gone in every run. ``guarded``: somebody looks first whether the file is there, or catches the
    error if not.
    """

    node: ast.AST
    env: Env
    certain: bool
    guarded: bool


class Sites:
    """Finds the ways in one program."""

    def __init__(self, source: PythonSource) -> None:
        self._source = source
        self._semantics = source.semantics

    def of(self, call: ast.Call) -> list[Site]:
        """The ways to a call, at least one; those through calls of the file come with the arguments that they pass."""
        found: list[Site] = []
        certain, guarded = self._stands(call)
        self._extend(found, call, {}, certain, guarded, 0)
        return found

    def _extend(self, found: list[Site], node: ast.AST, env: Env, certain: bool, guarded: bool, depth: int) -> None:
        function = self._function(node)
        callers = self._callers(function) if function is not None and depth < _DEEPEST else []
        if not callers:
            sure = certain and function is None
            found.append(Site(node, env, sure, guarded))
            return
        for caller in callers:
            if len(found) >= _MOST:
                return
            here, caught = self._stands(caller)
            arguments = bound_arguments(function, caller, env) if isinstance(function, ast.FunctionDef) else {}
            self._extend(found, caller, {**env, **arguments}, certain and here, guarded or caught, depth + 1)

    def _function(self, node: ast.AST) -> ast.AST | None:
        """The function whose body holds the node."""
        child = node
        for parent in self._semantics.ancestors(node):
            if isinstance(parent, ast.Lambda) and child is parent.body:
                return parent
            if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)) and isinstance(child, ast.stmt):
                return parent
            child = parent
        return None

    def _callers(self, function: ast.AST | None) -> list[ast.Call]:
        return self._calls.get(function, []) if function is not None else []

    @cached_property
    def _calls(self) -> dict[ast.AST, list[ast.Call]]:
        """The calls of each function of the file by its name; a method is known by a name that no other has."""
        semantics = self._semantics
        functions: dict[str, ast.AST] = {}
        methods: dict[str, list[ast.AST]] = {}
        for node in semantics.nodes(ast.FunctionDef):
            if isinstance(semantics.parent(node), ast.ClassDef):
                methods.setdefault(node.name, []).append(node)
            else:
                functions[node.name] = node
        found: dict[ast.AST, list[ast.Call]] = {}
        for call in semantics.nodes(ast.Call):
            name = last_name(call.func) or ""
            target: ast.AST | None = None
            if isinstance(call.func, ast.Name):
                target = functions.get(name)
            elif name in methods and len(methods[name]) == 1:
                owner = call.func.value if isinstance(call.func, ast.Attribute) else None
                target = methods[name][0] if isinstance(owner, ast.Name) and owner.id == "self" else None
            if target is not None:
                found.setdefault(target, []).append(call)
        return found

    def _stands(self, node: ast.AST) -> tuple[bool, bool]:
        """Whether the node runs whenever the body around it does, and whether a missing file is reckoned with."""
        certain, guarded = True, False
        for guard in self._semantics.guards(node):
            if guard.kind == "with":
                caught = last_name(guard.test) in _ASKS
                certain, guarded = certain and not caught, guarded or caught
            elif guard.kind == "try":
                caught = _catches(guard.node)
                certain, guarded = certain and not caught, guarded or caught
            elif guard.kind == "for":
                certain = certain and guard.polarity and _is_displayed(guard.test)
            elif guard.kind in ("if", "while") and guard.test is not None:
                if not _is_main(guard.test):
                    certain = False
                    guarded = guarded or _asks(guard.test)
            else:
                certain = False
                guarded = guarded or guard.kind == "except"
        return certain, guarded


def _catches(node: ast.AST) -> bool:
    """Whether a ``try`` goes on after a missing file."""
    for handler in getattr(node, "handlers", ()):
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(last_name(kind) in _CATCHING for kind in kinds):
            return not any(isinstance(statement, ast.Raise) and statement.exc is None for statement in handler.body)
    return False


def _is_displayed(iterable: ast.expr | None) -> bool:
    """Whether a loop over it surely has a turn: it is written out."""
    if isinstance(iterable, ast.Call) and last_name(iterable.func) in ("range", "enumerate", "tqdm", "zip", "sorted"):
        return bool(iterable.args) and all(_is_displayed(arg) or isinstance(arg, ast.Constant) for arg in iterable.args)
    return isinstance(iterable, (ast.List, ast.Tuple, ast.Set, ast.Dict)) and bool(
        iterable.keys if isinstance(iterable, ast.Dict) else iterable.elts
    )


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _asks(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) and last_name(node.func) in _ASKS for node in ast.walk(test))
