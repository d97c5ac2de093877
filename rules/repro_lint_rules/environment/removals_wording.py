"""How findings about removed names are worded."""

from __future__ import annotations

from repro_lint_rules.environment.removals import Minor
from repro_lint_rules.environment.removals_objects import advice
from repro_lint_rules.environment.removals_ranges import Admitted
from repro_lint_rules.environment.removals_uses import Use


def named(uses: list[Use], use: Use) -> str:
    """The name, and how many others the finding is about."""
    container, _, name = use.key.rpartition(".")
    shown = f"`{use.key}`"
    if use.kind == "keyword":
        shown = f"the argument `{name}` of `{container.removesuffix('()')}`"
    elif use.kind == "style":
        shown = f"the style `{name}`"
    others = len({other.key for other in uses}) - 1
    return f"{shown}, with {others} other name{'s' if others > 1 else ''}," if others else shown


def fate(use: Use, newest: Minor, lost: Minor | None) -> str:
    """Since when it is gone, or in which release it came."""
    library = use.library.distribution
    if lost is not None:
        return f"is gone since {library} {written(lost)}"
    return f"came with {library} {written(use.history.gained_after(newest) or newest)}"


def admission(use: Use, admitted: Admitted) -> str:
    """What lets a release without it be installed."""
    library = use.library.distribution
    if not admitted.said:
        return f"nothing says which release of {library} to install: it will be the newest"
    where = admitted.path.rpartition("/")[2] if admitted.line is None else f"{admitted.path}:{admitted.line}"
    if admitted.exact:
        return f"{where} installs `{admitted.said}`"
    if not admitted.bounded:
        return f"`{admitted.said}` in {where} lets the newest release be installed"
    return f"`{admitted.said}` in {where} admits {written(admitted.releases[-1])}"


def advised(use: Use, admitted: Admitted, lost: Minor | None) -> str:
    """What to do about it."""
    library = use.library.distribution
    key = f"matplotlib.style<>.{use.key.rpartition('.')[2]}" if use.kind == "style" else use.key
    if use.kind == "keyword":
        key = f"{use.key.rpartition('.')[2]}= of {use.key.rpartition('.')[0]}"
    instead = advice().replacements.get(key)
    if instead is None and lost is not None:
        release, _, where = advice().moved.get(library, "").partition(" ")
        instead = f"`{key.replace(library, where, 1)}`" if release == written(lost) else None
    if lost is None:
        gained = use.history.gained_after(admitted.releases[-1])
        return f"require `{library}>={written(gained)}`" if gained else f"require another release of {library}"
    keep = f"require `{library}<{written(lost)}`"
    return f"use {instead}, or {keep}" if instead else f"{keep}, or look for what replaced it in the release notes"


def written(release: Minor) -> str:
    """The release as people write it."""
    return ".".join(map(str, release))
