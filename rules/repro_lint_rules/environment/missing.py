"""The modules that a project imports and nothing declares."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field

from repro_lint.api import Environment, Manifest, Project, dataclass, is_template
from repro_lint_rules.environment.declared import Declared, requested
from repro_lint_rules.environment.imports import ForeignImportFacts, ForeignImports, ForeignModule
from repro_lint_rules.environment.names import (
    by_name,
    coming_with,
    distributions_of,
    matching,
    names,
    required_by,
    resembling,
    suggestion,
)
from repro_lint_rules.environment.own_modules import OwnModules, spellings

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
    other: Manifest | None = None
    """The manifest for other files that declares it."""
    on_kaggle: bool = False


def foreign_modules(project: Project) -> Iterator[tuple[str, ForeignImports, ForeignModule]]:
    """Every import of every file that is neither the project's own, nor installed or written by the file itself."""
    own = project.fact(OwnModules)
    described = {name for m in project.fact(Declared).manifests if m.project for name in spellings(m.project)}
    for path, imports in sorted(project.file_facts(ForeignImportFacts).items()):
        if is_template(path):  # what is made of it has a manifest of its own
            continue
        for module in imports.modules:
            if own.has(module.unit, module.modules):
                continue
            if (top := module.unit.partition(".")[0]) in imports.written or top in described:
                continue
            if module.unit in _PACKAGING or (path.endswith(".ipynb") and module.unit in _JUPYTER):
                continue
            if not imports.installed or matching(module.modules, module.unit, by_name(imports.installed)) is None:
                yield path, imports, module


def missing_modules(project: Project) -> list[MissingModule]:
    """What no manifest declares, in the order of the files and of their first imports."""
    declared = project.fact(Declared)
    scripts = {manifest.path: manifest for manifest in project.fact(Environment).scripts}
    available = by_name(declared.distributions)
    matched: dict[tuple[str, frozenset[str], int], str | None] = {}

    def match(module: ForeignModule, distributions: dict[str, str]) -> str | None:
        key = (module.unit, module.modules, id(distributions))
        if key not in matched:
            matched[key] = matching(module.modules, module.unit, distributions)
        return matched[key]

    found: dict[tuple[str, str], MissingModule] = {}
    fullnames: dict[tuple[str, str], set[str]] = defaultdict(set)
    used: set[str] = set()
    asked: dict[str, dict[str, str]] = {}
    served: dict[frozenset[str], dict[str, str]] = {}
    for path, imports, module in foreign_modules(project):
        script = scripts.get(path)
        manifest, other = script or declared.covering(path), None
        if name := match(module, asked.setdefault(path, by_name(requested(script))) if script else available):
            used.add(name)
            names_here = frozenset() if script else declared.serving(path)
            if names_here not in served:
                served[names_here] = by_name(names_here)
            if not names_here or match(module, served[names_here]):
                continue
            other = declared.asking(name)
            if other is None:
                continue
        if manifest is None or (module.unit not in names().modules and _is_kept_out(project, path, module.unit)):
            continue
        key = (manifest.path, module.unit)
        missing = found.setdefault(key, MissingModule(module.unit, manifest, suggestion(module.unit) is not None))
        missing.places.append((path, module.line))
        fullnames[key] |= module.modules
        missing.other = other
        missing.on_kaggle |= imports.on_kaggle
    for key, missing in found.items():
        if missing.other is None:
            _explain(project, missing, frozenset(fullnames[key]), declared.distributions - used)
    return list(found.values())


def _explain(project: Project, missing: MissingModule, modules: frozenset[str], unused: frozenset[str]) -> None:
    """Say where it may come from after all."""
    declared, submodules = project.fact(Declared), project.fact(OwnModules).submodules
    asked, brought = declared.distributions, declared.brought
    if missing.manifest.kind == "script":  # it runs with what it asks for itself, and nothing else
        asked = frozenset(requirement.name for requirement in missing.manifest.requirements)
        brought = coming_with(asked)
    if matching(modules, missing.unit, by_name(brought)):
        wanted = {missing.unit, *distributions_of(missing.unit)}
        asking = sorted(asked)
        carriers = [name for name in asking if not wanted.isdisjoint(required_by(name))]
        carriers = carriers or [name for name in asking if not wanted.isdisjoint(coming_with([name]))]
        missing.instead = f"comes only because {carriers[0]} needs it" if carriers else "comes only through others"
    elif matching(modules, missing.unit, by_name(declared.locked)):
        missing.instead = "is locked only because something else needs it"
    elif matching(modules, missing.unit, by_name(declared.installed_elsewhere)):
        missing.instead = "is installed by name in a script, container or workflow only"
    elif not missing.known and missing.on_kaggle:
        missing.instead, missing.unsure = "may be a part of the data on Kaggle", True
    elif not missing.known and submodules:
        missing.instead, missing.unsure = f"may lie in the submodule {submodules[0]}", True
    elif not missing.known and (similar := resembling(missing.unit, iter(unused))):
        missing.instead, missing.unsure = f"may come with {similar}", True


def _is_kept_out(project: Project, path: str, unit: str) -> bool:
    """Whether git ignores a module of this name beside the file or at the root: settings and keys are kept so."""
    name = unit.partition(".")[0] + ".py"
    return any(project.view.ignored(posixpath.join(folder, name)) for folder in {posixpath.dirname(path), ""})
