"""Programs: what somebody runs, with everything of the project that it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from repro_lint.execution.events import Handler
from repro_lint.execution.walker import walk
from repro_lint.facts import ProjectFact
from repro_lint.modules import ImportFacts, ImportGraph
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
        programs: test files, package initialisers, and modules without a main guard that other files import.
        """
        known = project.fact(_Programs)
        for path in known.candidates(project, triggers):
            if known.is_program(project, path):
                yield cls(path, project)

    def walk(self, handler: Handler) -> str | None:
        """Tell the handler what happens when the program runs, call by call, in the order in which it would.

        Returns why not all of it could be followed, or None.
        """
        modules = len(self.project.fact(ImportGraph).closure([self.path]))
        if modules > MAX_MODULES:
            return f"it may run {modules} files of the project, more than {MAX_MODULES}"
        return walk(self.project, self.entry, handler)

    @property
    def noun(self) -> str:
        """What a reader calls it: notebook or script."""
        return "script" if self.entry.form in ("script", "percent") else "notebook"


class _Programs(ProjectFact):
    """Which files are programs: several rules ask for the same."""

    def __init__(self) -> None:
        self._candidates: dict[tuple[bytes, ...], list[str]] = {}
        self._programs: dict[str, bool] = {}

    @classmethod
    def compute(cls, project: Project) -> _Programs:
        """Nothing yet: a file is looked at when a rule comes to it, and is then parsed for what the rule does."""
        return cls()

    def candidates(self, project: Project, triggers: tuple[bytes, ...]) -> list[str]:
        """The files that may be programs, of those that hold one of the triggers or import what does."""
        if triggers not in self._candidates:
            holding = {path for path in project.accepted(PythonSource) if _holds(project, path, triggers)}
            running = project.fact(ImportGraph).dependents(holding) if holding else frozenset()
            self._candidates[triggers] = [
                path
                for path in (project.accepted(PythonSource) if holding else ())
                if _may_be_program(path) and (path in running or _runs_others(project, path))
            ]
        return self._candidates[triggers]

    def is_program(self, project: Project, path: str) -> bool:
        """Whether running the file does something."""
        if path not in self._programs:
            facts = project.file_facts(ImportFacts)
            guarded = path in facts and facts[path].main_guard
            imported = bool(project.fact(ImportGraph).importers.get(path))
            found = guarded
            if not guarded and (path.endswith(".ipynb") or not imported):
                entry = project.load(PythonSource, path)
                found = entry is not None and (entry.notebook is not None or _does_something(entry.tree.body))
            if found and path.endswith("_test.py"):  # what statisticians test is a hypothesis: t_test.py, ab_test.py
                entry = project.load(PythonSource, path)
                found = entry is not None and not _has_tests(entry.tree.body)
            self._programs[path] = found
        return self._programs[path]


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
