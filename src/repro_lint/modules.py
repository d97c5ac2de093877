"""First-party modules: which file an import runs, and which files import which."""

from __future__ import annotations

import ast
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from repro_lint.facts import FileFact, ProjectFact
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.on_demand import OnDemand
from repro_lint.project import Project
from repro_lint.sources.nodes import code_of
from repro_lint.sources.python import PythonSource

_DOTTED = lazy_pattern(r"\.?[A-Za-z_][\w.]*")
_LAZY = (b"__getattr__", b"LazyModule", b"lazy_loader", b"import_module", b"__import__")
ImportKind = Literal["plain", "optional", "typing", "conditional", "dynamic"]


@dataclass(frozen=True)
class ImportedName:
    """One import: ``from module import name`` (``name`` None for ``import module``), with its first line."""

    module: str
    level: int
    name: str | None
    line: int
    kind: ImportKind
    straight: bool = False
    """Whether it begins at the margin, so that whoever runs the file gets to it."""


@dataclass(frozen=True)
class FileImports:
    """What a file imports. ``parsed`` is False for one that is not Python, as far as it goes."""

    imports: tuple[ImportedName, ...]
    parsed: bool
    main_guard: bool
    defines: bool
    """Whether it defines a function or class at its top level."""
    lazy: tuple[str, ...] = ()
    """The strings of a file that imports by computed names, or when asked (PEP 562): they may name modules."""
    computed: tuple[str, ...] = ()
    """How the computed names begin, as far as that is constant."""


class ImportFacts(FileFact[FileImports]):
    """The imports of every file, in any scope."""

    subject = PythonSource

    @classmethod
    def collect(cls, source: PythonSource) -> FileImports:
        """What the source imports, by statement or by a call with a literal; star imports have the name ``*``."""
        body = source.tree.body
        data = source.file.written
        computed = b"import_module" in data or b"__import__" in data
        return FileImports(
            tuple(
                ImportedName(i.module, i.level, i.name, i.node.lineno, i.kind, i.node.col_offset == 0)
                for i in (source.semantics.imports if b"import" in data else ())
                if i.module or i.level
            ),
            parsed=not source.syntax_errors,
            main_guard=b"__main__" in data
            and any(isinstance(s, ast.If) and "__main__" in code_of(s.test) for s in body),
            defines=any(isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) for s in body),
            lazy=tuple(_lazy_names(source)),
            computed=tuple(_computed_imports(source)) if computed else (),
        )


def _lazy_names(source: PythonSource) -> Iterator[str]:
    """What may be the name of a module in a file that imports by computed names, or when asked (PEP 562)."""
    data = source.file.written
    if any(word in data for word in _LAZY):
        for node in source.semantics.nodes(ast.Constant):
            if isinstance(node.value, str) and _DOTTED.fullmatch(node.value):
                yield node.value


def _computed_imports(source: PythonSource) -> Iterator[str]:
    """The constant beginnings of module names that are computed, empty for those without one."""
    for call in source.semantics.calls_to("importlib.import_module", "builtins.__import__"):
        argument = call.argument(0, "name")
        if argument is None or isinstance(argument, ast.Constant):
            continue
        first = argument.values[0] if isinstance(argument, ast.JoinedStr) and argument.values else argument
        first = first.left if isinstance(first, ast.BinOp) else first
        value = first.value if isinstance(first, ast.Constant) else ""
        yield value if isinstance(value, str) else ""


