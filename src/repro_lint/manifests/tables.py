"""Manifests in TOML: pyproject.toml (PEP 621, PEP 735, Poetry), Pipfile, pixi.toml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tomli

from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.model import Manifest, Requirement, canonical, is_pinned
from repro_lint.sources.text import decode
from repro_lint.sources.toml import KeyPath, key_lines

_NAME = lazy_pattern(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?(.*?)\)?\s*$")
_COMMIT = lazy_pattern(r"[0-9a-f]{7,40}")
_POETRY_EXACT = lazy_pattern(r"={0,3}\s*\d+(?:\.\d+){1,3}[\w.+-]*$")


def parse_pyproject(path: str, data: bytes) -> Manifest | None:
    """The manifest in a pyproject.toml, or None for one that only configures tools."""
    text, document, problem = _load(data)
    if problem:
        return Manifest(path, "pyproject", problem=problem)
    lines = key_lines(text)
    project, poetry = _table(document, "project"), _table(document, "tool", "poetry")
    pixi = _table(document, "tool", "pixi")
    found: list[Requirement] = []
    for entry in _strings(project.get("dependencies")):
        found.append(_from_pep508(entry, lines.get(("project", "dependencies"))))
    for scope, entries in _items(project.get("optional-dependencies")):
        found += [
            _from_pep508(e, lines.get(("project", "optional-dependencies", scope)), scope) for e in _strings(entries)
        ]
    for scope, entries in _items(document.get("dependency-groups")):
        found += [_from_pep508(e, lines.get(("dependency-groups", scope)), scope) for e in _strings(entries)]
    found += _mapping(poetry.get("dependencies"), ("tool", "poetry", "dependencies"), lines)
    found += _mapping(poetry.get("dev-dependencies"), ("tool", "poetry", "dev-dependencies"), lines, "dev")
    for scope, group in _items(poetry.get("group")):
        at = ("tool", "poetry", "group", scope, "dependencies")
        found += _mapping(_table({"g": group}, "g").get("dependencies"), at, lines, scope)
    found += _mapping(pixi.get("dependencies"), ("tool", "pixi", "dependencies"), lines)
    found += _mapping(pixi.get("pypi-dependencies"), ("tool", "pixi", "pypi-dependencies"), lines)
    if not (project or poetry or found):
        return None
    classifiers = [*_strings(project.get("classifiers")), *_strings(poetry.get("classifiers"))]
    library = "build-system" in document and any(c.startswith("Programming Language ::") for c in classifiers)
    starts = [("project", "dependencies"), ("tool", "poetry", "dependencies"), ("dependency-groups",), ("project",)]
    line = next((lines[key] for key in starts if key in lines), None)
    return Manifest(path, "poetry" if poetry else "pyproject", tuple(found), line, library)


def parse_pipfile(path: str, data: bytes) -> Manifest:
    """The manifest in a Pipfile."""
    text, document, problem = _load(data)
    lines = key_lines(text) if not problem else {}
    found = _mapping(document.get("packages"), ("packages",), lines)
    found += _mapping(document.get("dev-packages"), ("dev-packages",), lines, "dev")
    return Manifest(path, "pipfile", tuple(found), lines.get(("packages",)), problem=problem)


def parse_pixi(path: str, data: bytes) -> Manifest:
    """The manifest in a pixi.toml."""
    text, document, problem = _load(data)
    lines = key_lines(text) if not problem else {}
    found = [r for key in ("dependencies", "pypi-dependencies") for r in _mapping(document.get(key), (key,), lines)]
    return Manifest(path, "pixi", tuple(found), lines.get(("dependencies",)), problem=problem)


def _load(data: bytes) -> tuple[str, dict[str, Any], str | None]:
    text = decode(data).text
    try:
        return text, tomli.loads(text), None
    except (tomli.TOMLDecodeError, RecursionError, ValueError) as error:
        return text, {}, f"is not valid TOML: {error}"


def _table(document: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _strings(value: Any) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _from_pep508(entry: str, line: int | None, scope: str = "") -> Requirement:
    match = _NAME.match(entry.split(";")[0])
    name, rest = (match[1], match[2]) if match else (entry, "")
    return Requirement(canonical(name), line, is_pinned(rest.lstrip("@ ")), scope)


def _mapping(value: Any, at: KeyPath, lines: dict[KeyPath, int], scope: str = "") -> list[Requirement]:
    """Requirements written as ``name = "version"`` or ``name = {version = "…", rev = "…"}``, Python itself left out."""
    return [
        Requirement(
            canonical(name), lines.get((*at, name), lines.get(at)), any(_exact(v) for v in _versions(spec)), scope
        )
        for name, spec in _items(value)
        if name.lower() != "python"
    ]


def _versions(spec: Any) -> Iterator[str]:
    for choice in spec if isinstance(spec, list) else [spec]:
        if isinstance(choice, dict):
            if _COMMIT.fullmatch(str(choice.get("rev"))):  # a branch or tag can move, a commit cannot
                yield "==0.0"
            choice = choice.get("version", "*")
        yield str(choice)


def _exact(version: str) -> bool:
    """Poetry, Pipenv and pixi: a bare version is exact there, a caret or tilde is not."""
    return bool(_POETRY_EXACT.fullmatch(version.strip()))
