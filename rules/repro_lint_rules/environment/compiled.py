"""Whether compiled requirements still fit what they were compiled from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from repro_lint.api import Environment, Manifest, Project, Requirement, canonical_name, lazy_pattern, read_text

# What pip-compile and uv write below a requirement: ``# via pandas``, or a line for each reason.
_ENTRY = lazy_pattern(
    r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==[^\n]*\n(?:[ ]+--hash[^\n]*\n)*"
    r"(?P<reasons>(?:[ ]+#[^\n]*(?:\n|$))+)",
    re.M,
)
_REASONS = lazy_pattern(r"\s*\n?\s*#\s+(?:via\b\s*)?|,\s+|\s*\n")
_INPUT = lazy_pattern(r"^#\s+(?:uv )?(?:pip compile|pip-compile)\s(?P<arguments>.*)$", re.M)


def source_of(project: Project, compiled: Manifest) -> Manifest | None:
    """The manifest that the file was compiled from: the one in its header, else the ``.in`` beside it."""
    manifests = {manifest.path: manifest for manifest in project.fact(Environment).manifests}
    header = _INPUT.search(read_text(project, compiled.path)[:3000])
    named = [word for word in header["arguments"].split() if word.endswith((".in", ".toml"))] if header else []
    if len(named) > 1:
        return None
    for candidate in (*named, compiled.path.removesuffix(".txt") + ".in"):
        for path in (posixpath.normpath(posixpath.join(compiled.directory, candidate)), candidate):
            if path in manifests and path != compiled.path:
                return manifests[path]
    return None


def no_longer_required(project: Project, source: Manifest, compiled: Manifest) -> Iterator[str]:
    """The names of what the compiled file holds for the source alone, as it says, and the source does not ask for."""
    if source.computed or any(directive.kind != "index" for directive in source.directives):
        return
    asked = {requirement.name for requirement in source.requirements}
    for match in _ENTRY.finditer(read_text(project, compiled.path)):
        reasons = {reason for reason in _REASONS.split(match["reasons"]) if reason and not reason.startswith("-c ")}
        mine = {f"-r {path}" for path in (source.path, posixpath.basename(source.path))}
        if reasons and reasons <= mine and canonical_name(match["name"]) not in asked:
            yield canonical_name(match["name"])


def compiled_difference(source: Manifest, compiled: Manifest) -> Iterator[tuple[Requirement, str]]:
    """The requirements that the compiled file does not fulfil, and how."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    locked = {requirement.name: requirement for requirement in compiled.requirements}
    for requirement in source.requirements:
        if requirement.marker or requirement.url or requirement.scope:
            continue
        found = locked.get(requirement.name)
        if found is None:
            yield requirement, f"{requirement.name} is required, and not in the lock"
            continue
        try:
            version = Version(found.specifier.lstrip("= "))
            fits = SpecifierSet(requirement.specifier).contains(version, prereleases=True)
        except (InvalidSpecifier, InvalidVersion):
            continue
        if not fits:
            yield requirement, f"{requirement.name} is required as `{requirement.specifier}`, and locked as {version}"
