"""What releases of libraries have lost and gained, from the tables that ``tools/removed_names.py`` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from repro_lint.api import dataclass

_TABLES = Path(__file__).parent / "removed_names"

Minor = tuple[int, int]
Kind = Literal["name", "member", "keyword"]


@dataclass(frozen=True)
class History:
    """The releases in which a name was lost and gained, in turn; before the first of them it was the other way."""

    turns: tuple[tuple[Minor, bool], ...]
    """The release, and whether the name is there from then on."""

    def lacks(self, release: Minor) -> bool:
        """Whether the release does not have the name."""
        has = not self.turns[0][1]
        for minor, there in self.turns:
            if release < minor:
                break
            has = there
        return not has

    def lost_in(self, release: Minor) -> Minor | None:
        """The release that had removed the name by then; None where it only came later."""
        lost = [minor for minor, there in self.turns if not there and minor <= release]
        return lost[-1] if lost else None

    def gained_after(self, release: Minor) -> Minor | None:
        """The release that brought the name, or brought it back, after that one."""
        return next((minor for minor, there in self.turns if there and minor > release), None)


@dataclass(frozen=True)
class Release:
    """A minor release, and the oldest Python that it runs on, where it says so."""

    minor: Minor
    python: Minor | None


class Library:
    """The table of one library. ``entries`` maps a container to what it lost and gained.

    A container is a module or class; with ``()`` the keywords of a callable, with ``<>`` texts that a library knows.
    """

    def __init__(self, text: str) -> None:
        blocks = text.split("\n\n")
        head = blocks[1].replace("\n ", " ").split("\n")
        self.distribution = head[0].split()[1]
        self.releases = tuple(_release(word) for word in head[1].split()[1:])
        self.read_on = blocks[0].partition(" on ")[2][:10]
        self._blocks = {(block := text.partition("\n"))[0]: block[2] for text in blocks[2:]}
        self._read: dict[str, Mapping[str, History]] = {}

    def entries(self, container: str) -> Mapping[str, History]:
        """The names of the container with a history; empty for what is not known."""
        found = self._read.get(container)
        if found is None:
            found = self._read[container] = dict(_entries(self._blocks.get(container, "")))
        return found

    @property
    def containers(self) -> tuple[str, ...]:
        """Everything that something is known of, sorted."""
        return tuple(self._blocks)

    @cached_property
    def callables(self) -> frozenset[str]:
        """The last names of all callables whose keywords have a history."""
        return frozenset(name[:-2].rpartition(".")[2] for name in self._blocks if name.endswith("()"))

    def has(self, container: str) -> bool:
        """Whether anything is known of the container."""
        return container in self._blocks

    @cache  # noqa: B019 - tables live as long as the process
    def words(self, kind: Kind, *, gone: bool) -> frozenset[str]:
        """Every name of that kind that some release lacks; ``gone``: that the newest lacks.

        ``member``: of a class; ``keyword``: of a callable; ``name``: of a module or class.
        """
        found: set[str] = set()
        for container, text in self._blocks.items():
            member = container.rpartition(".")[2][:1].isupper()
            if container.endswith("()") is not (kind == "keyword") or (kind == "member" and not member):
                continue
            for line in text.replace("\n ", " ").split("\n"):
                turns, _, words = line.partition(":")
                if not gone or turns.rpartition(" ")[2].startswith("-"):
                    found.update(words.split())
        return frozenset(found)


@cache
def packages() -> frozenset[str]:
    """The names of the packages that there is a table for."""
    return frozenset(path.stem for path in _TABLES.glob("*.txt"))


@cache
def library(package: str) -> Library:
    """The table for a package that there is one for."""
    return Library((_TABLES / f"{package}.txt").read_text(encoding="utf-8").rstrip("\n"))


def _release(word: str) -> Release:
    minor, _, python = word.partition(">=")
    return Release(parsed(minor), parsed(python) if python else None)


def parsed(version: str) -> Minor:
    """The first two numbers of a plain version."""
    major, _, rest = version.partition(".")
    return int(major), int(rest.partition(".")[0] or 0)


def _entries(text: str) -> Iterator[tuple[str, History]]:
    for line in text.replace("\n ", " ").splitlines():
        turns, _, names = line.partition(":")
        history = _history(turns)
        for name in names.split():
            yield name, history


@cache
def _history(turns: str) -> History:
    return History(tuple((parsed(turn[1:]), turn[0] == "+") for turn in turns.split()))
