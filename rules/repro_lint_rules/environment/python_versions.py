"""Which releases of Python a statement admits, in whatever language it is written."""

from __future__ import annotations

from functools import lru_cache

from repro_lint.api import lazy_pattern

Release = tuple[int, int, int]
# Every release there is (https://www.python.org/doc/versions/), and some to come: what is unknown is not refused.
_RELEASES = tuple(
    (*minor, patch) for minor in ((2, 6), (2, 7), *((3, minor) for minor in range(30)), (4, 0)) for patch in range(26)
)
_SPACE = lazy_pattern(r"(?<=[\^~<>=!])\s+")
_PART = lazy_pattern(
    r"(?P<operator>===|==|~=|!=|<=|>=|<|>|=|\^|~)?v?(?P<version>\d+(?:\.\d+){0,2})(?:\.[*x])?"
    r"(?:[.-]?(?:a|b|rc|dev)\d*)?(?:=[^=]*)?"
)


@lru_cache(maxsize=256)
def admitted(specifier: str) -> frozenset[Release] | None:
    """The releases that fulfil the specifier, or None where it cannot be read.

    PEP 440, what Poetry adds to it (``^3.9``, ``~3.9``, ``||``), conda's single ``=``, and versions alone. A version
    of two parts stands for all its patches, also after ``==``, where pip would take it for the first of them.
    """
    found: set[Release] = set()
    for choice in specifier.replace("||", "|").split("|"):
        matches = [_PART.fullmatch(part) for part in _SPACE.sub("", choice.replace(",", " ")).split()]
        bounds = [_bounds(match["operator"] or "", match["version"]) for match in matches if match]
        if not matches or len(bounds) < len(matches):
            return None
        found |= {r for r in _RELEASES if all((low <= r < high) == inside for low, high, inside in bounds)}
    return frozenset(found)


def _bounds(operator: str, version: str) -> tuple[Release, Release, bool]:
    """The first release, the first one after the last, and whether what lies between is meant or excluded."""
    given = [int(part) for part in version.split(".")]
    if operator in ("", "=", "==", "===", "!="):
        return _release(given), _after(given), operator != "!="
    if operator in ("^", "~", "~="):
        kept = {"^": 1, "~": 2, "~=": max(len(given) - 1, 1)}[operator]
        return _release(given), _after(given[:kept]), True
    # As PEP 440 has it: 3.8.1 is more than 3.8, and not at most 3.8.
    first = _release(given) if operator in (">=", "<") else _after([*_release(given)])
    return first, (99, 0, 0), operator.startswith(">")


def _release(given: list[int]) -> Release:
    major, minor, patch = (*given, 0, 0)[:3]
    return major, minor, patch


def _after(given: list[int]) -> Release:
    """The first release after all that begin with the numbers."""
    return _release([*given[:-1], given[-1] + 1])
