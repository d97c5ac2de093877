"""Which distributions give which modules."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import canonical_name, dataclass, lazy_pattern

_HERE = Path(__file__).parent
_SEPARATORS = lazy_pattern(r"[-_.]+")
_WORDS = lazy_pattern(r"[a-z]{3,}")
_VARIANTS = ("python-{}", "py{}", "py-{}", "{}-python", "{}-py", "python3-{}", "{}-binary")
_NUMBERED = ("{}3", "{}2")
"""What may hold a module that is not known; a known one is another than its successor (pymc and pymc3)."""


@dataclass(frozen=True)
class Mistake:
    """A name that is not that of the distribution: what to write instead ("" for nothing), and what happens."""

    instead: str
    effect: str


@dataclass(frozen=True)
class Names:
    """What ``distributions.toml`` and ``module_names.txt`` say; names of distributions are normalised."""

    modules: Mapping[str, tuple[str, ...]]
    """The distributions that give each known module, the one to suggest first."""
    measured: Mapping[str, tuple[str, ...]]
    """Those whose wheels hold a module that is not called like them, the most used first (``module_names.txt``)."""
    conda: Mapping[str, str]
    brings: Mapping[str, frozenset[str]]
    bundles: Mapping[str, frozenset[str]]
    hosts: frozenset[str]
    standard: frozenset[str]
    mistaken: Mapping[str, Mistake]
    namespaces: frozenset[str]


@lru_cache(maxsize=1)
def names() -> Names:
    """What is known of names, read when it is first asked for."""
    import tomli

    data: dict[str, Any] = tomli.loads((_HERE / "distributions.toml").read_text(encoding="utf-8"))
    same = {module: (canonical_name(module),) for module in data["same"]["modules"].split()}
    return Names(
        modules={**same, **{module: tuple(found.split()) for module, found in data["modules"].items()}},
        measured=_Rows("module_names.txt"),
        conda=data["conda"],
        brings={name: frozenset(brought.split()) for name, brought in data["brings"].items()},
        bundles={name: frozenset(listed.split()) for name, listed in data["bundles"].items()},
        hosts=frozenset(data["hosts"]["modules"].split()),
        standard=frozenset(data["standard"]["modules"].split()) | sys.stdlib_module_names,
        mistaken={name: Mistake(*entry) for name, entry in data["mistaken"].items()},
        namespaces=frozenset(" ".join(data["namespaces"].values()).split()),
    )


class _Rows(Mapping[str, tuple[str, ...]]):
    """The rows of a table by their first words. Few of thousands are asked for: none is taken apart before that."""

    def __init__(self, file: str) -> None:
        lines = (_HERE / file).read_text(encoding="utf-8").splitlines()
        self._rows = {line.partition(" ")[0]: line for line in lines if not line.startswith("#")}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return tuple(self._rows[name].split()[1:])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@lru_cache(maxsize=1)
def brought() -> Mapping[str, tuple[str, ...]]:
    """What the newest release of each known distribution requires (``brought.txt``)."""
    return _Rows("brought.txt")


def required_by(distribution: str) -> frozenset[str]:
    """What a distribution requires: the newest release, or what people had before."""
    return names().brings.get(distribution, frozenset()).union(brought().get(distribution, ()))


def coming_with(distributions: Iterable[str]) -> frozenset[str]:
    """What is installed along with the distributions, because they or what they require needs it."""
    found: set[str] = set()
    following = list(distributions)
    while following:
        new = required_by(following.pop()) - found
        found |= new
        following += new
    return frozenset(found)


def unit_of(module: str) -> str:
    """The part of a module's name that stands for a distribution: the first, or more in packages that many share."""
    parts = module.split(".")
    taken = 1
    while taken < len(parts) and ".".join(parts[:taken]) in names().namespaces:
        taken += 1
    return ".".join(parts[:taken])


def suggestion(unit: str) -> str | None:
    """The distribution to install for the module, or None where that is not known.

    What only holds the module among others is no suggestion: a file ``recipes.py`` that is missing is not torchtune.
    """
    if unit in names().modules:
        return names().modules[unit][0]
    return resembling(unit, iter(names().measured.get(unit, ())[:1]))


def distributions_of(unit: str) -> tuple[str, ...]:
    """The distributions that are known to give the module; the one called like it where none is known."""
    return names().modules.get(unit) or (suggestion(unit) or canonical_name(unit),)


def is_foreign(module: str) -> bool:
    """Whether the module has to be installed: neither a part of some version of Python nor of a host program.

    Modules with an underscore in front, and those that protocol compilers write, are built and not installed.
    """
    known = names()
    top = module.partition(".")[0]
    if top in known.standard or not known.hosts.isdisjoint({top, ".".join(module.split(".")[:2])}):
        return False
    return top in known.modules or not (top.startswith("_") or top.endswith(("_pb2", "_pb2_grpc")))


def matching(modules: frozenset[str], unit: str, declared: Mapping[str, str]) -> str | None:
    """The declared distribution that gives the module, or None.

    ``modules`` are the full names that are imported; ``declared`` has the normalised names, also without separators,
    and what they stand for.
    """
    candidates = (*called_like(modules, unit), *names().measured.get(unit, ()))
    return next((declared[candidate] for candidate in candidates if candidate in declared), None)


def called_like(modules: frozenset[str], unit: str) -> Iterator[str]:
    """The distributions that are known to give the module, and those whose names follow from its name."""
    name = canonical_name(unit)
    yield from names().modules.get(unit, ())
    yield name
    for variant in _VARIANTS if unit in names().modules else (*_VARIANTS, *_NUMBERED):
        yield variant.format(name)
    if name.startswith("sk"):
        yield f"scikit-{name[2:].lstrip('-')}"
        yield f"scikits-{name[2:].lstrip('-')}"
    for module in sorted(modules):
        parts = module.split(".")
        for count in range(2, min(len(parts), 4) + 1):
            yield canonical_name("-".join(parts[:count]))
    yield _SEPARATORS.sub("", name)


def by_name(distributions: frozenset[str]) -> dict[str, str]:
    """The distributions by their names with and without separators, as ``matching`` takes them."""
    return {_SEPARATORS.sub("", name): name for name in sorted(distributions)} | {name: name for name in distributions}


def resembling(unit: str, distributions: Iterator[str]) -> str | None:
    """A distribution whose name shares a word or its initials with the module, and may give it after all."""
    words = set(_WORDS.findall(unit.lower()))
    for name in sorted(distributions):
        theirs = name.split("-")
        initials = "".join(word[:1] for word in theirs)
        if (len(theirs) > 2 and initials == unit.lower()) or words & set(_WORDS.findall(name)):
            return name
        if any(_is_in(a, b) or _is_in(b, a) for a in words for b in theirs):
            return name
    return None


def _is_in(part: str, whole: str) -> bool:
    """Whether a word makes up half of another: "data" says little of what is in "ebmdatalab"."""
    return len(part) > 3 and 2 * len(part) >= len(whole) and part in whole
