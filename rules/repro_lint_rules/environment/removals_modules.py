"""Which of the project's own modules cannot be imported, for what they use at their top."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import ModuleIndex, Project, ProjectFact, PythonSource
from repro_lint_rules.environment.removals import Library
from repro_lint_rules.environment.removals_ranges import Statements
from repro_lint_rules.environment.removals_uses import Use, Uses
from repro_lint_rules.environment.removals_wording import admission, advised, fate, named

_MAX_DEPTH = 4

Failure = tuple[str, ...]
"""The path of the module, the line, what is the matter, and what to do; empty for none."""


class FailingModules(ProjectFact):
    """The modules that were asked for."""

    questions = frozenset({"failure"})

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, Failure] = {}

    @classmethod
    def compute(cls, project: Project) -> FailingModules:
        """Nothing is read before it is asked for."""
        return cls(project)

    def failure(self, importer: str, module: str, level: str, name: str) -> Failure:
        """Why an import of that file fails with every release that would be installed; empty where it need not."""
        return self._of_import(importer, module, int(level), name or None, 0)

    def _of_import(self, importer: str, module: str, level: int, name: str | None, depth: int) -> Failure:
        index = self._project.fact(ModuleIndex)
        paths = [path for path in index.resolve(importer, module, level, name) if path != importer]
        return next((found for path in paths if (found := self._of_module(path, depth))), ())

    def _of_module(self, path: str, depth: int) -> Failure:
        if path not in self._known:
            self._known[path] = ()  # a circle
            source = self._project.load(PythonSource, path)
            if source is not None and not source.syntax_errors:
                self._known[path] = next(self._failures(source, depth), ())
        return self._known[path]

    def _failures(self, source: PythonSource, depth: int) -> Iterator[Failure]:
        for use in Uses(source, lambda library: True):
            if use.straight and not use.in_function and (failure := self._certain(source, use, use.library)):
                yield failure
        for found in source.semantics.imports if depth < _MAX_DEPTH else ():
            if found.kind == "plain" and not source.semantics.guards(found.node):
                yield from filter(
                    None, (self._of_import(source.path, found.module, found.level, found.name, depth + 1),)
                )

    def _certain(self, source: PythonSource, use: Use, library: Library) -> Failure:
        statements = self._project.fact(Statements)
        admitted = None if use.key.partition(".")[0] in statements.own else statements.admitted(source, library)
        if admitted is None or admitted.doubtful:
            return ()
        newest = admitted.releases[-1]
        always = all(use.history.lacks(release) for release in admitted.releases)
        lost = use.history.lost_in(newest)
        if not use.history.lacks(newest) or (admitted.bounded and not always) or (lost is None and not always):
            return ()
        matter = f"{named([use], use)} {fate(use, newest, lost)}, and {admission(use, admitted)}"
        return source.path, str(getattr(use.node, "lineno", 1)), matter, advised(use, admitted, lost)
