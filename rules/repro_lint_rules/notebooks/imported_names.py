"""The names that another file of the project brings: by a star import, ``%run`` or ``exec``."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping

from repro_lint.api import ModuleIndex, Project, ProjectFact, PythonSource
from repro_lint_rules.notebooks.star_names import star_names

_RUN = (b"%run", b"\\u0025run")
"""The magic as it stands in a file, and as JSON may escape it."""


def star_import_names(project: Project, path: str, node: ast.ImportFrom) -> frozenset[str] | None:
    """The names that ``from m import *`` in the file at ``path`` may bind; None where it could be any."""
    module = node.module or ""
    index = project.fact(ModuleIndex)
    found = index.resolve(path, module, node.level)
    if not found and not node.level:
        known = star_names(project, module)
        if known is not None:
            return known
        if _moves(project, path):
            suffix = index.unique_suffix(module)
            found = (suffix,) if suffix else ()
    return _exported(project, found[-1], frozenset()) if found else None


def program_names(project: Project, path: str) -> frozenset[str] | None:
    """All names that running the file may bind in its namespace; None where it could be any."""
    return _bound(project, path, frozenset())


class Runners(ProjectFact):
    """Which files run others with ``%run``: what is run gets to see the names of what runs it."""

    def __init__(self, runners: Mapping[str, frozenset[str]]) -> None:
        self._runners = runners

    @classmethod
    def compute(cls, project: Project) -> Runners:
        """Read the files that hold ``%run``."""
        found: dict[str, set[str]] = {}
        for path in project.accepted(PythonSource):
            for target in _run_by(project, path):
                found.setdefault(target, set()).add(path)
        return cls({target: frozenset(paths) for target, paths in found.items()})

    def names(self, project: Project, path: str) -> frozenset[str]:
        """All names that the files which run this one bind at their top level."""
        sources = (project.load(PythonSource, runner) for runner in sorted(self._runners.get(path, ())))
        return frozenset(name for s in sources if s is not None for name in s.semantics.scopes.module.bindings)


def _run_by(project: Project, path: str) -> list[str]:
    """The files that the file runs with ``%run``. Nothing of it is kept that was not there before."""
    file = project.files[path]
    kept = file.is_loaded
    try:
        # Every notebook of a project comes by here, so it is neither parsed nor lower-cased if that can be helped.
        if not any(word in file.data for word in _RUN):
            return []
        source = project.load(PythonSource, path)
        magics = [magic for _, magic in source.magics if magic.name == "run"] if source is not None else []
        targets = [find_program(project, path, run_target(magic.argument)) for magic in magics]
    except OSError:
        return []
    finally:
        if not kept:
            project.release(path)
    return [target for target in targets if target is not None]


def find_program(project: Project, path: str, name: str) -> str | None:
    """The file of the project that ``%run name`` in the file at ``path`` runs, or None.

    Looked for beside the file and from the root, with and without its extension. One that lies elsewhere is not
    guessed at.
    """
    written = name.strip("\"'").replace("\\", "/")
    for folder in (posixpath.dirname(path), ""):
        stem = posixpath.normpath(posixpath.join(folder, written))
        for candidate in (stem, f"{stem}.py", f"{stem}.ipynb"):
            if candidate in project.files and PythonSource.accepts(candidate):
                return candidate
    return None


def _moves(project: Project, path: str) -> bool:
    """Whether the file changes where modules are found, so that a module may lie anywhere in the project."""
    return project.files[path].contains_any((b"sys.path", b"chdir", b"%cd"))


def _exported(project: Project, path: str, seen: frozenset[str]) -> frozenset[str] | None:
    """What a star import of the module takes: ``__all__`` where the text tells it, else what has no underscore."""
    source = project.load(PythonSource, path)
    if source is None:
        return None
    listed = _listed(source)
    if listed is not None:
        return listed
    names = _bound(project, path, seen)
    if names is None:
        return None
    if path.endswith("/__init__.py"):  # its modules are attributes of a package once something imports them
        folder = posixpath.dirname(path) + "/"
        below = (other[len(folder) :].partition("/")[0] for other in project.files if other.startswith(folder))
        names |= {name.removesuffix(".py") for name in below}
    return frozenset(name for name in names if not name.startswith("_"))


def _listed(source: PythonSource) -> frozenset[str] | None:
    values = [
        statement.value
        for statement in source.tree.body
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign))
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name) and target.id == "__all__"
    ]
    if len(values) != 1 or not isinstance(values[0], (ast.List, ast.Tuple)):
        return None
    names = [part.value for part in values[0].elts if isinstance(part, ast.Constant)]
    return frozenset(name for name in names if isinstance(name, str)) if len(names) == len(values[0].elts) else None


def _bound(project: Project, path: str, seen: frozenset[str]) -> frozenset[str] | None:
    if path in seen:
        return frozenset()
    source = project.load(PythonSource, path)
    if source is None or source.syntax_errors:
        return None
    names = set(source.semantics.scopes.module.bindings)
    for found in _brought(project, source, seen | {path}):
        if found is None:
            return None
        names |= found
    return frozenset(names)


def _brought(project: Project, source: PythonSource, seen: frozenset[str]) -> Iterator[frozenset[str] | None]:
    for node in source.semantics.nodes(ast.ImportFrom):
        if any(alias.name == "*" for alias in node.names):
            index = project.fact(ModuleIndex)
            found = index.resolve(source.path, node.module or "", node.level)
            yield _exported(project, found[-1], seen) if found else star_names(project, node.module or "")
    for call in source.semantics.calls_to("builtins.exec", "builtins.globals"):
        if call.scope.kind == "module":
            yield None
    for _, magic in source.magics:
        yield frozenset(magic.targets)
        if magic.name == "pylab":
            yield star_names(project, "%pylab")
        elif magic.name == "run":
            target = find_program(project, source.path, run_target(magic.argument))
            yield _bound(project, target, seen) if target else None


def run_target(argument: str) -> str:
    """The file among the arguments of ``%run``: the first word that is no option."""
    words = argument.split()
    text = argument.strip()
    if text[:1] in ("'", '"') and text.count(text[0]) > 1:
        return text[1:].partition(text[0])[0]
    return next((word for word in words if not word.startswith("-")), "")
