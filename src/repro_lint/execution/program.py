"""Programs: what somebody runs, with everything of the project that it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from repro_lint.execution.events import Handler
from repro_lint.execution.python2 import Python2Source, readable
from repro_lint.facts import FileFact, ProjectFact
from repro_lint.modules import ImportFacts, ImportGraph, ModuleIndex, imported_files
from repro_lint.on_demand import OnDemand
from repro_lint.sources.base import TreeSubject
from repro_lint.sources.nodes import code_of
from repro_lint.sources.python import PythonSource

if TYPE_CHECKING:
    from repro_lint.project import Project

# Programs of one project run much the same modules, which are parsed once as long as ``Project.load`` keeps them all.
MAX_MODULES = 60

_SEEDING = (b"seed(", b"seed_all(", b"seed_everything(", b"set_state(", b"setstate(", b"settings.seed")
"""What the name of a function that seeds ends with, and a setting that does."""
_NO_PROGRAMS = frozenset({"__init__.py", "setup.py", "conftest.py", "conf.py", "noxfile.py", "versioneer.py"})
_TEST_FOLDERS = frozenset({"tests", "test", "testing", "unittests"})


class Program(TreeSubject):
    """A notebook or a script, and the modules of the project that run with it."""

    title = "program"
    per_file = True
    facts: ClassVar[tuple[type[FileFact[Any]], ...]]
    """What tells programs from other files: rules about programs declare these as their own ``facts``."""
    path: str

    def __init__(self, path: str, project: Project, modules: frozenset[str] = frozenset(), whole: bool = True) -> None:
        self.path = path
        self.project = project
        self.modules = modules
        """Its own file and the other files of the project that run with it; none where they are not known."""
        self.whole = whole
        """Whether these are all; large packages that it imports are left out, if nothing in them may set a seed."""

    @property
    def entry(self) -> PythonSource:
        """The file that is run, which is parsed again if it has not been asked for lately."""
        source = readable(self.project, self.path)
        if source is None:
            raise FileNotFoundError(self.path)
        return source

    @classmethod
    def from_project(cls, project: Project, triggers: tuple[bytes, ...]) -> Iterable[Program]:
        """The programs of the project, in the order of their paths, that hold one of the triggers in some file.

        A program is a notebook, and a Python file that does something at its top level or has a main guard. Not
        programs: test files, package initialisers, and modules without a main guard that other files import. Of
        those that may run more than ``MAX_MODULES`` files, what runs too many itself is not followed; where that
        may set a seed, the program is left out.
        """
        known = project.fact(_Programs)
        for path in project.wanted(PythonSource):
            found = known.modules.get(path)
            if found is None:
                continue
            modules, whole = found
            wanted = not modules or known.any_holds(modules, triggers) or _runs_others(project, path)
            if wanted and known.is_run(path):
                yield cls(path, project, modules, whole)

    def walk(self, handler: Handler) -> str | None:
        """Tell the handler what happens when the program runs, call by call, in the order in which it would.

        Returns why not all of it could be followed, or None.
        """
        from repro_lint.execution.walker import walk  # most runs walk nothing

        return walk(self.project, self.entry, handler, None if self.whole else self.modules)

    def may_seed(self) -> bool:
        """Whether the text of its files has anything like a call that seeds, whoever makes it and when."""
        known = self.whole and self.modules
        return not known or self.any_holds(_SEEDING)

    def any_holds(self, words: tuple[bytes, ...], *paths: str) -> bool:
        """Whether the text of one of the files, or of any of its own, has one of the words."""
        return self.project.fact(_Programs).any_holds(paths or sorted(self.modules), words)

    def users_may_seed(self, path: str) -> bool:
        """Whether a file, or one that runs it in whatever program, has anything like a call that seeds."""
        return self.project.fact(_Programs).users_may_seed(path)

    def alone_runs(self, path: str) -> bool:
        """Whether the program runs the file, and no other program of the project does, as far as imports tell."""
        return self.project.fact(_Programs).programs_with(path) == {self.path}

    def imports(self) -> frozenset[str] | None:
        """The first words of what its files import absolutely; None where not all of that is known."""
        if not self.modules or _runs_others(self.project, self.path):
            return None
        return self.project.fact(_Programs).imported_by(self.modules)

    @property
    def is_imported(self) -> bool:
        """Whether other files of the project, but for tests, import the file that is run."""
        importers = self.project.fact(ImportGraph).importers.get(self.path, frozenset())
        return not all(map(_is_test, importers))

    @property
    def noun(self) -> str:
        """What a reader calls it: notebook or script."""
        return "script" if self.entry.form in ("script", "percent") else "notebook"


class RunFacts(FileFact[str]):
    """Which files do something when they are run by themselves, as far as their own text tells."""

    subject = PythonSource

    @classmethod
    def collect(cls, source: PythonSource) -> str | None:
        """The language of a notebook, and of a script that calls something and is not for a test runner; or None."""
        if not _may_be_program(source.path):
            return None
        program = readable(source.project, source.path) or source
        body = program.tree.body
        if source.path.endswith("_test.py") and _has_tests(body):
            return None  # what statisticians test is a hypothesis: t_test.py, ab_test.py
        if source.notebook is None and not _does_something(body):
            return None
        return "python2" if isinstance(program, Python2Source) else "python"


Program.facts = (ImportFacts, RunFacts)


class _Programs(ProjectFact):
    """Which files are programs, and the files of the project that run with each file that does something."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._graph = project.fact(ImportGraph)
        self._imports = project.file_facts(ImportFacts)
        self._languages = project.file_facts(RunFacts)
        self._near = _Near(project, self._graph)
        self.modules = OnDemand(self._languages, self._modules)
        self._holding: dict[tuple[bytes, ...], dict[str, bool]] = {}
        self._seeded: dict[str, bool] = {}
        self._run: dict[str, bool] = {}

    @classmethod
    def compute(cls, project: Project) -> _Programs:
        """From what the engine's pass collects."""
        return cls(project)

    def _modules(self, path: str) -> tuple[frozenset[str], bool] | None:
        """The files that run with one, and whether these are all; none where they are not known; None for too many."""
        if self._languages[path] == "python2":
            return self._modules_of_python2(path), True
        found = self._near.all_of(path)
        if found is not None:
            return found, True
        near = self._near.some_of(path)
        return (near, False) if near is not None else None

    def _modules_of_python2(self, path: str) -> frozenset[str]:
        """The file, if it imports none of the project; else none, for its imports are not in the graph."""
        source = readable(self._project, path)
        if source is None or source.syntax_errors:
            return frozenset()
        imports = imported_files(self._project.fact(ModuleIndex), path, ImportFacts.collect(source))
        return frozenset() if imports else frozenset({path})

    def is_run(self, path: str) -> bool:
        """Whether the file, which does something, is there to be run, and not to be imported."""
        if path not in self._run:
            # Found once for all rules, for a notebook is read anew where others have come in between. It may have gone.
            self._run[path] = self._is_started(path) and self._project.load(PythonSource, path) is not None
        return self._run[path]

    def _is_started(self, path: str) -> bool:
        if path.endswith(".ipynb") or (path in self._imports and self._imports[path].main_guard):
            return True
        return not self._graph.importers.get(path)

    def any_holds(self, paths: Iterable[str], triggers: tuple[bytes, ...]) -> bool:
        """Whether one of the files holds one of the triggers."""
        known = self._holding.setdefault(triggers, {})
        for path in paths:
            if path not in known:
                known[path] = _holds(self._project, path, triggers)
            if known[path]:
                return True
        return False

    def imported_by(self, paths: frozenset[str]) -> frozenset[str] | None:
        """The first words of what the files import absolutely; None where a file may import anything.

        A file that computes what it imports is taken to choose among the names that it has as texts.
        """
        found: set[str] = set()
        for path in paths:
            known = self._imports.get(path)
            if known is None or not known.parsed or (known.computed and not known.lazy):
                return None
            names = (*(name.module for name in known.imports if not name.level), *known.lazy)
            found.update(name.partition(".")[0] for name in names)
            if self.any_holds((path,), (b"sys.path",)):  # a walk then looks for them everywhere
                index = self._project.fact(ModuleIndex)
                if any(index.unique_suffix(name) not in (None, *paths) for name in names):
                    return None
        return frozenset(found)

    def programs_with(self, path: str) -> set[str]:
        """The programs among the file and those that run it."""
        users = self._graph.dependents([path])
        return {user for user in users if user in self._languages and self.is_run(user)}

    def users_may_seed(self, path: str) -> bool:
        """Whether the file, or one that runs it, has anything like a call that seeds."""
        if path not in self._seeded:
            users = self._graph.dependents([path])
            self._seeded[path] = self.any_holds(sorted(users), _SEEDING)
        return self._seeded[path]


