"""Manifests in TOML other than pyproject.toml, and how tools write requirements as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tomli

from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.model import Directive, Manifest, Requirement, canonical
from repro_lint.manifests.specifications import parse_requirement
from repro_lint.sources.text import decode
from repro_lint.sources.toml import KeyPath, key_lines

_COMMIT = lazy_pattern(r"[0-9a-f]{7,40}")
_POETRY_EXACT = lazy_pattern(r"={0,3}\s*\d+(?:\.\d+){1,3}[\w.+-]*$")
_PIXI_TABLES = ("dependencies", "pypi-dependencies", "host-dependencies", "build-dependencies")
_PIPFILE_OTHER = frozenset({"source", "requires", "scripts", "pipenv", "packages"})


class Toml:
    """A TOML document with the lines of its keys; empty, with a ``problem``, where it cannot be parsed."""

    def __init__(self, data: bytes) -> None:
        self.text = decode(data).text
        self.document: dict[str, Any] = {}
        self.problem: str | None = None
        self.lines: dict[KeyPath, int] = {}
        try:
            self.document = tomli.loads(self.text)
        except (tomli.TOMLDecodeError, RecursionError, ValueError) as error:
            self.problem = f"is not valid TOML: {error}"
            return
        self.lines = key_lines(self.text)
        self._rows = self.text.split("\n")

    def table(self, *keys: str) -> dict[str, Any]:
        """The table at the path; empty for anything else."""
        found: Any = self.document
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def line(self, *keys: str) -> int | None:
        """The line of the key, or of the nearest table around it."""
        for end in range(len(keys), 0, -1):
            if keys[:end] in self.lines:
                return self.lines[keys[:end]]
        return None

    def listed(self, value: Any, at: tuple[str, ...], scope: str = "") -> Iterator[Requirement]:
        """The requirements in an array of strings, each with its own line."""
        number = self.line(*at)
        for entry in strings(value):
            number = self._line_of(entry, number)
            if requirement := parse_requirement(entry, number, scope):
                yield requirement

    def mapped(self, value: Any, at: tuple[str, ...], scope: str = "", *, conda: bool = False) -> Iterator[Requirement]:
        """Requirements written as ``name = "version"`` or ``name = {version = "…", rev = "…"}``."""
        for name, spec in items(value):
            versions = list(_versions(spec))
            url, extras, marker = _details(spec)
            yield Requirement(
                canonical(name),
                self.line(*at, name),
                any(_POETRY_EXACT.fullmatch(version.strip()) for version in versions),
                scope,
                "" if url or versions == ["*"] else " || ".join(dict.fromkeys(_written(spec))),
                extras,
                marker,
                url,
                name,
                conda,
            )

    def _line_of(self, entry: str, start: int | None) -> int | None:
        """The line from ``start`` on in which the string stands; ``start`` for one that is written otherwise."""
        if start is None:
            return None
        for number in range(start, min(start + 400, len(self._rows)) + 1):
            if f'"{entry}"' in self._rows[number - 1] or f"'{entry}'" in self._rows[number - 1]:
                return number
        return start


def parse_pipfile(path: str, data: bytes) -> Manifest:
    """The manifest in a Pipfile."""
    toml = Toml(data)
    found = list(toml.mapped(toml.table("packages"), ("packages",)))
    for name, table in items(toml.document):
        if name not in _PIPFILE_OTHER:  # dev-packages and the categories of one's own
            found += toml.mapped(table, (name,), name.removesuffix("-packages"))
    requires = toml.table("requires")
    key = next((k for k in ("python_full_version", "python_version") if isinstance(requires.get(k), str)), None)
    python = key and python_requirement(f"=={requires[key]}", toml.line("requires", key))
    return Manifest(
        path,
        "pipfile",
        tuple(found),
        toml.line("packages"),
        problem=toml.problem,
        directives=tuple(_paths(toml, found)),
        python=python or None,
    )


def parse_pixi(path: str, data: bytes) -> Manifest:
    """The manifest in a pixi.toml."""
    toml = Toml(data)
    found, python = pixi_requirements(toml, ())
    start = toml.line("dependencies")
    return Manifest(path, "pixi", tuple(found), start, problem=toml.problem, python=python)


def pixi_requirements(toml: Toml, at: tuple[str, ...]) -> tuple[list[Requirement], Requirement | None]:
    """The requirements of pixi's tables below ``at``, those of its features included, and that of Python."""
    places = [((*at, name), "") for name in _PIXI_TABLES]
    places += [((*at, "target", t, n), "") for t, _ in items(toml.table(*at, "target")) for n in _PIXI_TABLES]
    places += [((*at, "feature", f, n), f) for f, _ in items(toml.table(*at, "feature")) for n in _PIXI_TABLES]
    found = [
        requirement
        for place, scope in places
        for requirement in toml.mapped(toml.table(*place), place, scope, conda=place[-1] != "pypi-dependencies")
    ]
    python = next((r for r in found if r.name == "python" and not r.scope), None)
    return [r for r in found if r.name != "python"], python


def python_requirement(specifier: object, line: int | None) -> Requirement | None:
    """The requirement of a version of Python, None for what is no text."""
    if not isinstance(specifier, str):
        return None
    return Requirement("python", line, bool(_POETRY_EXACT.fullmatch(specifier.strip())), specifier=specifier.strip())


def items(value: Any) -> list[tuple[str, Any]]:
    """The items of a table; none of anything else."""
    return list(value.items()) if isinstance(value, dict) else []


def strings(value: Any) -> list[str]:
    """The strings in an array; none of anything else."""
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _paths(toml: Toml, found: list[Requirement]) -> Iterator[Directive]:
    for requirement in found:
        if requirement.url and "://" not in requirement.url:
            yield Directive("path", requirement.url, requirement.line)


def _versions(spec: Any) -> Iterator[str]:
    for choice in spec if isinstance(spec, list) else [spec]:
        if isinstance(choice, dict):
            if _COMMIT.fullmatch(str(choice.get("rev") or choice.get("ref"))):  # a branch or tag can move
                yield "==0.0"
            choice = choice.get("version", "*")
        yield str(choice)


def _written(spec: Any) -> Iterator[str]:
    for choice in spec if isinstance(spec, list) else [spec]:
        yield str(choice.get("version", "*") if isinstance(choice, dict) else choice)


def _details(spec: Any) -> tuple[str, tuple[str, ...], str]:
    """Where it is taken from, the extras and the condition that a table names."""
    tables = [choice for choice in (spec if isinstance(spec, list) else [spec]) if isinstance(choice, dict)]
    for table in tables:
        extras = tuple(canonical(extra) for extra in strings(table.get("extras")))
        marker = next((f"{k} {table[k]}" for k in ("markers", "python", "platform") if k in table), "")
        if isinstance(table.get("git"), str):
            revision = next((str(table[k]) for k in ("rev", "ref", "tag", "branch") if table.get(k)), "")
            return f"git+{table['git']}" + (f"@{revision}" if revision else ""), extras, marker
        for key in ("url", "file", "path"):
            if isinstance(table.get(key), str):
                return table[key], extras, marker
        if extras or marker:
            return "", extras, marker
    return "", (), ""