class ModuleIndex(ProjectFact):
    """Resolves imports to files by their names alone; no file is parsed."""

    def __init__(self, paths: Iterable[str], roots: Iterable[str]) -> None:
        self._files = {path for path in paths if path.endswith(".py")}
        self._folders: set[str] = set()
        for path in self._files:
            for folder in _ancestors(path):
                if folder in self._folders:
                    break
                self._folders.add(folder)
        self._names = {folder.rpartition("/")[2] for folder in self._folders}
        self._names.update(path.rpartition("/")[2][:-3] for path in self._files)
        self.roots = tuple(dict.fromkeys(root for root in roots if root in self._folders or root == ""))
        self._resolved: dict[tuple[str, str, int, str | None], tuple[str, ...]] = {}

    @classmethod
    def compute(cls, project: Project) -> ModuleIndex:
        """The index of the project's own Python files."""
        return cls(project.files, import_roots(project))

    def resolve(self, importer_path: str, module: str, level: int = 0, name: str | None = None) -> tuple[str, ...]:
        """The files of the project that the import runs: each package's ``__init__.py`` on the way, and the module.

        Empty for what is not first-party. ``name`` is that of a from-import, which may be a submodule.
        """
        if module and not level and module.partition(".")[0] not in self._names:
            return ()  # most are of others
        asked = importer_path.rpartition("/")[0], module, level, name
        found = self._resolved.get(asked)
        if found is None:  # the files of a folder import much the same
            found = self._resolved[asked] = self._resolve(*asked)
        return found

    def _resolve(self, folder: str, module: str, level: int, name: str | None) -> tuple[str, ...]:
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._chain(folder, module, name) or self._initialisers(folder)
        for base in self._bases(folder):
            if found := self._chain(base, module, name):
                return found
        return ()

    def below(self, importer_path: str, prefix: str) -> frozenset[str]:
        """The files that an import of a name with this beginning may run; none for a beginning without a package."""
        package = prefix.rpartition(".")[0]
        if not package.strip("."):
            return frozenset()
        found = self.resolve(importer_path, package)
        folder = posixpath.dirname(found[-1]) + "/" if found and found[-1].endswith("__init__.py") else None
        return frozenset(path for path in self._files if folder and path.startswith(folder))

    def unique_suffix(self, module: str) -> str | None:
        """The one file whose path ends like the module's name, or None: for code that runs from elsewhere."""
        found = self._by_suffix.get(module.replace(".", "/"), [])
        return found[0] if len(found) == 1 else None

    def unique_path(self, path: str) -> str | None:
        """The one Python file whose path ends with this relative one, or None."""
        normal = posixpath.normpath(path.replace("\\", "/")).lstrip("./")
        return self.unique_suffix(normal[:-3].replace("/", ".")) if normal.endswith(".py") else None

    def is_packaged(self, path: str) -> bool:
        """Whether the file belongs to a package: its directory has an ``__init__.py``."""
        return posixpath.join(posixpath.dirname(path), "__init__.py") in self._files

    @cached_property
    def _by_suffix(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._files):
            stem = path[: -len("/__init__.py")] if path.endswith("/__init__.py") else path[:-3]
            parts = stem.split("/")
            for start in range(len(parts)):
                found["/".join(parts[start:])].append(path)
        return found

    def _bases(self, folder: str) -> Iterator[str]:
        """Where Python may look. A script's own directory comes first; that of a package's module only at last."""
        packaged = posixpath.join(folder, "__init__.py") in self._files
        above = list(_ancestors(folder))
        order = [*self.roots, *above] if packaged else [folder, *self.roots, *above]
        yield from dict.fromkeys([*order, folder])

    def _chain(self, base: str, module: str, name: str | None) -> tuple[str, ...]:
        found: list[str] = []
        files = self._files
        here = f"{base}/" if base else ""
        parts = module.split(".") if module else []
        if not parts:
            found += self._initialisers(base)
        for position, part in enumerate(parts, 1):
            inner = here + part
            initialiser = f"{inner}/__init__.py"
            if initialiser in files:
                found.append(initialiser)
            elif inner + ".py" in files and position == len(parts):
                return (*found, inner + ".py")
            elif inner not in self._folders:
                return ()
            here = inner + "/"
        if name and name != "*":
            inner = here + name
            if f"{inner}/__init__.py" in files:
                found.append(f"{inner}/__init__.py")
            elif inner + ".py" in files:
                found.append(inner + ".py")
        return tuple(found)

    def _initialisers(self, folder: str) -> tuple[str, ...]:
        own = posixpath.join(folder, "__init__.py")
        return (own,) if own in self._files else ()


