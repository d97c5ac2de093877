"""What star imports of well-known libraries and ``%pylab`` bind, from a table made by ``tools/star_names.py``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from repro_lint.api import Project, dataclass


@dataclass(frozen=True)
class Star:
    """The names that a star import binds, and those that only older releases of its ``library`` gave it.

    ``current`` and ``older`` are the releases that were looked at.
    """

    library: str
    names: frozenset[str]
    gone: frozenset[str]
    current: str
    older: str


@cache
def _table() -> dict[str, Any]:
    import tomli

    return tomli.loads(Path(__file__).with_name("star_names.toml").read_text("utf-8"))


def find_star(module: str) -> Star | None:
    """What is known of star imports of the module; ``%pylab`` stands for the magic."""
    table = _table()
    entry = table["modules"].get(module)
    if entry is None:
        return None
    library = entry["library"]
    names, gone = (frozenset(entry.get(key, "").split()) for key in ("names", "gone"))
    return Star(library, names, gone, table["current"][library], table["older"][library])


def star_names(project: Project, module: str) -> frozenset[str] | None:
    """The names that a star import of a well-known module binds here, or None for a module that is not known.

    Where the project pins the library, it may be to a release that still had the names that are gone.
    """
    star = find_star(module)
    if star is None:
        return None
    from repro_lint.api import Environment  # what reads manifests is not for every file with imports

    pinned = star.gone and any(
        requirement.pinned and requirement.name == star.library
        for manifest in project.fact(Environment).manifests
        for requirement in manifest.requirements
    )
    return star.names | star.gone if pinned else star.names
