"""What a program imports, and how much it depends on it."""

from __future__ import annotations

import ast
import weakref
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.guards import last_name, leaves, opens_scope_later, type_checking_polarity
from repro_lint.sources.nodes import TRIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repro_lint.sources.semantics import Semantics

ImportKind = Literal["plain", "optional", "typing", "conditional", "dynamic"]

DYNAMIC_IMPORTS = frozenset({"importlib.import_module", "builtins.__import__", "pytest.importorskip"})
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_PLATFORM_ATTRIBUTES = frozenset(
    {
        *(("sys", name) for name in ("version_info", "hexversion", "platform", "implementation", "modules", "version")),
        ("os", "name"),
        ("os", "environ"),
        ("os", "getenv"),
        *(("platform", name) for name in ("system", "machine", "python_implementation", "python_version")),
        *(("six", name) for name in ("PY2", "PY3")),
    }
)
_PLATFORM_NAMES = frozenset({"version_info", "find_spec", "find_loader", "get_ipython", "PY2", "PY3"})
_AVAILABLE = lazy_pattern(r"(?i:available|installed|importable)$|^_?HA(?:S|VE)_[A-Z]")
"""What functions and flags are called that say whether something is there: ``is_apex_available``, ``HAS_TORCH``."""
_MAX_FLAG_DEPTH = 2


@dataclass(frozen=True)
class Import:
    """One imported name: one for each clause of an ``import`` statement, one for each import by call.

    ``module`` is the dotted module as written, without the ``level`` leading dots; ``name`` what is taken from it
    ("*" for all, None for ``import a.b`` and for calls), ``alias`` the name after ``as``, ``bound`` the local name
    ("" for a star and for a call whose result is not assigned to one name). ``node`` is the statement, or the Call;
    ``clause`` the part of the statement.

    ``kind`` says what happens where the module is missing: *optional*: a handler goes on without it; *typing*: only
    type checkers read it; *conditional*: whether it runs depends on the interpreter, platform or environment;
    *dynamic*: plain, but by call; *plain*: the program stops.
    """

    module: str
    level: int
    name: str | None
    alias: str | None
    bound: str
    node: ast.Import | ast.ImportFrom | ast.Call
    clause: ast.alias | None
    kind: ImportKind

    @property
    def top(self) -> str:
        """The first component of the module; "" for relative imports."""
        return "" if self.level else self.module.partition(".")[0]

    @property
    def qualified(self) -> str:
        """The dotted name of what ``bound`` stands for; relative ones begin with dots, a star gives the module."""
        if self.clause is None:
            # `__import__("a.b")` returns `a`, the other calls the module they name.
            return self.top if last_name(self.node) == "__import__" else "." * self.level + self.module
        if self.name is None:
            return self.module if self.alias else self.top
        module = "." * self.level + self.module
        if self.name == "*":
            return module
        return f"{module}.{self.name}" if self.module else module + self.name


