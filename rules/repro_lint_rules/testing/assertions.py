"""Tests, and what in them can fail besides a crash."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from repro_lint.api import FileFact, Place, PythonSource, dataclass, last_name, lazy_pattern
from repro_lint_rules.testing.suite import is_test_path

_JUDGES = lazy_pattern(
    r"(?i)assert|expect|check|verif|validat|compar|should|must|ensure|raises|warns|deprecated_call|fail|equal|match|contains"
    r"|snapshot|regression|approv|^skip|xfail|importorskip|_eq$|^eq_|^ok_|^is_|^has_|exit|^test|raise_(?:if|for|on|unless)|run_test|runtest|doctest|testmod|benchmark"
    r"|regtest|wait_?signal|wait_?until|^same|almost|allclose|golden|baseline|inspect|lint|parametri|property|given|hypothesis|^case|_case$|grad_?check|conform"
)
_SMOKE = lazy_pattern(
    r"(?i)smoke|(?:does|do|should|will)_?n[o']?t_(?:raise|crash|fail|error|throw|warn)|no_?(?:error|raise|crash|exception|warn|fail)|without_(?:error|raising|crash)"
    r"|can_(?:be_)?(?:import|run|instantiat|creat|pickl|call)|runs?$|_run_|imports?$|^test_import|crash|not_raise|benchmark|perf(?:ormance)?(?:_|$)|segfault|hang|leak|compiles?$|executes?$|works$|is_valid|valid$|pass(?:es)?$|succeed|succes|gracefully|accept"
)
_SAID = lazy_pattern(
    r"(?i)smoke|error[- ]free|without (?:any )?(?:error|raising|throwing|crash|problem|exception)"
    r"|(?:n't|not) (?:raise|crash|fail|throw|break)|just runs?\b"
    r"|(?:simply|just|only) (?:to )?(?:test|check|run|trigger|exercise|make sure)|(?:execution|naive) test"
    r"|no assert(?:ion)?s? (?:is |are )?needed|no-ops?\b"
)
_HARMLESS = frozenset(
    "pytest mark mock unittest parametrize usefixtures timeout slow flaky asyncio integration network filterwarnings "
    "tag override_settings patch object dict staticmethod classmethod anyio unix gpu notebooks linuxgpu".split()
)
"""Parts of the names of decorators that neither judge, nor skip, nor make something else of a function."""


@dataclass(frozen=True)
class TestFunction:
    """A test in which nothing compares a result, with the names by which it calls helpers or passes them on."""

    __test__ = False

    name: str
    place: Place
    helpers: frozenset[str]
    empty: bool


@dataclass(frozen=True)
class FileTests:
    """The tests of a file that assert nothing themselves, and the functions of the file that do."""

    unsure: tuple[TestFunction, ...]
    asserting: frozenset[str]


class AssertionFacts(FileFact[FileTests]):
    """What the test files and their helpers assert."""

    subject = PythonSource
    triggers = (b"def test", b"assert", b"pytest", b"unittest")

    @classmethod
    def collect(cls, source: PythonSource) -> FileTests | None:
        """None for a file with neither."""
        if "test" not in source.path and "helper" not in source.path:
            return None
        functions = list(source.semantics.nodes(ast.FunctionDef, ast.AsyncFunctionDef))
        asserting = _asserting(functions)
        name = source.path.rpartition("/")[2]
        if not is_test_path(source.path) or name == "conftest.py" or "smoke" in name:
            return FileTests((), asserting) if asserting else None
        # Who starts the tests of a file in the file itself looks at what they return.
        run_here = {node.id for node in source.semantics.nodes(ast.Name) if node.id.startswith("test")}
        unsure = tuple(
            TestFunction(
                function.name,
                source.place(_Head(function), source.semantics.scope_of(function).qualname),
                frozenset(_named(function)),
                _is_empty(function),
            )
            for function in functions
            if function.name not in asserting
            and function.name not in run_here
            and _is_test(source, function)
            and not _says_smoke(source, function)
        )
        return FileTests(unsure, asserting)


class _Head(ast.expr):
    """The line with the name of a function."""

    def __init__(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.lineno = self.end_lineno = function.lineno
        self.col_offset = function.col_offset
        prefix = len("async def ") if isinstance(function, ast.AsyncFunctionDef) else len("def ")
        self.end_col_offset = function.col_offset + prefix + len(function.name.encode())


def _is_test(source: PythonSource, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether pytest or unittest would run it as a test that is meant to compare something."""
    if not function.name.startswith("test") or function.name == "test" or _SMOKE.search(function.name):
        return False
    parent = source.semantics.parent(function)
    if isinstance(parent, ast.ClassDef):
        if not (parent.name.startswith("Test") or any("Test" in (last_name(b) or "") for b in parent.bases)):
            return False
        if _SMOKE.search(parent.name) or (_is_empty(function) and not _is_own_class(parent)):
            return False
    elif not isinstance(parent, ast.Module):
        return False
    names = [name for decorator in function.decorator_list for name in _names(decorator)]
    if not _HARMLESS.issuperset(names):
        return False
    arguments = {arg.arg for arg in function.args.args}
    return not any(_JUDGES.search(name) or "bench" in name for name in arguments)


