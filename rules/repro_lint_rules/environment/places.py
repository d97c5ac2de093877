"""Where in a manifest something stands."""

from __future__ import annotations

from repro_lint.api import Directive, Manifest, Place, Project, Requirement


def place_in(project: Project, manifest: Manifest, item: Requirement | Directive | None = None) -> Place:
    """The line of a requirement or directive; that where the dependencies begin, or the file, where it has none."""
    line = item.line if item is not None and item.line else manifest.line
    return project.line_place(manifest.path, line) if line else project.place(manifest.path)