class _Near:
    """What programs run but for the packages that run too much to be followed."""

    def __init__(self, project: Project, graph: ImportGraph) -> None:
        self._project = project
        self._graph = graph
        self._large: dict[str, bool] = {}
        self._seeding: dict[str, bool] = {}

    def all_of(self, path: str) -> frozenset[str] | None:
        """The file and all others of the project that may run with it; None where there are too many."""
        seen = {path}
        queue = [path]
        while queue:
            targets = self._graph.imports.get(queue.pop(), frozenset()) - seen
            if any(self._large.get(target) for target in targets):
                return None
            seen |= targets
            queue += targets
            if len(seen) > MAX_MODULES:
                return None
        return frozenset(seen)

    def some_of(self, path: str) -> frozenset[str] | None:
        """The file and the others but for what is too large; None where that may set a seed, or they are too many."""
        seen = {path}
        queue = [path]
        while queue:
            for target in self._graph.imports.get(queue.pop(), frozenset()) - seen:
                if target not in self._large:
                    self._large[target] = self.all_of(target) is None
                if not self._large[target]:
                    seen.add(target)
                    queue.append(target)
                elif self._may_seed(target):
                    return None
        return frozenset(seen) if len(seen) <= MAX_MODULES else None

    def _may_seed(self, module: str) -> bool:
        """Whether a module, or one that runs with it, has anything like a call that seeds."""
        seen = {module}
        queue = [module]
        while queue:
            path = queue.pop()
            known = self._seeding.get(path)
            if known or (known is None and _holds(self._project, path, _SEEDING)):
                self._seeding[path] = self._seeding[module] = True
                return True
            if known is None:
                targets = self._graph.imports.get(path, frozenset()) - seen
                seen |= targets
                queue += targets
        self._seeding.update(dict.fromkeys(seen, False))
        return False


def _may_be_program(path: str) -> bool:
    return path.rpartition("/")[2] not in _NO_PROGRAMS and not _is_test(path)


def _is_test(path: str) -> bool:
    *folders, name = path.split("/")
    named = name.startswith("test_") or name == "tests.py"
    return not _TEST_FOLDERS.isdisjoint(folders) or (named and not name.endswith(".ipynb"))


def _has_tests(body: list[ast.stmt]) -> bool:
    """Whether a module has what pytest or unittest would run."""
    return any(
        (isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"))
        or (isinstance(node, ast.ClassDef) and "Test" in code_of(ast.Tuple([ast.Name(node.name), *node.bases])))
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
