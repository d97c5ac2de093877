"""Programs: what somebody runs, with everything of the project that it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from repro_lint.execution.events import Handler
from repro_lint.execution.walker import walk
from repro_lint.facts import FileFact, ProjectFact
from repro_lint.modules import ImportFacts, ImportGraph
from repro_lint.on_demand import OnDemand
from repro_lint.sources.base import TreeSubject
from repro_lint.sources.python import PythonSource

if TYPE_CHECKING:
    from repro_lint.project import Project

# Programs of one project run much the same modules, which are parsed once as long as ``Project.load`` keeps them all.
MAX_MODULES = 60

_NO_PROGRAMS = frozenset({"__init__.py", "setup.py", "conftest.py", "conf.py", "noxfile.py", "versioneer.py"})
_TEST_FOLDERS = frozenset({"tests", "test", "testing", "unittests"})


class Program(TreeSubject):
    """A notebook or a script, and the modules of the project that run with it."""

    title = "program"
    per_file = True
    facts: ClassVar[tuple[type[FileFact[Any]], ...]]
    """What tells programs from other files: rules about programs declare these as their own ``facts``."""
    path: str

    def __init__(self, path: str, project: Project) -> None:
        self.path = path
        self.project = project

    @property
    def entry(self) -> PythonSource:
        """The file that is run, which is parsed again if it has not been asked for lately."""
        source = self.project.load(PythonSource, self.path)
        if source is None:
            raise FileNotFoundError(self.path)
        return source

    @classmethod
    def from_project(cls, project: Project, triggers: tuple[bytes, ...]) -> Iterable[Program]:
        """The programs of the project, in the order of their paths, that hold one of the triggers in some file.

        A program is a notebook, and a Python file that does something at its top level or has a main guard. Not
        programs: test files, package initialisers, and modules without a main guard that other files import. Those
        that may run more than ``MAX_MODULES`` files of the project are left out: no walk follows them.
        """
        known = project.fact(_Programs)
        for path in filter(project.wants, project.accepted(PythonSource)):
            modules = known.modules.get(path)
            if modules is None:
                continue
            wanted = known.any_holds(project, modules, triggers) or _runs_others(project, path)
            if wanted and known.is_run(project, path):
                yield cls(path, project)

    def walk(self, handler: Handler) -> str | None:
        """Tell the handler what happens when the program runs, call by call, in the order in which it would.

        Returns why not all of it could be followed, or None.
        """
        return walk(self.project, self.entry, handler)

    @property
    def noun(self) -> str:
        """What a reader calls it: notebook or script."""
        return "script" if self.entry.form in ("script", "percent") else "notebook"


class RunFacts(FileFact[bool]):
    """Whether a file that is run by itself does something, as far as its own text tells."""

    subject = PythonSource

    @classmethod
    def collect(cls, source: PythonSource) -> bool | None:
        """True for a notebook and a script that calls something, which is not what a test runner is for; or None."""
        if not _may_be_program(source.path):
            return None
        body = source.tree.body
        if source.path.endswith("_test.py") and _has_tests(body):
            return None  # what statisticians test is a hypothesis: t_test.py, ab_test.py
        return True if source.notebook is not None or _does_something(body) else None


Program.facts = (ImportFacts, RunFacts)


class _Programs(ProjectFact):
    """Which files are programs, and the files of the project that run with each file that does something."""

    def __init__(self, project: Project) -> None:
        self._graph = project.fact(ImportGraph)
        self._imports = project.file_facts(ImportFacts)
        self.modules = OnDemand(project.file_facts(RunFacts), lambda path: _modules(self._graph, path))
        self._holding: dict[tuple[bytes, ...], dict[str, bool]] = {}
        self._run: dict[str, bool] = {}

    @classmethod
    def compute(cls, project: Project) -> _Programs:
        """From what the engine's pass collects."""
        return cls(project)

    def is_run(self, project: Project, path: str) -> bool:
        """Whether the file, which does something, is there to be run, and not to be imported."""
        if path not in self._run:
            # Found once for all rules, for a notebook is read anew where others have come in between. It may have gone.
            self._run[path] = self._is_started(path) and project.load(PythonSource, path) is not None
        return self._run[path]

    def _is_started(self, path: str) -> bool:
        if path.endswith(".ipynb") or (path in self._imports and self._imports[path].main_guard):
            return True
        return not self._graph.importers.get(path)

    def any_holds(self, project: Project, paths: Iterable[str], triggers: tuple[bytes, ...]) -> bool:
        """Whether one of the files holds one of the triggers."""
        known = self._holding.setdefault(triggers, {})
        for path in paths:
            if path not in known:
                known[path] = _holds(project, path, triggers)
            if known[path]:
                return True
        return False


def _modules(graph: ImportGraph, path: str) -> frozenset[str] | None:
    """The file and all others of the project that may run with it; None where there are too many."""
    seen = {path}
    queue = [path]
    while queue:
        for target in graph.imports.get(queue.pop(), frozenset()) - seen:
            seen.add(target)
            queue.append(target)
        if len(seen) > MAX_MODULES:
            return None
    return frozenset(seen)


def _may_be_program(path: str) -> bool:
    *folders, name = path.split("/")
    if name in _NO_PROGRAMS or not _TEST_FOLDERS.isdisjoint(folders):
        return False
    stem = name.rpartition(".")[0]
    return path.endswith(".ipynb") or not (stem.startswith("test_") or stem == "tests")


def _has_tests(body: list[ast.stmt]) -> bool:
    """Whether a module has what pytest or unittest would run."""
    return any(
        (isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"))
        or (isinstance(node, ast.ClassDef) and "Test" in ast.unparse(ast.Tuple([ast.Name(node.name), *node.bases])))
        for node in body
    )


def _holds(project: Project, path: str, triggers: tuple[bytes, ...]) -> bool:
    try:
        return project.files[path].contains_any(triggers)
    except OSError:
        return False


def _runs_others(project: Project, path: str) -> bool:
    return path.endswith(".ipynb") and _holds(project, path, (b"%run",))


def _does_something(body: list[ast.stmt]) -> bool:
    """Whether anything is called when the file runs, but for definitions."""
    return any(isinstance(node, ast.Call) for statement in body for node in _running(statement))


def _running(statement: ast.stmt) -> Iterator[ast.AST]:
    queue: list[ast.AST] = [statement]
    while queue:
        node = queue.pop()
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield node
            queue.extend(ast.iter_child_nodes(node))
