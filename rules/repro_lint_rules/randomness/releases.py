"""Which release of a library a project asks for, where that decides what a seed controls."""

from __future__ import annotations

import re

from repro_lint.api import Environment, Project

_VERSION = re.compile(r"(?<![>!=~<])(?:===?|~=|<=?|=)\s*v?(\d+)(?:\.(\d+))?")


def before(project: Project, package: str, release: tuple[int, int]) -> bool:
    """Whether the manifests pin or bound the package below the release."""
    for manifest in project.fact(Environment).manifests:
        for requirement in manifest.requirements:
            if requirement.name.lower() not in (package, f"{package}-gpu", f"{package}-cpu") or not requirement.line:
                continue
            lines = project.files[manifest.path].data.decode("utf-8", "replace").splitlines()
            if requirement.line > len(lines):
                continue
            found = _VERSION.search(lines[requirement.line - 1])
            if found is not None and (int(found[1]), int(found[2] or 0)) < release:
                return True
    return False
