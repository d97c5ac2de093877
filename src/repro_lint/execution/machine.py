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
from repro_lint.execution.python2 import readable
from repro_lint.execution.values import UNKNOWN, Constant, Function, Name, Object, Package, Value
from repro_lint.modules import ModuleIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repro_lint.execution.events import CallEvent, Handler
    from repro_lint.project import Project
    from repro_lint.sources.python import PythonSource

MAX_STEPS = 120_000
"""Statements and expressions that are looked at in one program: about half a second."""
MAX_NESTING = 90
"""How deep statements and expressions may stand in each other, calls included."""

MAX_LOADED = 80
"""Modules that are run in one program: as many as are known beforehand, and some on a path that it sets itself."""


class Flow(Enum):
    """How a block ends."""

    NEXT = 1
    LOOP = 2
    """``break`` or ``continue``."""
    STOP = 3
    """``return``, ``raise`` or the end of the program."""


class Machine:
    """What all parts of the walk share."""

    def __init__(self, project: Project, handler: Handler, within: frozenset[str] | None = None) -> None:
        self.project = project
        self.within = within
        """The files of the project that are followed, None for all."""
        self.handler = handler
        self.journal = Journal()
        self.modules: dict[str, ModuleState] = {}
        self.entry: ModuleState | None = None
        self.stack: list[Function] = []
        self.doubt = 0
        """How many conditions around the current place are not decided."""
        self.choosing = 0
        """How many calls around the current place are of one of several functions."""
        self.handed = 0
        """How many functions are running that somebody else's code calls."""
        self.idle = 0
        """How many expressions around the current place make nothing of it by default."""
        self.optional = 0
        """How many conditions around the current place are false by default, unless somebody passes an option."""
        self.order = 0
        self.statement: ast.stmt | None = None
        """The statement at the top level of a module that is running."""
        self.importing: PythonSource | None = None
        """The module that it stands in, where that is being imported."""
        self.steps = 0
        self.nesting = 0
        self.problem: str | None = None
        """Why the walk did not see the whole program, or None."""
        self.escaped: set[tuple[int, int]] = set()
        self.runs: dict[int, int] = {}
        self.results: dict[int, Value] = {}
        """How often each function has run, and what it returned last, by the id of its node."""
        self.awaited: dict[int, Callable[[Value], None]] = {}
        """What runs when a generator yields for the first time, by the id of its node."""
        self.registered: dict[int, list[Function]] = {}
        """Functions that a decorator made commands of a command line, by the id of what holds them."""

    def run_block(self, block: list[ast.stmt], frame: Frame) -> Flow:
        """Run the statements."""
        raise NotImplementedError

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of the expression."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Bind a target to a value."""
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
        """Run each of the alternatives from the same state, as if only one had run, and join what they leave."""
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
        if self.within is not None and path not in self.within:
            return None
        source = readable(self.project, path)
        if source is None:
            return None
        if self.nesting > MAX_NESTING:
            self.problem = self.problem or "its imports are nested too deep"
            return None
        if len(self.modules) > MAX_LOADED:
            self.problem = self.problem or "it imports too many modules"
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
        outer = self.statement, self.importing
        self.importing = source if state is not self.entry else None
        self.nesting += 3
        try:
            self.run_source(source, state.frame)
        finally:
            self.stack = stack
            self.statement, self.importing = outer
            self.nesting -= 3
        return state

    def run_source(self, source: PythonSource, frame: Frame) -> None:
        """Run a source's statements in order, with the files that ``%run`` names at their place."""
        magics = [
            (cell.first_line + magic.line - 1, magic.argument if magic.name == "run" else None)
            for cell, magic in source.magics
            if magic.kind == "line" and magic.name in ("run", "pylab")
        ]
        for statement in source.tree.body:
            while magics and magics[0][0] <= statement.lineno:
                self.run_magic(magics.pop(0)[1], source, frame)
            self.statement = statement
            if self.run_block([statement], frame) is Flow.STOP and source.notebook is None:
                return
        for _, argument in magics:
            self.run_magic(argument, source, frame)

    def run_magic(self, argument: str | None, source: PythonSource, frame: Frame) -> None:
        """``%run`` with its argument, or ``%pylab`` (None)."""
        if argument is None:
            frame.module.stars += ["pylab"]
            return
        words = [word.strip("\"'") for word in argument.split() if not word.startswith("-")]
        if not words:
            return
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), words[0].replace("\\", "/")))
        other = next((found for end in ("", ".py", ".ipynb") if (found := readable(self.project, path + end))), None)
        if other is None:
            self.problem = self.problem or f"%run {words[0]}: there is no such file in the repository"
        elif other.path not in self.modules:
            self.modules[other.path] = frame.module
            inner = frame.source
            frame.source = other
            try:
                self.run_source(other, frame)
            finally:
                frame.source = inner

    def import_module(
        self, frame: Frame, dotted: str, level: int = 0, names: tuple[str | None, ...] = (None,)
    ) -> Value:
        """The module of the name, run with the packages it stands in; a Name for what is not the project's.

        ``names`` are those that a from-import takes, which may be submodules.
        """
        if not level and dotted.partition(".")[0] in sys.stdlib_module_names:
            return Name(dotted)
        origins = [frame.source.path]
        if self.entry is not None and not level:
            origins.append(self.entry.source.path)  # its directory is the first on the path
        for origin in dict.fromkeys(origins):
            for name in names:
                package = self._resolved(origin, dotted, level, name)
                if package is not None:
                    return package
        if level:
            return UNKNOWN
        if frame.source.file.contains_any((b"sys.path",)):
            path = self._index.unique_suffix(dotted)
            state = self.load(path, dotted) if path else None
            if state is not None:
                return Package(dotted, 0, frame.source.path, state)
        return Name(dotted)

    @property
    def _index(self) -> ModuleIndex:
        return self.project.fact(ModuleIndex)

    def _resolved(self, origin: str, dotted: str, level: int, name: str | None) -> Package | None:
        """The module, run with what stands before it; with a name also its submodule."""
        found = self._index.resolve(origin, dotted, level, name)
        ends = _module_ends(dotted)
        own: ModuleState | None = None
        for path in found:
            state = self.load(path, dotted)
            if own is None and (f"/{path}".endswith(ends) if dotted else path.endswith("__init__.py")):
                own = state
        return Package(dotted, level, origin, own) if found else None

    def package_attribute(self, package: Package, name: str) -> Value:
        """An attribute of a module of the project, or its submodule of this name."""
        if package.state is not None:
            value = package.state.frame.values.get(name) or self.star_name(package.state, name)
            if value is not None:
                return value
        found = self._index.resolve(package.importer, package.dotted, package.level, name)
        if found and f"/{found[-1]}".endswith(_module_ends(name)):
            dotted = f"{package.dotted}.{name}" if package.dotted else name
            return self._resolved(package.importer, dotted, package.level, None) or UNKNOWN
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
            top = alias.name.partition(".")[0]
            if not alias.asname and top != alias.name:
                # The top name is bound; a folder without ``__init__.py`` has only its submodules.
                home = isinstance(module, Package)
                origin = module.importer if isinstance(module, Package) else ""
                outer = self._resolved(origin, top, 0, None) if home else None
                module = (outer or Package(top, 0, origin, None)) if home else Name(top)
            name = alias.asname or top
            self.journal.set(frame.home(name), name, module)

    def run_import_from(self, node: ast.ImportFrom, frame: Frame) -> None:
        """``from a import b``; what cannot be found in the project has a name that begins with a dot."""
        if node.module == "__future__":
            return
        names = tuple(alias.name for alias in node.names if alias.name != "*")
        module = self.import_module(frame, node.module or "", node.level or 0, names or (None,))
        for alias in node.names:
            if alias.name == "*":
                self._import_star(module, frame)
                continue
            value: Value = Name(f".{alias.name}")
            if isinstance(module, Name):
                value = Name(f"{module.qualified}.{alias.name}")
            elif isinstance(module, Package):
                found = self.package_attribute(module, alias.name)
                value = value if found is UNKNOWN else found
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


def _module_ends(dotted: str) -> tuple[str, str]:
    path = dotted.replace(".", "/")
    return f"/{path}.py", f"/{path}/__init__.py"
