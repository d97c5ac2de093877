"""Whether a lock still fits its manifest, decided from the two files alone.

What is compared is what the tools compare themselves: uv keeps a copy of the requirements in its lock, Poetry, PDM and
Pipenv a hash of what they hold relevant. The formats are not documented in full; the hashes were reproduced from locks
in public repositories.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from repro_lint.api import canonical_name
from repro_lint_rules.environment.python_versions import admitted
from repro_lint_rules.environment.specifier_sets import compatible

Document = Mapping[str, Any]
_POETRY_1 = ("dependencies", "source", "extras", "dev-dependencies")
_ELSEWHERE = frozenset({"git", "url", "path", "directory", "editable", "virtual"})


class UndecidableError(Exception):
    """The files do not tell; the message says why."""


def uv_difference(manifest: Document, lock: Document, workspace: Document | None = None) -> str | None:
    """How the requirements in pyproject.toml differ from those that uv has locked, or None.

    ``workspace`` is the manifest of the workspace that the project is a member of.
    """
    project = _table(manifest, "project")
    name = canonical_name(str(project.get("name", "")))
    root = next(
        (p for p in _tables(lock.get("package")) if canonical_name(str(p.get("name"))) == name and _is_root(p)), None
    )
    if root is None or not name:
        raise UndecidableError("uv.lock does not hold the project itself")
    if {"dependencies", "optional-dependencies"} & set(_strings(project.get("dynamic"))):
        raise UndecidableError("the dependencies are computed when the project is built")
    metadata = _table(root, "metadata")
    sources = {canonical_name(s) for m in (manifest, workspace or {}) for s in _table(m, "tool", "uv", "sources")}
    wanted = [*_strings(project.get("dependencies"))]
    for entries in _table(project, "optional-dependencies").values():
        wanted += _strings(entries)
    # Extras of the project itself are written as what they stand for, by newer versions.
    if found := _compared(_requested(wanted, name), _locked(metadata.get("requires-dist"), name), sources):
        return found
    groups = {group: _requested(entries, name) for group, entries in _groups(manifest).items()}
    locked_groups = {
        canonical_name(group): _locked(entries, name) for group, entries in _table(metadata, "requires-dev").items()
    }
    for group in sorted({*groups, *locked_groups}):
        if found := _compared(groups.get(group, {}), locked_groups.get(group, {}), sources):
            return f"{found}, in the group {group}"
    if workspace is None and not _table(manifest, "tool", "uv", "workspace"):
        return _python_difference(project.get("requires-python"), lock.get("requires-python"))
    return None


def uv_members(lock: Document) -> list[str]:
    """The directories of the other projects in the lock, relative to it."""
    found = []
    for package in _tables(lock.get("package")):
        source = _table(package, "source")
        at = source.get("editable", source.get("virtual"))
        if isinstance(at, str) and at != ".":
            found.append(at)
    return found


def poetry_difference(manifest: Document, lock: Document) -> str | None:
    """How pyproject.toml differs from what Poetry (1 or 2) has locked, or None."""
    locked = _table(lock, "metadata").get("content-hash")
    if not isinstance(locked, str):
        raise UndecidableError("poetry.lock holds no hash")
    if locked in {_digest(content) for content in _poetry_contents(manifest)}:
        return None
    poetry, project = _table(manifest, "tool", "poetry"), _table(manifest, "project")
    wanted = {canonical_name(n) for n in _table(poetry, "dependencies") if n.lower() != "python"}
    wanted |= {canonical_name(n) for n in _table(poetry, "dev-dependencies")}
    wanted |= {canonical_name(n) for g in _table(poetry, "group") for n in _table(poetry, "group", g, "dependencies")}
    wanted |= set(_requested(_strings(project.get("dependencies"))))
    return _lacking(wanted, lock) or "pyproject.toml has changed since: its hash is not the one in the lock"


def pdm_difference(manifest: Document, lock: Document) -> str | None:
    """Which requirements PDM has not locked, or None.

    What goes into PDM's hash depends on its version, so that another hash alone proves nothing.
    """
    locked = str(_table(lock, "metadata").get("content_hash", "")).rpartition(":")[2]
    if locked in {_digest(content) for content in _pdm_contents(manifest)}:
        return None
    groups = _table(lock, "metadata").get("groups")
    project = _table(manifest, "project")
    if "dependencies" in _strings(project.get("dynamic")) or (isinstance(groups, list) and "default" not in groups):
        raise UndecidableError("the lock is not of the project's own dependencies")
    if found := _lacking(set(_requested(_strings(project.get("dependencies")))), lock):
        return found
    for name, specifiers in _requested(_strings(project.get("dependencies"))).items():
        locked_as = {
            str(p.get("version")) for p in _tables(lock.get("package")) if canonical_name(str(p.get("name"))) == name
        }
        wanted = specifiers - {"@"}
        if wanted and not any(compatible(s, f"=={version}") for s in wanted for version in locked_as):
            return f"{name} is required as `{_shown(wanted)}`, and locked as {' and '.join(sorted(locked_as))}"
    raise UndecidableError("the hash in pdm.lock differs, but all that is required is locked")


def pipenv_difference(manifest: Document, lock: Document) -> str | None:
    """How the Pipfile differs from what Pipenv has locked, or None."""
    locked = _table(lock, "_meta", "hash").get("sha256")
    if not isinstance(locked, str):
        raise UndecidableError("Pipfile.lock holds no hash")
    if locked in {_digest(content, separators=(",", ":")) for content in _pipenv_contents(manifest)}:
        return None
    missing = [
        canonical_name(name)
        for section, kept in (("packages", "default"), ("dev-packages", "develop"))
        for name in _table(manifest, section)
        if canonical_name(name) not in {canonical_name(other) for other in _table(lock, kept)}
    ]
    if missing:
        return _absent(missing)
    if not manifest.get("source"):
        raise UndecidableError("the Pipfile names no index, and Pipenv hashes the address of one")
    return "the Pipfile has changed since: its hash is not the one in the lock"


DIFFERENCES: Mapping[str, tuple[str, Callable[[Document, Document], str | None]]] = {
    "uv.lock": ("pyproject.toml", uv_difference),
    "poetry.lock": ("pyproject.toml", poetry_difference),
    "pdm.lock": ("pyproject.toml", pdm_difference),
    "Pipfile.lock": ("Pipfile", pipenv_difference),
}
"""For each lock by its name: the manifest beside it, and what compares the two."""


def _is_root(package: Document) -> bool:
    return bool({"editable", "virtual", "directory"} & set(_table(package, "source")))


def _requested(entries: list[str], but: str = "") -> dict[str, set[str]]:
    """The specifiers of each name in requirements of PEP 508, ``@`` for a URL; ``but`` is left out."""
    from packaging.requirements import InvalidRequirement, Requirement

    found: dict[str, set[str]] = {}
    for entry in entries:
        try:
            requirement = Requirement(entry)
        except InvalidRequirement as error:
            raise UndecidableError(f"`{entry}` is not a valid requirement") from error
        found.setdefault(canonical_name(requirement.name), set()).add(
            "@" if requirement.url else _normal(str(requirement.specifier))
        )
    found.pop(but, None)
    return found


def _locked(entries: Any, but: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in _tables(entries):
        elsewhere = _ELSEWHERE & set(entry)
        specifier = "@" if elsewhere else _normal(str(entry.get("specifier", "")))
        found.setdefault(canonical_name(str(entry.get("name"))), set()).add(specifier)
    found.pop(but, None)
    return found


def _compared(wanted: dict[str, set[str]], locked: dict[str, set[str]], sources: set[str]) -> str | None:
    """The difference in words. Names from other sources are compared by name only."""
    if missing := sorted(set(wanted) - set(locked)):
        return _absent(missing)
    if superfluous := sorted(set(locked) - set(wanted)):
        are = "is" if len(superfluous) == 1 else "are"
        return f"{', '.join(superfluous)} {are} locked as required, and no longer in the manifest"
    for name in sorted(wanted):
        mine, theirs = wanted[name], locked[name]
        if mine != theirs and name not in sources and "@" not in mine | theirs:
            return f"{name} is required as `{_shown(mine)}`, and locked as `{_shown(theirs)}`"
    return None


def _shown(specifiers: set[str]) -> str:
    return " or ".join(specifier or "any version" for specifier in sorted(specifiers))


def _normal(specifier: str) -> str:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.utils import canonicalize_version

    try:
        parts = [
            part.operator + canonicalize_version(part.version, strip_trailing_zero=part.operator != "~=")
            for part in SpecifierSet(specifier)
        ]
        return ",".join(sorted(parts))
    except InvalidSpecifier:
        return specifier.replace(" ", "")


def _python_difference(wanted: Any, locked: Any) -> str | None:
    """uv writes the same range in other words. What it excludes in the middle is left to it."""
    if not isinstance(wanted, str) or not isinstance(locked, str) or "!=" in wanted + locked:
        return None
    mine, theirs = admitted(wanted), admitted(locked)
    if mine is None or theirs is None or mine == theirs:
        return None
    return f"requires-python is `{wanted}`, and was `{locked}` when it was locked"


def _groups(manifest: Document) -> dict[str, list[str]]:
    """The requirements of each dependency group (PEP 735), with those that it includes."""
    raw = {canonical_name(name): entries for name, entries in _table(manifest, "dependency-groups").items()}

    def flat(name: str, seen: tuple[str, ...]) -> Iterator[str]:
        entries = raw.get(name)
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, dict) and isinstance(entry.get("include-group"), str):
                included = canonical_name(entry["include-group"])
                if included not in seen:
                    yield from flat(included, (*seen, included))

    found = {name: list(flat(name, (name,))) for name in raw}
    if own := _strings(_table(manifest, "tool", "uv").get("dev-dependencies")):
        found["dev"] = [*found.get("dev", []), *own]
    return found


def _poetry_contents(manifest: Document) -> Iterator[Any]:
    """What Poetry 1 and 2 take the hash of."""
    poetry, project = _table(manifest, "tool", "poetry"), _table(manifest, "project")
    groups = _table(manifest, "dependency-groups")
    yield {key: poetry.get(key) for key in _POETRY_1}
    first = {key: poetry.get(key) for key in _POETRY_1} | ({"group": poetry["group"]} if "group" in poetry else {})
    yield first
    keys = ("requires-python", "dependencies", "optional-dependencies")
    standard = {key: project[key] for key in keys if project.get(key) is not None}
    if standard or groups:
        content: dict[str, Any] = {"project": standard} if standard else {}
        if groups:
            content["dependency-groups"] = groups
        yield {**content, "tool": {"poetry": {key: value for key, value in first.items() if value is not None}}}


def _pipenv_contents(manifest: Document) -> Iterator[Any]:
    """What Pipenv takes the hash of: the names as written, or normalised, as since 2026."""
    others = {"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"}
    sections = {"default": manifest.get("packages", {}), "develop": manifest.get("dev-packages", {})}
    sections |= {key: value for key, value in manifest.items() if key not in others}
    meta = {"_meta": {"sources": manifest.get("source", []), "requires": manifest.get("requires", {})}}
    yield {**sections, **meta}
    yield {key: {canonical_name(n): v for n, v in _table(sections, key).items()} for key in sections} | meta


def _pdm_contents(manifest: Document) -> Iterator[Any]:
    settings, project = _table(manifest, "tool", "pdm"), _table(manifest, "project")
    development, groups = _table(settings, "dev-dependencies"), _table(manifest, "dependency-groups")
    resolution = _table(settings, "resolution")
    plain = {canonical_name(group): entries for group, entries in groups.items()}
    for dev in (development, {**development, **groups}, groups, plain):
        for more in ({}, {"overrides": _table(resolution, "overrides")}, {"resolution": resolution}):
            yield {
                "sources": settings.get("source", []),
                "dependencies": project.get("dependencies", []),
                "dev-dependencies": dev,
                "optional-dependencies": project.get("optional-dependencies", {}),
                "requires-python": project.get("requires-python", ""),
                **more,
            }


def _digest(content: Any, separators: tuple[str, str] | None = None) -> str:
    text = json.dumps(content, sort_keys=True, separators=separators, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _lacking(wanted: set[str], lock: Document) -> str | None:
    locked = {canonical_name(str(package.get("name"))) for package in _tables(lock.get("package"))}
    return _absent(sorted(wanted - locked))


def _absent(names: list[str]) -> str | None:
    if not names:
        return None
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} required, and not in the lock"


def _table(document: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        document = document.get(key) if isinstance(document, Mapping) else None
    return dict(document) if isinstance(document, Mapping) else {}


def _tables(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []
