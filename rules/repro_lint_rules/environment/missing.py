"""The modules that a project imports and nothing declares."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field

from repro_lint.api import Environment, Manifest, Project, dataclass
from repro_lint_rules.environment.declared import Declared, requested
from repro_lint_rules.environment.imports import ForeignImportFacts, ForeignImports, ForeignModule
from repro_lint_rules.environment.names import by_name, distributions_of, matching, names, resembling

_PACKAGING = frozenset({"setuptools", "pkg_resources", "pip", "wheel", "distutils", "_distutils_hack"})
"""What was there wherever Python was installed, for twenty years."""
_JUPYTER = frozenset({"IPython", "ipykernel", "jupyter_client", "jupyter_core", "nbformat", "nbconvert", "notebook"})


@dataclass
class MissingModule:
    """A module that is imported, in the scope of a manifest.

    ``known``: whether the distribution is; ``instead`` says where it may come from after all, ``unsure`` that this is
    a guess.
    """

    unit: str
    manifest: Manifest
    known: bool
    places: list[tuple[str, int]] = field(default_factory=list)
    """Paths, and lines as ``line_place`` takes them."""
    instead: str = ""
    unsure: bool = False


def foreign_modules(project: Project) -> Iterator[tuple[str, ForeignImports, ForeignModule]]:
    """Every import of every file that is neither the project's own, nor installed or written by the file itself."""
    own = project.fact(Declared).own_modules
    for path, imports in sorted(project.file_facts(ForeignImportFacts).items()):
        for module in imports.modules:
            if _is_own(module.unit, own) or module.unit.partition(".")[0] in imports.written:
                continue
            if module.unit in _PACKAGING or (path.endswith(".ipynb") and module.unit in _JUPYTER):
                continue
            if matching(module.modules, module.unit, by_name(imports.installed)) is None:
                yield path, imports, module


def missing_modules(project: Project) -> list[MissingModule]:
    """What no manifest declares, in the order of the files and of their first imports."""
    declared = project.fact(Declared)
    scripts = {manifest.path: manifest for manifest in project.fact(Environment).scripts}
    available = by_name(declared.distributions)
    found: dict[tuple[str, str], MissingModule] = {}
    fullnames: dict[tuple[str, str], set[str]] = defaultdict(set)
    used: set[str] = set()
    for path, _, module in foreign_modules(project):
        script = scripts.get(path)
        here = by_name(requested(script)) if script else available
        if name := matching(module.modules, module.unit, here):
            used.add(name)
            continue
        manifest = script or declared.covering(path)
        if manifest is None:
            continue
        if _is_kept_out(project, path, module.unit):
            continue
        key = (manifest.path, module.unit)
        missing = found.setdefault(key, MissingModule(module.unit, manifest, module.unit in names().modules))
        missing.places.append((path, module.line))
        fullnames[key] |= module.modules
    for key, missing in found.items():
        _explain(missing, frozenset(fullnames[key]), declared, declared.distributions - used)
    return list(found.values())


def _explain(missing: MissingModule, modules: frozenset[str], declared: Declared, unused: frozenset[str]) -> None:
    """Say where it may come from after all."""
    if matching(modules, missing.unit, by_name(declared.brought)):
        carriers = sorted(
            name
            for name in declared.distributions
            if not names().brings.get(name, frozenset()).isdisjoint(distributions_of(missing.unit))
        )
        missing.instead = f"comes only because {carriers[0]} needs it" if carriers else "comes only through others"
    elif matching(modules, missing.unit, by_name(declared.locked)):
        missing.instead = "is locked only because something else needs it"
    elif matching(modules, missing.unit, by_name(declared.installed_elsewhere)):
        missing.instead = "is installed by name in a script, container or workflow only"
    elif not missing.known and declared.submodules:
        missing.instead, missing.unsure = f"may lie in the submodule {declared.submodules[0]}", True
    elif not missing.known and (similar := resembling(missing.unit, iter(unused))):
        missing.instead, missing.unsure = f"may come with {similar}", True


def _is_kept_out(project: Project, path: str, unit: str) -> bool:
    """Whether git ignores a module of this name beside the file or at the root: settings and keys are kept so."""
    name = unit.partition(".")[0] + ".py"
    return any(project.view.ignored(posixpath.join(folder, name)) for folder in {posixpath.dirname(path), ""})


def _is_own(unit: str, own: frozenset[str]) -> bool:
    return unit.partition(".")[0] in own