def _says_smoke(source: PythonSource, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a comment, also above it or its class, or the docstring says that not to crash is all it asks for."""
    lines = [*_above(source, function), *source.lines[function.lineno - 1 : function.end_lineno]]
    lines += _after(source, function)
    parent = source.semantics.parent(function)
    if isinstance(parent, ast.ClassDef):
        lines += [*_above(source, parent), ast.get_docstring(parent) or ""]
    return any(_SAID.search(line) for line in lines)


def _after(source: PythonSource, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The comments that end the function, below its last statement."""
    for line in source.lines[function.end_lineno or function.lineno :]:
        text = line.lstrip()
        if text and not (text.startswith("#") and len(line) - len(text) > function.col_offset):
            return
        yield line


def _above(source: PythonSource, definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
    """The comments directly above a definition, its decorators included."""
    first = min([definition.lineno, *(decorator.lineno for decorator in definition.decorator_list)])
    for line in reversed(source.lines[: first - 1]):
        if not line.lstrip().startswith("#"):
            return
        yield line


def _is_own_class(cls: ast.ClassDef) -> bool:
    """Whether it inherits no tests, which an empty one could switch off."""
    return all((last_name(base) or "").endswith("TestCase") or last_name(base) == "object" for base in cls.bases)


def _names(decorator: ast.expr) -> Iterator[str]:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    while isinstance(node, ast.Attribute):
        yield node.attr
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _judges(function: ast.AST) -> bool:
    """Whether something in the function can fail other than by crashing."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Assert, ast.Raise)):
            return True
        if isinstance(node, ast.Call):
            name = last_name(node.func) or ""
            if name == "super":  # an inherited test, called or passed on
                return True
            if _JUDGES.search(name) or (isinstance(node.func, ast.Call) and _JUDGES.search(last_name(node.func) or "")):
                return True
            if any(keyword.arg == "check" for keyword in node.keywords):  # subprocess.run(..., check=True)
                return True
        items = node.items if isinstance(node, (ast.With, ast.AsyncWith)) else ()
        if any("warn" in (last_name(item.context_expr) or "").lower() for item in items):
            return True
    return False


def _asserting(functions: Sequence[ast.FunctionDef | ast.AsyncFunctionDef]) -> frozenset[str]:
    """The functions that can fail otherwise than by crashing, themselves or through helpers that are no tests."""
    found = {function.name for function in functions if _judges(function)}
    helpers = {f.name: frozenset(_named(f)) for f in functions if f.name not in found and not f.name.startswith("test")}
    while more := {name for name, named in helpers.items() if name not in found and not named.isdisjoint(found)}:
        found |= more
    return frozenset(found)


def _named(function: ast.AST) -> Iterator[str]:
    """What the function calls, or passes on to be called: by the function itself, or by its name in a text."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Name, ast.Attribute)):
            yield last_name(node) or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def _is_empty(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in function.body
    )
