"""Which modules a project has itself, wherever they lie: programs change where modules are looked for."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping

from repro_lint.api import Project, ProjectFact, canonical_name, dataclass, lazy_pattern, read_text
from repro_lint_rules.environment.names import names

_MODULE_FILE = lazy_pattern(r"\.(?:py|pyx|pyi|pyw|ipynb|so|pyd)$|\.cpython-[\w-]+\.so$")
_SUBMODULE = lazy_pattern(r"^\s*path\s*=\s*(\S+?)/?\s*$", re.M)


@dataclass(frozen=True)
class OwnModules(ProjectFact):
    """Names as imported."""

    certain: frozenset[str]
    """Files and packages, and whatever directory is not called like a well-known module."""
    plain: Mapping[str, frozenset[str]]
    """Of directories that are called like one and are no packages, what lies in them."""
    submodules: tuple[str, ...]
    """Directories whose files belong to other repositories, and may hold any module."""

    @classmethod
    def compute(cls, project: Project) -> OwnModules:
        """Gather the names from the paths."""
        known = names().modules
        certain: set[str] = set()
        plain: defaultdict[str, set[str]] = defaultdict(set)
        for path in project.view.paths():
            if not _MODULE_FILE.search(path) or "site-packages/" in path:
                continue
            *folders, name = path.split("/")
            stem = name.partition(".")[0]
            if stem == "__init__" and folders:
                certain.add(folders[-1])
            elif not name.endswith(".ipynb") or stem not in known:
                certain.add(stem)
            for folder, child in zip(folders, (*folders, stem)[1:], strict=True):
                plain[folder].add(child)
        submodules = _submodules(project)
        for path in submodules:
            name = posixpath.basename(path)
            certain.update((name, name.replace("-", "_")))
        if project.name:
            certain.update(spellings(project.name))
        unsure = {
            name: frozenset(children) for name, children in plain.items() if name in known and name not in certain
        }
        return cls(frozenset(certain | (plain.keys() - unsure.keys())), unsure, submodules)

    def has(self, unit: str, modules: frozenset[str]) -> bool:
        """Whether the project has the module, of which these full names are imported.

        A plain directory is no match for an installed package of that name, unless what is imported lies in it.
        """
        top = unit.partition(".")[0]
        if top in self.certain:
            return True
        inside = self.plain.get(top)
        return inside is not None and any(module.partition(".")[2].partition(".")[0] in inside for module in modules)


def spellings(distribution: str) -> tuple[str, ...]:
    """How the module of a distribution may be called, where it is called like it."""
    plain = canonical_name(distribution)
    return distribution, plain.replace("-", "_"), plain.replace("-", "")


def _submodules(project: Project) -> tuple[str, ...]:
    """The submodules, also of a copy without git."""
    named = _SUBMODULE.findall(read_text(project, ".gitmodules")) if ".gitmodules" in project.files else []
    return tuple(sorted({*project.view.submodules, *named}))
