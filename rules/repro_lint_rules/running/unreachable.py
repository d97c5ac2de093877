"""Modules of the project that notebooks import and that lie where Python does not look for them."""

from __future__ import annotations

import posixpath
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from repro_lint.api import (
    ImportFacts,
    ModuleIndex,
    Project,
    PythonSource,
    canonical_name,
    dataclass,
    lazy_pattern,
)
from repro_lint_rules.environment.declared import Declared
from repro_lint_rules.environment.names import names
from repro_lint_rules.running.tree import Tree

# What may bring a module into reach: another path or directory, an installation, a copy, a file that is fetched or run.
_REACHING = lazy_pattern(
    r"sys\.path|chdir|%%file|^\s*[%!]?(?:cd|pushd|run|load|cp|ln|git|wget|curl)\b|addsitedir|PYTHONPATH|\binstall\b|importlib"
    r"|import_ipynb|writefile|urlretrieve|download|rootutils|meta_path|\bexec\(",
    re.MULTILINE,
)
_REACHING_BYTES = (b"sys.path", b"addsitedir", b"chdir", b"__path__")
_INSTALLABLE = (b"[build-system]", b"[project]", b"[tool.poetry]", b"[tool.flit")
_SETTINGS = lazy_pattern(
    r"(?:^|/)(?:[^/]*\.(?:md|rst|txt|ya?ml|json|toml|cfg|ini|sh|bat|env|def)|\.env[^/]*|\.envrc|[^/]*Dockerfile[^/]*"
    r"|Makefile|postBuild)$"
)
_SET = (b"PYTHONPATH", b"notebookFileRoot", b"conda develop", b"add2virtualenv")
_MODULE_ENDINGS = (".py", ".ipynb", ".so", ".pyd", ".pyx")


@dataclass(frozen=True)
class Unreachable:
    """An import that fails in a run of a notebook from its own folder.

    ``line`` is that of the notebook's program which leads to it, ``importer`` the file that has the import (the
    notebook itself, or a module), ``there`` the file that is meant; ``from_root``: a run that starts at the root of
    the repository would find it.
    """

    notebook: str
    line: int
    importer: str
    module: str
    there: str
    from_root: bool


def unreachable_imports(project: Project) -> Iterator[list[Unreachable]]:
    """For each notebook its imports that fail so, in the order of a run."""
    search: _Search | None = None
    for path in project.file_facts(ImportFacts):
        if path.endswith(".ipynb"):
            search = search or _Search(project)
            if found := search.in_notebook(path):
                yield found


class _Search:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.facts = project.file_facts(ImportFacts)
        self.index = project.fact(ModuleIndex)
        self.tree = project.fact(Tree)
        self.modules: dict[str, list[str]] = defaultdict(list)
        for path in project.files:
            if path.endswith(".py"):
                stem = path.removesuffix("/__init__.py") if path.endswith("/__init__.py") else path[:-3]
                self.modules[posixpath.basename(stem)].append(path)

    def in_notebook(self, notebook: str) -> list[Unreachable]:
        """The imports of one notebook that fail, none where something may bring the modules into reach."""
        folder = posixpath.dirname(notebook)
        found: list[Unreachable] = []
        seen = {notebook}
        for one in self.facts[notebook].imports:
            if not one.straight or one.kind != "plain":
                continue
            queue = [(notebook, one.module, one.level, one.name)]
            while queue:
                importer, module, level, name = queue.pop(0)
                targets = self._targets(folder, importer, module, level, name)
                if targets is None:
                    there = self._elsewhere(module, name)
                    if there and not any(known.module == module for known in found):
                        from_root = bool(self._chain("", module, name))
                        found.append(Unreachable(notebook, one.line, importer, module, there, from_root))
                    continue
                for target in targets:
                    if target not in seen and target in self.facts:
                        seen.add(target)
                        inner = [i for i in self.facts[target].imports if i.straight and i.kind == "plain"]
                        queue += [(target, i.module, i.level, i.name) for i in inner]
        return found if found and not self._may_be_reached(notebook, found, seen) else []

    def _targets(self, folder: str, importer: str, module: str, level: int, name: str | None) -> tuple[str, ...] | None:
        """The files of the project that the import runs, where Python looks in one folder; None if none is there."""
        if level:
            return self.index.resolve(importer, module, level, name)
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or self._has(folder, top):
            return self._chain(folder, module, name)
        return None

    def _has(self, folder: str, top: str) -> bool:
        inner = posixpath.join(folder, top)
        return inner in self.tree.directories or any(inner + ending in self.tree.files for ending in _MODULE_ENDINGS)

    def _chain(self, folder: str, module: str, name: str | None) -> tuple[str, ...]:
        found = []
        here = folder
        for part in (*module.split("."), *((name,) if name and name != "*" else ())):
            here = posixpath.join(here, part)
            found += [path for path in (f"{here}/__init__.py", f"{here}.py") if path in self.tree.files]
        return tuple(found)

    def _elsewhere(self, module: str, name: str | None) -> str | None:
        """The file that is meant, or None where the module may be somebody else's."""
        top = module.partition(".")[0]
        declared = self.project.fact(Declared)
        if top in names().modules or canonical_name(top) in declared.distributions | declared.brought:
            return None
        ending = "/" + module.replace(".", "/")
        found = [
            path
            for path in self.modules.get(module.rpartition(".")[2], ())
            if ("/" + path).endswith((f"{ending}.py", f"{ending}/__init__.py"))
        ]
        if name and name != "*":
            found = [path for path in found if self.project.files[path].contains_any((name.encode(),))]
        return min(found, key=len, default=None)

    def _may_be_reached(self, notebook: str, found: list[Unreachable], run: set[str]) -> bool:
        if any(self.project.files[path].contains_any(_REACHING_BYTES) for path in run if path.endswith(".py")):
            return True
        source = self.project.load(PythonSource, notebook)
        if source is None or not source.cells:
            return True
        last = source.cell_of(found[0].line)
        if any(_REACHING.search(cell.source) for cell in source.cells if cell.index <= last.index):
            return True
        return self._is_set(notebook) or any(self._is_installed(one.there) for one in found)

    def _is_set(self, notebook: str) -> bool:
        """Whether a file above the notebook, or one of the tools' own, sets where Python looks."""
        folders = (posixpath.dirname(path) for path in self.settings)
        return any(not folder or folder[0] == "." or notebook.startswith(f"{folder}/") for folder in folders)

    @cached_property
    def settings(self) -> list[str]:
        """The files that set where Python looks, or in which folder notebooks run."""
        return [
            path
            for path, file in self.project.files.items()
            if path.endswith((".pth", "sitecustomize.py"))
            or (_SETTINGS.search(path) is not None and file.contains_any(_SET))
        ]

    def _is_installed(self, path: str) -> bool:
        """Whether the file belongs to something that can be installed."""
        folder = path
        while folder:
            folder = posixpath.dirname(folder)
            if any(posixpath.join(folder, name) in self.tree.files for name in ("setup.py", "setup.cfg", "meta.yaml")):
                return True
            manifest = self.project.files.get(posixpath.join(folder, "pyproject.toml"))
            if manifest is not None and manifest.contains_any(_INSTALLABLE):
                return True
        return False