class ImportIndex:
    """The import statements of a program."""

    def __init__(self, semantics: Semantics) -> None:
        # Its owner, which outlives it: a cycle would keep the whole tree until the garbage collector finds it.
        self._semantics = weakref.proxy(semantics)

    @cached_property
    def statements(self) -> tuple[Import, ...]:
        """All clauses of all import statements, in document order."""
        found: list[Import] = []
        for node in self._semantics.statements.imports:
            kind = self.kind(node)
            for clause in node.names:
                if isinstance(node, ast.ImportFrom):
                    bound = "" if clause.name == "*" else clause.asname or clause.name
                    module, level, name = node.module or "", node.level or 0, clause.name
                    found.append(Import(module, level, name, clause.asname, bound, node, clause, kind))
                else:
                    bound = clause.asname or clause.name.partition(".")[0]
                    found.append(Import(clause.name, 0, None, clause.asname, bound, node, clause, kind))
        return tuple(found)

    @cached_property
    def by_clause(self) -> dict[ast.AST, Import]:
        """The import of each clause."""
        return {cast("ast.AST", found.clause): found for found in self.statements}

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """The modules of the star imports in force, each once, in document order."""
        stars = (found.qualified for found in self.statements if found.name == "*" and found.kind != "typing")
        return tuple(dict.fromkeys(stars))

    def from_call(self, node: ast.Call, name: str) -> Import | None:
        """The import that a call to one of DYNAMIC_IMPORTS makes; None unless the module is a literal."""
        module = literal_module(node)
        if module is None:
            return None
        target: ast.AST | None = self._semantics.parent(node)
        if isinstance(target, ast.Assign):
            target = target.targets[0] if len(target.targets) == 1 else None
        elif isinstance(target, (ast.NamedExpr, ast.AnnAssign)):
            target = target.target
        bound = target.id if isinstance(target, ast.Name) else ""
        kind = "optional" if name == "pytest.importorskip" else self.kind(node)
        level = len(module) - len(module.lstrip("."))
        kind = "dynamic" if kind == "plain" else kind
        return Import(module[level:], level, None, None, bound, node, None, cast("ImportKind", kind))

    def kind(self, node: ast.AST) -> ImportKind:
        """How much the program depends on an import at this place; see Import."""
        kind: ImportKind = "plain"
        child, here = node, True  # a handler around a definition does not guard the body, which runs later
        semantics = self._semantics
        # For statements there is no need to look at the expressions of the program.
        ancestors = semantics.statements.ancestors if isinstance(node, ast.stmt) else semantics.ancestors
        for parent in ancestors(node):
            here = here and not opens_scope_later(parent, child)
            if isinstance(parent, (ast.If, ast.IfExp)) and child is not parent.test:
                polarity = type_checking_polarity(parent.test)
                negative = child in parent.orelse if isinstance(parent.orelse, list) else child is parent.orelse
                if polarity is not None:
                    if polarity is not negative:
                        return "typing"
                elif kind == "plain" and self._probes(parent.test, 0):
                    kind = "conditional"
            elif here and kind != "optional" and _goes_on_without(parent, child):
                kind = "optional"
            child = parent
        return kind

    def _probes(self, test: ast.expr, depth: int) -> bool:
        """Whether a test asks about the interpreter, the platform, the environment or what is installed."""
        for part in ast.walk(test):
            if isinstance(part, ast.Attribute):
                known = part.attr in _PLATFORM_NAMES or (last_name(part.value), part.attr) in _PLATFORM_ATTRIBUTES
                if known or _AVAILABLE.search(part.attr):
                    return True
            elif isinstance(part, ast.Name) and (
                part.id in _PLATFORM_NAMES
                or _AVAILABLE.search(part.id)
                or (depth < _MAX_FLAG_DEPTH and self._is_probe_flag(part, depth))
            ):
                return True
        return False

    def _is_probe_flag(self, name: ast.Name, depth: int) -> bool:
        """Whether a name holds the outcome of such a test, or is set where an import is tried."""
        if name.id not in self._semantics.index.stored_names:
            return False  # most are functions, and no scope has to be known to see it
        for binding in self._semantics.bindings_of(name)[:10]:
            value = binding.assigned
            if value is None:
                continue
            if isinstance(value, ast.Constant):
                statements = (parent for parent in self._semantics.ancestors(binding.node) if isinstance(parent, TRIES))
                if any(_tries_import(cast("ast.Try", statement)) for statement in statements):
                    return True
            elif self._probes(value, depth + 1):
                return True
        return False


def literal_module(node: ast.Call) -> str | None:
    """The first argument of an importing call, if it is a literal that can be a module."""
    first: ast.expr | None = node.args[0] if node.args else None
    if first is None:
        first = next((keyword.value for keyword in node.keywords if keyword.arg in ("name", "modname")), None)
    value = first.value if isinstance(first, ast.Constant) else None
    return (
        value if isinstance(value, str) and all(part.isidentifier() for part in value.lstrip(".").split(".")) else None
    )


def _caught(type_: ast.expr | None) -> Iterator[str | None]:
    for part in type_.elts if isinstance(type_, ast.Tuple) else [type_]:
        yield "BaseException" if part is None else last_name(part)


def _tries_import(statement: ast.Try) -> bool:
    imports = any(isinstance(part, (ast.Import, ast.ImportFrom)) for part in statement.body)
    return imports and any(not _IMPORT_ERRORS.isdisjoint(_caught(handler.type)) for handler in statement.handlers)


def _goes_on_without(parent: ast.AST, child: ast.AST) -> bool:
    """Whether the program goes on when an import in this child of the node fails."""
    if isinstance(parent, TRIES):
        statement = cast("ast.Try", parent)
        if child in statement.body:
            for handler in statement.handlers:
                if not _IMPORT_ERRORS.isdisjoint(_caught(handler.type)):
                    return not _stops_program(handler.body)
    elif isinstance(parent, (ast.With, ast.AsyncWith)) and isinstance(child, ast.stmt):
        for item in parent.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and last_name(call) == "suppress":
                return any(last_name(error) in _IMPORT_ERRORS for error in call.args)
    return False


def _stops_program(block: list[ast.stmt]) -> bool:
    """Whether a handler re-raises or exits; one that returns, goes on, or skips a test has coped with the failure."""
    return leaves([statement for statement in block if not _copes(statement)])


def _copes(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return last_name(statement.exc) == "SkipTest"
    if isinstance(statement, ast.Expr):
        return last_name(statement.value) in ("skip", "skipTest")
    return isinstance(statement, (ast.Return, ast.Continue, ast.Break))
