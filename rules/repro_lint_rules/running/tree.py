"""Looking up the names that documents use: what is there, what is only elsewhere, and what comes nearest."""

from __future__ import annotations

import difflib
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from repro_lint.api import Project, ProjectFact, dataclass

Outcome = Literal["there", "case", "elsewhere", "missing", "unknown"]
_ALIKE = 0.65
_LIKE_DIRECTORIES = 0.8
_TYPING_ERROR = 5  # letters that differ between two names for the same thing
_AFTER_SUFFIX = (".dvc", ".in", ".template", ".example", ".sample", ".dist")


@dataclass(frozen=True)
class Lookup:
    """How a name fares. ``found``: the file meant, where another letter case or place has it, or the nearest names."""

    outcome: Outcome
    found: tuple[str, ...] = ()


class Tree(ProjectFact):
    """Every path under version control, other people's included."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._alike: dict[str, list[str]] = {}

    @classmethod
    def compute(cls, project: Project) -> Tree:
        """Nothing is listed before it is asked for."""
        return cls(project)

    @cached_property
    def files(self) -> frozenset[str]:
        """All files."""
        return frozenset(self.project.view.paths())

    @cached_property
    def all_names(self) -> str:
        """Every path, one a line."""
        return "\n".join(self.files)

    @cached_property
    def directories(self) -> frozenset[str]:
        """All directories that hold a file, and submodules; "" is the root."""
        found = {""}
        for path in (*self.files, *(f"{module}/." for module in self.project.view.submodules)):
            while (path := path.rpartition("/")[0]) and path not in found:
                found.add(path)
        return frozenset(found)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {path.lower(): path for path in (*self.directories, *self.files)}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted((*self.files, *self.directories)):
            found[posixpath.basename(path)].append(path)
        return dict(found)

    @cached_property
    def _stems(self) -> dict[str, list[tuple[str, str]]]:
        """The names by their suffixes, each with what it is compared by."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in self._by_name:
            found[posixpath.splitext(name)[1]].append((name, _stem(name)))
        return dict(found)

    def has(self, path: str) -> bool:
        """Whether there is such a file or directory."""
        return path in self.files or path in self.directories

    def look_up(self, name: str, bases: Iterable[str], *, nearest: bool = True) -> Lookup:
        """The name as seen from the first directory that knows it.

        "unknown" where nobody can tell: outside the tree, ignored by git, in a submodule or behind a link. For a
        missing one the ``nearest`` is looked for, which takes far longer than the rest.
        """
        paths = list(_joined(name, bases))
        if not paths:
            return Lookup("unknown")
        for path in paths:
            if path == "." or self.has(path):
                return Lookup("there", (path,))
        for path in paths:
            if self._out_of_sight(path):
                return Lookup("unknown")
        first, _, rest = posixpath.normpath(name).partition("/")
        if rest and first not in self.directories and self.has(rest):
            return Lookup("unknown")  # from the directory above: the first part is that of the repository itself
        for path in paths:
            if path.lower() in self._folded:
                return Lookup("case", (self._folded[path.lower()],))
        suffix = "/" + posixpath.normpath(name).removeprefix("../")
        elsewhere = [path for path in self._by_name.get(posixpath.basename(paths[0]), ()) if path.endswith(suffix)]
        if elsewhere:
            return Lookup("elsewhere", tuple(elsewhere))
        return Lookup("missing", tuple(self._nearest(paths)) if nearest else ())

    def _out_of_sight(self, path: str) -> bool:
        view = self.project.view
        parents = [path[:at] for at, character in enumerate(path) if character == "/"]
        return (
            any(parent in self.files or parent in view.submodules for parent in parents)
            or any(path + suffix in self.files for suffix in _AFTER_SUFFIX)
            or view.ignored(path)
            or view.ignored(f"{path}/")
        )

    def _nearest(self, paths: Sequence[str]) -> Iterator[str]:
        """The path most like the first: of that name, of its words in another order, or with a name like it."""
        path = paths[0]
        name = posixpath.basename(path)
        same = self._by_name.get(name, ())
        if same:
            yield max(same, key=lambda other: _likeness(other, path))
            return
        places = {posixpath.dirname(other) for other in paths}
        places |= {similar for place in places if (similar := self.similar(place))}
        candidates = [path for other in self._names_like(name) for path in self._by_name[other]]
        if candidates:
            yield max(
                candidates,
                key=lambda other: (
                    _words(other) == _words(path),
                    posixpath.dirname(other) in places,
                    _likeness(other, path),
                ),
            )

    def _names_like(self, name: str) -> list[str]:
        """The names with the same suffix that may be meant for this one, which several documents may have."""
        if name not in self._alike:
            alike = _Alike(name)
            stems = self._stems.get(posixpath.splitext(name)[1], ())
            self._alike[name] = [other for other, stem in stems if alike(stem)]
        return self._alike[name]

    def similar(self, path: str) -> str | None:
        """The directory as deep as this one whose path is nearest to it, or None."""
        depth = path.count("/")
        pool = [other for other in self.directories if other.count("/") == depth and other]
        return next(iter(difflib.get_close_matches(path, pool, 1, _LIKE_DIRECTORIES)), None)


def _joined(name: str, bases: Iterable[str]) -> Iterator[str]:
    for base in dict.fromkeys(bases):
        path = posixpath.normpath(posixpath.join(base, name))
        if not path.startswith(".."):
            yield path


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


class _Alike:
    """Whether stems can be meant for that of a name: the same words in another order, a part more, or a few letters.

    Those that only begin and end alike, as those of a series do, are not.
    """

    def __init__(self, name: str) -> None:
        self._stem = _stem(name)
        self._words = sorted(self._stem.split("_"))
        self._matcher = difflib.SequenceMatcher(None, "", self._stem)

    def __call__(self, stem: str) -> bool:
        wanted, matcher = self._stem, self._matcher
        if len(stem) == len(wanted) and sorted(stem.split("_")) == self._words:
            return True
        if 2 * min(len(stem), len(wanted)) < _ALIKE * (len(stem) + len(wanted)):
            return False
        matcher.set_seq1(stem)
        if matcher.quick_ratio() < _ALIKE or matcher.ratio() < _ALIKE:
            return False
        start = len(posixpath.commonprefix([stem, wanted]))
        rest = [stem[start:], wanted[start:]]
        end = len(posixpath.commonprefix([part[::-1] for part in rest]))
        first, second = (part[: len(part) - end] for part in rest)
        return not first or not second or len(first) + len(second) <= _TYPING_ERROR


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0].lower().replace("-", "_")


def _words(path: str) -> list[str]:
    """The words of a file's name, in alphabetical order."""
    return sorted(_stem(path).split("_"))
