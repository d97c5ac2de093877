"""The state of a walk, its bounds, and the modules it loads."""

from __future__ import annotations

import ast
import posixpath
import sys
from collections.abc import Callable
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from repro_lint.execution.frames import Frame, Journal, ModuleState
from repro_lint.execution.values import NONE, UNKNOWN, Constant, Function, Name, Object, Package, Value
from repro_lint.modules import ModuleIndex
from repro_lint.sources.python import PythonSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repro_lint.execution.events import CallEvent, Handler
    from repro_lint.project import Project

MAX_STEPS = 120_000
"""Statements and expressions that are looked at in one program: about half a second."""
MAX_NESTING = 60
"""How deep statements and expressions may stand in each other, calls included."""


class Flow(Enum):
    """How a block ends."""

    NEXT = 1
    LOOP = 2
    """``break`` or ``continue``."""
    STOP = 3
    """``return``, ``raise`` or the end of the program."""


class Machine:
    """What all parts of the walk share."""

    def __init__(self, project: Project, handler: Handler) -> None:
        self.project = project
        self.handler = handler
        self.journal = Journal()
        self.modules: dict[str, ModuleState] = {}
        self.entry: ModuleState | None = None
        self.stack: list[Function] = []
        self.doubt = 0
        """How many conditions around the current place are not decided."""
        self.order = 0
        self.steps = 0
        self.nesting = 0
        self.problem: str | None = None
        """Why the walk did not see the whole program, or None."""
        self.escaped: set[tuple[int, int]] = set()
        self.registered: dict[int, list[Function]] = {}
        """Functions that a decorator made commands of a command line, by the id of what holds them."""

    def run_block(self, block: list[ast.stmt], frame: Frame) -> Flow:
        """Run the statements."""
        raise NotImplementedError

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of the expression."""
        raise NotImplementedError

    def invoke(self, function: Function, args: list[Value], keywords: dict[str, Value], unsure: bool = False) -> Value:
        """Call a function of the project; with ``unsure`` any argument that is missing is unknown."""
        raise NotImplementedError

    def call(self, callee: Value, event: CallEvent) -> Value:
        """Call anything with the arguments of the event."""
        raise NotImplementedError

    def instance_attribute(self, value: Object, name: str) -> Value | None:
        """The attribute of an object of the project, or None."""
        raise NotImplementedError

    # Bounds.

    def exhausted(self) -> bool:
        """Count a step; True when there were enough."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.problem = self.problem or "the program is too large to follow"
            return True
        return False

    @contextmanager
    def doubtful(self) -> Iterator[None]:
        """What runs inside may not run at all."""
        self.doubt += 1
        try:
            yield
        finally:
            self.doubt -= 1

    def branch(self, *alternatives: Callable[[], Flow]) -> Flow:
        """Run one of the alternatives, which is not known: each of them from the same state, then their outcomes joined."""
        outcomes = []
        for alternative in alternatives:
            self.journal.begin()
            flow = Flow.STOP
            try:
                with self.doubtful():
                    flow = alternative()
            finally:
                outcomes.append((flow, self.journal.undo()))
        reached = [effects for flow, effects in outcomes if flow is not Flow.STOP]
        if not reached:
            self.journal.merge([outcomes[-1][1]])
            return Flow.STOP
        self.journal.merge(reached)
        return Flow.LOOP if all(flow is not Flow.NEXT for flow, _ in outcomes) else Flow.NEXT

    # Modules.

    def load(self, path: str, name: str) -> ModuleState | None:
        """The module in the file, run when it is asked for the first time; None where there is no such Python file."""
        if path in self.modules:
            return self.modules[path]
        source = self.project.load(PythonSource, path)
        if source is None or self.nesting > MAX_NESTING // 2:
            return None
        return self.run_module(source, name)

    def run_module(self, source: PythonSource, name: str) -> ModuleState:
        """Run a module from its beginning."""
        state = self.modules[source.path] = ModuleState(source, name)
        if self.entry is None:
            self.entry = state
        state.frame.values["__name__"] = Constant(name)
        state.frame.values["__doc__"] = UNKNOWN
        stack, self.stack = self.stack, []
        self.nesting += 3
        try:
            self.run_source(source, state.frame)
        finally:
            self.stack = stack
            self.nesting -= 3
        return state

    def run_source(self, source: PythonSource, frame: Frame) -> None:
        """Run the cells of a source in order, with the files that ``%run`` names at their place."""
        for cell in source.cells:
            runs = [m for m in cell.magics if m.name in ("run", "pylab") and m.kind == "line"]
            for statement in cell.body:
                while runs and cell.first_line + runs[0].line - 1 <= statement.lineno:
                    self.run_magic(runs.pop(0).argument if runs[0].name == "run" else None, source, frame)
                if self.run_block([statement], frame) is Flow.STOP and source.notebook is None:
                    return
            for magic in runs:
                self.run_magic(magic.argument if magic.name == "run" else None, source, frame)

    def run_magic(self, argument: str | None, source: PythonSource, frame: Frame) -> None:
        """``%run`` with its argument, or ``%pylab`` (None)."""
        if argument is None:
            frame.module.stars += ["pylab"]
            return
        words = [word.strip("\"'") for word in argument.split() if not word.startswith("-")]
        if not words:
            return
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), words[0].replace("\\", "/")))
        other = next(
            (found for end in ("", ".py", ".ipynb") if (found := self.project.load(PythonSource, path + end))), None
        )
        if other is None:
            self.problem = self.problem or f"%run {words[0]}: there is no such file in the repository"
        elif other.path not in self.modules:
            self.modules[other.path] = ModuleState(other, "__main__")
            inner = frame.module.source
            frame.module.source = other
            try:
                self.run_source(other, frame)
            finally:
                frame.module.source = inner

    def import_module(self, frame: Frame, dotted: str, level: int = 0) -> Value:
        """The module of the name, run with the packages it stands in; a Name for what is not the project's."""
        importer = frame.module.source.path
        found: Value | None = None
        parts = dotted.split(".") if dotted else [""]
        for end in range(1, len(parts) + 1):
            found = self._package(importer, ".".join(parts[:end]), level)
            if found is None:
                return Name("." * level + dotted)
        return found or UNKNOWN

    def _package(self, importer: str, dotted: str, level: int) -> Package | None:
        index = self.project.fact(ModuleIndex)
        path: str | None = None
        top = dotted.partition(".")[0]
        if not level and top in sys.stdlib_module_names:
            return None
        origins = [importer, self.entry.source.path] if self.entry is not None and not level else [importer]
        for origin in origins:
            found = index.resolve(origin, dotted, level)
            last = dotted.rpartition(".")[2]
            if found and (not dotted or _is_module(found[-1], last)):
                path = found[-1]
                break
            if found or index.resolve(origin, dotted, level, "*"):
                return Package(dotted, level, origin, None)
        else:
            if not level and b"sys.path" in (self.project.files[importer].data if importer in self.project.files else b""):
                path = index.unique_suffix(dotted)
        if path is None:
            return Package(dotted, level, importer, None) if self._is_folder(importer, dotted, level) else None
        state = self.load(path, dotted or "package")
        return None if state is None else Package(dotted, level, importer, state)

    def _is_folder(self, importer: str, dotted: str, level: int) -> bool:
        """Whether the name is that of a directory with Python files and without ``__init__.py``."""
        relative = dotted.replace(".", "/")
        folder = posixpath.dirname(importer)
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            bases = [folder]
        else:
            bases = [folder, "", "src"]
            while folder:
                folder = posixpath.dirname(folder)
                bases.append(folder)
        return any(posixpath.join(base, relative).rstrip("/") in self._python_folders for base in bases)

    @property
    def _python_folders(self) -> frozenset[str]:
        return self.project.fact(ModuleIndex).folders_with_python()

    def package_attribute(self, package: Package, name: str, frame: Frame) -> Value:
        """An attribute of a module of the project, or its submodule of this name."""
        if package.state is not None:
            value = package.state.frame.values.get(name)
            if value is not None:
                return value
        dotted = f"{package.dotted}.{name}" if package.dotted else name
        inner = self._package(package.importer, dotted, package.level)
        if inner is not None and (inner.state is not None or package.state is None):
            return inner
        if package.state is not None:
            return self.star_name(package.state, name) or UNKNOWN
        return UNKNOWN

    def star_name(self, state: ModuleState, name: str) -> Value | None:
        """What a star import from somebody else's module gives the name, or None."""
        names = [f"{module}.{name}" for module in state.stars]
        known = next((candidate for candidate in names if self.handler.knows(candidate)), None)
        if known is None and len(names) == 1:
            known = names[0]
        return Name(known) if known else None

    def run_import(self, node: ast.Import, frame: Frame) -> None:
        """``import a.b, c as d``."""
        for alias in node.names:
            module = self.import_module(frame, alias.name)
            if alias.asname:
                bound: Value = module
            else:
                top = alias.name.partition(".")[0]
                bound = self.import_module(frame, top) if isinstance(module, Package) else Name(top)
            name = alias.asname or alias.name.partition(".")[0]
            self.journal.set(frame.home(name), name, bound)

    def run_import_from(self, node: ast.ImportFrom, frame: Frame) -> None:
        """``from a import b``."""
        if node.module == "__future__":
            return
        module = self.import_module(frame, node.module or "", node.level or 0)
        for alias in node.names:
            if alias.name == "*":
                self._import_star(module, frame)
                continue
            if isinstance(module, Package):
                value = self.package_attribute(module, alias.name, frame)
            elif isinstance(module, Name):
                value = Name(f"{module.qualified}.{alias.name}".replace("..", ".") if not node.level else alias.name)
                value = UNKNOWN if node.level else value
            else:
                value = UNKNOWN
            if isinstance(value, type(UNKNOWN)) and not isinstance(module, type(UNKNOWN)):
                value = Name(f"?.{alias.name}")
            name = alias.asname or alias.name
            self.journal.set(frame.home(name), name, value)

    def _import_star(self, module: Value, frame: Frame) -> None:
        if isinstance(module, Name):
            frame.module.stars.append(module.qualified)
        elif isinstance(module, Package) and module.state is not None:
            for name, value in list(module.state.frame.values.items()):
                if not name.startswith("_"):
                    self.journal.set(frame.home(name), name, value)
            frame.module.stars += [star for star in module.state.stars if star not in frame.module.stars]


def _is_module(path: str, last: str) -> bool:
    return path.endswith((f"/{last}.py", f"/{last}/__init__.py")) or path in (f"{last}.py", f"{last}/__init__.py")


__all__ = ["MAX_NESTING", "MAX_STEPS", "NONE", "Flow", "Machine"]
