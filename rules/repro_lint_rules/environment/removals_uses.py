"""Where a program uses names that some release of a library does not have."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache, cached_property

from repro_lint.api import PythonSource, code_of, dataclass, last_name, lazy_pattern
from repro_lint_rules.environment.removals import History, Kind, Library, library, packages
from repro_lint_rules.environment.removals_objects import Objects

_CATCHING = frozenset(
    {"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError", "OSError", "IOError", "Exception"}
    | {"BaseException"}
)
_SWALLOWING = frozenset({"suppress", "raises", "assertRaises", "deprecated_call"})
_PROBES = (
    "version",
    "hasattr",
    "getattr",
    "py2",
    "py3",
    "legacy",
    "compat",
    "available",
    "has_",
    "find_spec",
    "platform",
)
_RELEASE_FLAG = lazy_pattern(r"(?:np|numpy|pd|pandas|scipy|sp|sklearn|skl|mpl|matplotlib|tf|keras|torch|nx)_?[a-z_]*\d")
_STYLE_SIGNS = lazy_pattern(rb"style\.(?:use|context)|\.style\b")
_STYLES = "matplotlib.style<>"
_STYLE_CALLS = frozenset(
    f"matplotlib.{module}.{name}" for module in ("style", "pyplot.style", "style.core") for name in ("use", "context")
)


@cache
def _union(sets: tuple[frozenset[str], ...]) -> frozenset[str]:
    return frozenset().union(*sets)


@dataclass(frozen=True)
class Use:
    """One use. ``shown`` is what the reader sees of it, ``key`` its qualified name; ``kind`` says what it is."""

    node: ast.AST
    kind: str
    key: str
    shown: str
    history: History
    library: Library
    straight: bool
    """Whether it runs whenever its cell, script or function does."""
    in_function: bool


class Uses:
    """The uses in one program that nothing guards.

    ``may_be_older`` tells of a library whether a release before the newest may be chosen: only then it matters
    which names came late.
    """

    def __init__(self, source: PythonSource, may_be_older: Callable[[Library], bool]) -> None:
        self.source = source
        self.semantics = source.semantics
        known = packages()
        tops = {found.top for found in self.semantics.imports if found.top in known}
        self.libraries = {top: library(top) for top in sorted(tops)}
        self._gone = {top: not may_be_older(found) for top, found in self.libraries.items()}

    def __iter__(self) -> Iterator[Use]:
        for node, kind, container, name, history in self._found():
            key, top = f"{container}.{name}", container.partition(".")[0]
            owner = self.libraries[top]
            if self._gone[top] and not history.lacks(owner.releases[-1].minor):
                continue
            if self._is_guarded(node) or key in self._patched or f"*.{name}" in self._patched:
                continue
            if "raises-exception" in self.source.cell_of(node).tags:
                continue
            straight, inside = self._flow(node)
            yield Use(node, kind, key, _shown(kind, container, name), history, owner, straight, inside)

    def _found(self) -> Iterator[tuple[ast.AST, str, str, str, History]]:
        if self.libraries:
            yield from self._imports()
            yield from self._attributes()
            yield from self._keywords()
        if "matplotlib" in self.libraries:
            yield from self._styles()

    def _imports(self) -> Iterator[tuple[ast.AST, str, str, str, History]]:
        for found in self.semantics.imports:
            if found.top not in self.libraries or found.kind not in ("plain", "dynamic"):
                continue
            parts = found.module.split(".")
            if found.name and found.name != "*":
                parts.append(found.name)
            for end in range(1, len(parts)):
                container = ".".join(parts[:end])
                history = self.libraries[found.top].entries(container).get(parts[end])
                if history is not None:
                    yield found.clause or found.node, "import", container, parts[end], history
                    break

    def _attributes(self) -> Iterator[tuple[ast.AST, str, str, str, History]]:
        wanted, members = self._wanted("name"), self._wanted("member")
        for node in self.semantics.nodes(ast.Attribute):
            attribute = node.attr
            if attribute not in wanted or not isinstance(node.ctx, ast.Load):
                continue
            if self._may_be_imported(node):
                name, kind = self.semantics.resolve(node) or "", "name"
            elif attribute in members and (owner := self._objects.type_of(node.value)):
                name, kind = f"{owner}.{attribute}", "attribute"
            else:
                continue
            container, _, last = name.rpartition(".")
            top = container.partition(".")[0]
            if top in self.libraries and (history := self.libraries[top].entries(container).get(last)) is not None:
                yield node, kind, container, last, history

    @cached_property
    def _bound(self) -> frozenset[str] | None:
        """The names that imports of the libraries bind; None where a star may bind any."""
        found = [one for one in self.semantics.imports if one.top in self.libraries]
        return None if any(one.name == "*" for one in found) else frozenset(one.bound for one in found)

    def _may_be_imported(self, expr: ast.expr) -> bool:
        while isinstance(expr, ast.Attribute):
            expr = expr.value
        return isinstance(expr, ast.Name) and (self._bound is None or expr.id in self._bound)

    def _wanted(self, kind: Kind) -> frozenset[str]:
        words = (table.words(kind, gone=self._gone[top]) for top, table in self.libraries.items())
        return _union(tuple(words))

    def _keywords(self) -> Iterator[tuple[ast.AST, str, str, str, History]]:
        wanted = self._wanted("keyword")
        callables = _union(tuple(table.callables for table in self.libraries.values()))
        for keyword in self.semantics.nodes(ast.keyword):
            if keyword.arg not in wanted:
                continue
            call = self.semantics.parent(keyword)
            if not isinstance(call, ast.Call):
                continue
            if isinstance(call.func, ast.Attribute) and call.func.attr not in callables:
                continue  # under whatever name, it takes no keyword with a history
            if self._may_be_imported(call.func):
                name = self.semantics.resolve(call.func)
            elif isinstance(call.func, ast.Attribute) and (owner := self._objects.type_of(call.func.value)):
                name = f"{owner}.{call.func.attr}"
            else:
                continue
            top = name.partition(".")[0] if name else ""
            if top in self.libraries and keyword.arg is not None:
                history = self.libraries[top].entries(f"{name}()").get(keyword.arg)
                if history is not None:
                    yield keyword, "keyword", f"{name}()", keyword.arg, history

    def _styles(self) -> Iterator[tuple[ast.AST, str, str, str, History]]:
        if not _STYLE_SIGNS.search(self.source.file.data):
            return
        entries = self.libraries["matplotlib"].entries(_STYLES)
        for call in self.semantics.calls_to(*sorted(_STYLE_CALLS)):
            given = call.argument(0, "style")
            for part in given.elts if isinstance(given, (ast.List, ast.Tuple)) else [given]:
                style = self.semantics.constant(part)
                if isinstance(style, str) and part is not None and style in entries:
                    yield part, "style", _STYLES, style, entries[style]

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self.semantics, self.libraries)

    # What keeps a use from failing.

    @cached_property
    def _patched(self) -> frozenset[str]:
        """The names that the program looks for or sets itself."""
        semantics = self.semantics
        found: set[str] = set()
        for node in semantics.nodes(ast.Attribute):
            if not isinstance(node.ctx, ast.Load) and (name := semantics.resolve(node)):
                found.add(name)
        for call in semantics.calls_to("builtins.hasattr", "builtins.setattr", "builtins.getattr"):
            attribute = semantics.constant(call.argument(1))
            if isinstance(attribute, str) and call.args:
                name = semantics.resolve(call.args[0])
                found.add(f"{name or '*'}.{attribute}")
        if b"sys.modules" in self.source.file.data:
            found.update(str(text.value) for text in semantics.strings)
        return frozenset(found)

    def _is_guarded(self, node: ast.AST) -> bool:
        semantics = self.semantics
        current: ast.AST | None = node
        if semantics.in_type_checking(node):
            return True
        while current is not None:
            if any(_prevents(guard.kind, guard.node, guard.test) for guard in semantics.guards(current)):
                return True
            current = next((a for a in semantics.ancestors(current) if isinstance(a, _FUNCTIONS)), None)
            decorators = getattr(current, "decorator_list", ())
            if any("skip" in (last_name(decorator) or "") for decorator in decorators):
                return True
        return False

    def _flow(self, node: ast.AST) -> tuple[bool, bool]:
        """Whether the node runs whenever what it stands in does, and whether that is a function."""
        straight = all(guard.kind in ("with", "for", "try") for guard in self.semantics.guards(node))
        return straight, any(isinstance(above, _FUNCTIONS) for above in self.semantics.ancestors(node))


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _prevents(kind: str, node: ast.AST, test: ast.expr | None) -> bool:
    """Whether a condition shows that the author knows of releases without the name."""
    if kind == "except":
        return True
    if kind == "try":
        handlers = getattr(node, "handlers", ())
        return any(handler.type is None or _CATCHING & set(_caught(handler.type)) for handler in handlers)
    if kind == "with":
        return last_name(test) in _SWALLOWING
    if kind in ("if", "while") and test is not None:
        if isinstance(test, ast.Constant):
            return not test.value
        text = code_of(test).lower()
        return any(probe in text for probe in _PROBES) or _RELEASE_FLAG.search(text) is not None
    return False


def _caught(type_: ast.expr) -> Iterator[str]:
    for part in type_.elts if isinstance(type_, ast.Tuple) else [type_]:
        yield last_name(part) or "Exception"


def _shown(kind: str, container: str, name: str) -> str:
    if kind == "keyword":
        return f"{name}= of {container}"
    if kind == "style":
        return name
    return f"{container}.{name}"
