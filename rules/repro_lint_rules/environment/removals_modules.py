"""Which of the project's own modules cannot be imported, for what they use at their top."""

from __future__ import annotations

from repro_lint.api import ModuleIndex, Project, ProjectFact, PythonSource
from repro_lint_rules.environment.removals_ranges import admitted
from repro_lint_rules.environment.removals_uses import Use, Uses
from repro_lint_rules.environment.removals_wording import admission, advised, fate, named

_MAX_DEPTH = 4

Failure = tuple[str, ...]
"""The path of the module, the line, what is the matter, and what to do; empty for none."""


_Import = tuple[str, int, "str | None"]
"""A module, the number of its leading dots, and what is taken from it."""


class FailingModules(ProjectFact):
    """The modules that were asked for."""

    questions = frozenset({"failure"})

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, tuple[Failure, tuple[_Import, ...]]] = {}

    @classmethod
    def compute(cls, project: Project) -> FailingModules:
        """Nothing is read before it is asked for."""
        return cls(project)

    def failure(self, importer: str, module: str, level: str, name: str) -> Failure:
        """Why an import of that file fails with every release that would be installed; empty where it need not."""
        return self._of_import(importer, (module, int(level), name or None), 0, set())

    def _of_import(self, importer: str, wanted: _Import, depth: int, seen: set[str]) -> Failure:
        for path in self._project.fact(ModuleIndex).resolve(importer, *wanted):
            if path == importer or path in seen:
                continue
            seen.add(path)
            failure, imports = self._own(path)
            inner = imports if depth < _MAX_DEPTH else ()
            if found := failure or next((f for i in inner if (f := self._of_import(path, i, depth + 1, seen))), ()):
                return found
        return ()

    def _own(self, path: str) -> tuple[Failure, tuple[_Import, ...]]:
        """What is the matter with the module itself, and what it imports: the same whoever asks first."""
        if path not in self._known:
            source = self._project.load(PythonSource, path)
            readable = source if source is not None and not source.syntax_errors else None
            self._known[path] = (self._failure_in(readable), _imports(readable)) if readable else ((), ())
        return self._known[path]

    def _failure_in(self, source: PythonSource) -> Failure:
        for use in Uses(source, lambda library: True):
            if use.straight and not use.in_function and (failure := self._certain(source, use)):
                return failure
        return ()

    def _certain(self, source: PythonSource, use: Use) -> Failure:
        found = admitted(source, use.key)
        if found is None or found.doubtful:
            return ()
        newest = found.releases[-1]
        always = all(use.history.lacks(release) for release in found.releases)
        lost = use.history.lost_in(newest)
        if not use.history.lacks(newest) or (found.bounded and not always) or (lost is None and not always):
            return ()
        matter = f"{named([use], use)} {fate(use, newest, lost)}, and {admission(use, found)}"
        return source.path, str(getattr(use.node, "lineno", 1)), matter, advised(use, found, lost)


def _imports(source: PythonSource) -> tuple[_Import, ...]:
    return tuple(
        (found.module, found.level, found.name)
        for found in source.semantics.imports
        if found.kind == "plain" and not source.semantics.guards(found.node)
    )
