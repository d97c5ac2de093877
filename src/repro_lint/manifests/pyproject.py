"""pyproject.toml: PEP 621 and PEP 735, and the tables of Poetry, PDM, Hatch, uv, pixi and Flit."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from repro_lint.manifests.model import Directive, Manifest, Requirement, canonical
from repro_lint.manifests.specifications import parse_requirement
from repro_lint.manifests.tables import Toml, items, pixi_requirements, python_requirement, strings

_STARTS = (("project", "dependencies"), ("tool", "poetry", "dependencies"), ("dependency-groups",), ("project",))


def parse_pyproject(path: str, data: bytes) -> Manifest | None:
    """The manifest in a pyproject.toml, or None for one that only configures tools."""
    toml = Toml(data)
    if toml.problem:
        return Manifest(path, "pyproject", problem=toml.problem)
    project, poetry = toml.table("project"), toml.table("tool", "poetry")
    pixi, pixi_python = pixi_requirements(toml, ("tool", "pixi"))
    found = [*_standard(toml), *_poetry(toml), *_others(toml), *pixi]
    if not (project or poetry or found):
        return None
    found = [requirement for requirement in found if requirement.name != "python"]
    classifiers = [*strings(project.get("classifiers")), *strings(poetry.get("classifiers"))]
    library = "build-system" in toml.document and any(c.startswith("Programming Language ::") for c in classifiers)
    directives = (*_dynamic_files(toml, posixpath.dirname(path)), *_local(found))
    name = project.get("name") or poetry.get("name")
    return Manifest(
        path,
        "poetry" if poetry else "pyproject",
        tuple(found),
        next((toml.lines[key] for key in _STARTS if key in toml.lines), None),
        library,
        computed="dependencies" in strings(project.get("dynamic"))
        and not poetry.get("dependencies")
        and not any(directive.kind == "requirements" for directive in directives),
        directives=directives,
        mentioned=frozenset(_built_with(toml)),
        python=_python(toml) or pixi_python,
        project=canonical(name) if isinstance(name, str) else None,
    )


def _standard(toml: Toml) -> Iterator[Requirement]:
    project = toml.table("project")
    yield from toml.listed(project.get("dependencies"), ("project", "dependencies"))
    for scope, entries in items(project.get("optional-dependencies")):
        yield from toml.listed(entries, ("project", "optional-dependencies", scope), scope)
    for scope, entries in items(toml.document.get("dependency-groups")):
        yield from toml.listed(entries, ("dependency-groups", scope), scope)


def _poetry(toml: Toml) -> Iterator[Requirement]:
    at = ("tool", "poetry")
    yield from toml.mapped(toml.table(*at, "dependencies"), (*at, "dependencies"))
    yield from toml.mapped(toml.table(*at, "dev-dependencies"), (*at, "dev-dependencies"), "dev")
    for scope, _ in items(toml.table(*at, "group")):
        place = (*at, "group", scope, "dependencies")
        yield from toml.mapped(toml.table(*place), place, scope)


def _others(toml: Toml) -> Iterator[Requirement]:
    """What the tables of uv, PDM, Hatch and Flit list."""
    uv = ("tool", "uv", "dev-dependencies")
    yield from toml.listed(toml.table("tool", "uv").get("dev-dependencies"), uv, "dev")
    for scope, entries in items(toml.table("tool", "pdm", "dev-dependencies")):
        yield from toml.listed(entries, ("tool", "pdm", "dev-dependencies", scope), scope)
    for scope, environment in items(toml.table("tool", "hatch", "envs")):
        for key in ("dependencies", "extra-dependencies"):
            entries = environment.get(key) if isinstance(environment, dict) else None
            yield from toml.listed(entries, ("tool", "hatch", "envs", scope, key), f"hatch {scope}")
    flit = ("tool", "flit", "metadata", "requires")
    yield from toml.listed(toml.table(*flit[:-1]).get("requires"), flit)


def _built_with(toml: Toml) -> Iterator[str]:
    for entry in strings(toml.table("build-system").get("requires")):
        if requirement := parse_requirement(entry, None):
            yield requirement.name


def _dynamic_files(toml: Toml, directory: str) -> Iterator[Directive]:
    """The requirement files that setuptools and hatch-requirements-txt read the dependencies from."""
    at = ("tool", "setuptools", "dynamic")
    hatch = ("tool", "hatch", "metadata", "hooks", "requirements_txt", "files")
    files = [(file, toml.line(*hatch)) for file in strings(toml.table(*hatch[:-1]).get("files"))]
    places: list[tuple[str, ...]] = [(*at, "dependencies")]
    places += [(*at, "optional-dependencies", s) for s, _ in items(toml.table(*at, "optional-dependencies"))]
    for place in places:
        named = toml.table(*place).get("file")
        files += [(f, toml.line(*place)) for f in (strings(named) or ([named] if isinstance(named, str) else []))]
    for name, line in files:
        yield Directive("requirements", posixpath.normpath(posixpath.join(directory, name)), line)


def _local(found: list[Requirement]) -> Iterator[Directive]:
    for requirement in found:
        if requirement.url and "://" not in requirement.url:
            yield Directive("path", requirement.url, requirement.line)


def _python(toml: Toml) -> Requirement | None:
    stated = toml.table("project").get("requires-python")
    if isinstance(stated, str):
        return python_requirement(stated, toml.line("project", "requires-python"))
    at = ("tool", "poetry", "dependencies", "python")
    return python_requirement(toml.table(*at[:-1]).get("python"), toml.line(*at))
