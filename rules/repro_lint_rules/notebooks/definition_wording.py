"""How findings speak of functions and classes."""

from __future__ import annotations

from collections.abc import Sequence

from repro_lint_rules.notebooks.definitions import Definition
from repro_lint_rules.notebooks.duplicates import lines_together


def counted(own: Sequence[Definition]) -> str:
    """How many functions and classes, and their lines: ``2 functions and 1 class of 40 lines``."""
    classes = sum(definition.is_class for definition in own)
    kinds = [(len(own) - classes, "function", "functions"), (classes, "class", "classes")]
    said = " and ".join(f"{n} {one if n == 1 else many}" for n, one, many in kinds if n)
    return f"{said} of {lines_together(own)} lines"


def named(own: Sequence[Definition]) -> str:
    """``a``, ``a`` and ``b``, or the first three and how many more there are."""
    names = [f"`{definition.name}`" for definition in own]
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def labelled(definition: Definition) -> str:
    """The name, the length and what it needs, for a further place."""
    uses = ", ".join(f"`{name}`" for name in definition.needs[:3])
    more = f" and {len(definition.needs) - 3} more" if len(definition.needs) > 3 else ""
    return f"`{definition.name}`: {definition.lines} lines, " + (
        f"uses {uses}{more} of the notebook" if uses else "needs nothing of the notebook"
    )