class ImportGraph(ProjectFact):
    """Which first-party files run when a file is imported or run. Imports for type checkers only do not count."""

    def __init__(self, imports: Mapping[str, frozenset[str]]) -> None:
        self.imports = imports

    @classmethod
    def compute(cls, project: Project) -> ImportGraph:
        """The graph over all Python files and notebooks of the project."""
        index, facts = project.fact(ModuleIndex), project.file_facts(ImportFacts)
        return cls(OnDemand(facts, lambda path: imported_files(index, path, facts[path])))

    @cached_property
    def importers(self) -> Mapping[str, frozenset[str]]:
        """The files that import each file."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, targets in self.imports.items():
            for target in targets:
                found[target].add(path)
        return {path: frozenset(importers) for path, importers in found.items()}

    def closure(self, seeds: Iterable[str]) -> frozenset[str]:
        """The seeds, and every file that is run because of them."""
        seen = set(seeds)
        queue = list(seen)
        while queue:
            for target in self.imports.get(queue.pop(), frozenset()) - seen:
                seen.add(target)
                queue.append(target)
        return frozenset(seen)

    def dependents(self, targets: Iterable[str]) -> frozenset[str]:
        """The targets, and every file that runs one of them."""
        seen = set(targets)
        queue = list(seen)
        while queue:
            for importer in self.importers.get(queue.pop(), frozenset()) - seen:
                seen.add(importer)
                queue.append(importer)
        return frozenset(seen)


def imported_files(index: ModuleIndex, path: str, facts: FileImports) -> frozenset[str]:
    """The files that a file imports."""
    targets = {
        target
        for i in facts.imports
        if i.kind != "typing" or facts.lazy
        for target in index.resolve(path, i.module, i.level, i.name)
    }
    for name in facts.lazy:
        targets.update(index.resolve(path, name.lstrip("."), 1) or index.resolve(path, name))
    for prefix in facts.computed:
        targets.update(index.below(path, prefix))
    return frozenset(targets - {path})


def import_roots(project: Project) -> list[str]:
    """The directories that are on the path when the project is installed, tested or run."""
    roots = ["", "src", "lib", "python"]
    tool = read_toml(project, "pyproject.toml").get("tool")
    if isinstance(tool, dict):
        roots += _strings(_at(tool, "pytest", "ini_options", "pythonpath"))
        packages = _at(tool, "setuptools", "package-dir")
        roots += _strings(list(packages.values()) if isinstance(packages, dict) else [])
        roots += _strings(_at(tool, "setuptools", "packages", "find", "where"))
        for entry in _at(tool, "poetry", "packages") or ():
            roots += _strings(_at(entry, "from"))
        roots += [posixpath.dirname(p) for p in _strings(_at(tool, "hatch", "build", "targets", "wheel", "packages"))]
    for name, pattern in (
        ("setup.cfg", r"^\s*(?:where|pythonpath)\s*=\s*([\w./-]+)|^\s*=\s*([\w./-]+)\s*$"),
        ("pytest.ini", r"^\s*pythonpath\s*=\s*([\w./ -]+)"),
        ("tox.ini", r"^\s*pythonpath\s*=\s*([\w./ -]+)"),
        (
            "setup.py",
            r"""(?:where\s*=\s*|package_dir\s*=\s*\{\s*["']["']\s*:\s*|find_packages\(\s*)["']([\w./-]+)["']()""",
        ),
    ):
        for match in re.finditer(pattern, read_text(project, name), re.M):
            roots += (match[1] or match[match.lastindex or 0] or "").split()
    normal = [posixpath.normpath(root) if root else "" for root in roots]
    return ["" if root == "." else root for root in normal]


def read_text(project: Project, path: str) -> str:
    """The text of a file of the project, empty if there is none."""
    try:
        return project.files[path].data.decode("utf-8", "replace") if path in project.files else ""
    except OSError:
        return ""


def read_toml(project: Project, path: str) -> dict[str, Any]:
    """The TOML document in a file of the project, empty if there is none or it is broken."""
    text = read_text(project, path)
    if not text:
        return {}
    import tomli

    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError):
        return {}


def _ancestors(path: str) -> Iterator[str]:
    """The directories above a relative path, the root ("") last."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _at(table: Any, *keys: str) -> Any:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [v for v in values if isinstance(v, str)]
