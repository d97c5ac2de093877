"""Version specifiers of PEP 440, Poetry, Pipenv and conda in one language, and whether two of them can both hold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from repro_lint.api import lazy_pattern

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_PART = lazy_pattern(r"(?P<operator>===|==|~=|!=|<=|>=|<|>|=|\^|~)?(?P<version>[\w.!+-]*?)(?P<star>\.?\*)?(?:=\S*)?")
_AFTER_OPERATOR = lazy_pattern(r"(?<=[\^~<>=!])\s+")


@lru_cache(maxsize=4096)
def compatible(one: str, other: str, conda: tuple[bool, bool] = (False, False)) -> bool:
    """Whether some version fulfils both specifiers; also true where one cannot be read. ``conda``: which are conda's.

    A set of versions between bounds holds the lowest bound, or what comes directly after it, or it has none and
    holds the lowest version of all: trying these few decides it.
    """
    if one == other:
        return True
    sets = _choices(one, conda[0]), _choices(other, conda[1])
    if None in sets:
        return True
    first, second = (found or () for found in sets)
    candidates = {"0", *(v for choice in (*first, *second) for v in _bounds(choice))}
    return any(
        mine.contains(version, prereleases=True) and theirs.contains(version, prereleases=True)
        for mine in first
        for theirs in second
        for version in candidates
    )


def _bounds(specifiers: SpecifierSet) -> Iterator[str]:
    from packaging.version import Version

    for specifier in specifiers:
        version = specifier.version.removesuffix(".*")
        base = Version(version).base_version
        yield from (version, base, f"{base}.0.0.0.1")


@lru_cache(maxsize=4096)
def _choices(specifier: str, conda: bool) -> tuple[SpecifierSet, ...] | None:
    """The alternatives, each as a set of PEP 440; None where one cannot be read."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    found = []
    for choice in specifier.replace("||", "|").split("|"):
        parts = [_part(part, conda) for part in _AFTER_OPERATOR.sub("", choice.replace(",", " ")).split()]
        if None in parts:
            return None
        try:
            found.append(SpecifierSet(",".join(part for part in parts if part)))
        except InvalidSpecifier:
            return None
    return tuple(found)


def _part(text: str, conda: bool) -> str | None:
    """One comparison in the words of PEP 440, empty for one that admits everything, or None."""
    match = _PART.fullmatch(text)
    if match is None:
        return None
    operator, version, star = match["operator"] or "", match["version"], bool(match["star"])
    if not version:
        return "" if star and operator in ("", "=", "==") else None
    if operator in ("^", "~"):
        return _below(version, operator)
    if operator == "=" or (star and operator in ("", "==")) or (conda and not operator):
        return f"=={version}.*"
    if operator == "":
        return f"=={version}"
    if star and operator != "!=":
        return f"{operator}{version}"  # >=1.2.* means >=1.2
    return f"{operator}{version}" + (".*" if star else "")


def _below(version: str, operator: str) -> str | None:
    """``^1.2.3`` and ``~1.2.3``: https://python-poetry.org/docs/dependency-specification/"""
    numbers = version.split(".")
    if not all(number.isdigit() for number in numbers):
        return None
    if operator == "~":
        kept = min(len(numbers), 2)
    else:
        kept = next((place for place, number in enumerate(numbers, 1) if int(number)), len(numbers))
    upper = [*numbers[: kept - 1], str(int(numbers[kept - 1]) + 1)]
    return f">={version},<{'.'.join(upper)}"
