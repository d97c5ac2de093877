"""The files that programs read and nobody gives them: neither the repository nor another program nor a document."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from repro_lint.api import Confidence, Project, ProjectFact, dataclass, lazy_pattern
from repro_lint_rules.data.accesses import Access, FileAccesses, FileUse
from repro_lint_rules.data.path_values import HERE, UNKNOWN
from repro_lint_rules.data.places_of_data import DataPlaces

_NOT_JUDGED = lazy_pattern(
    r"(?:^|/)(?:tests?|testing|fixtures|site-packages|node_modules)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$|\{\{"
)
_HOSTED = lazy_pattern(r"(?:\.\./)+input(?:/|$)|(?:sample_data|drive|gdrive)/|(?:proc|dev|etc)/")
_DOUBTFUL = lazy_pattern(
    r"(?:^|[/_.-])(?:out(?:put)?s?|results?|log|logs|tmp|temp|cache|checkpoints?|ckpts?|runs?|foo|bar|example|your)(?=[/_.-]|$)|[<>]|^x+\.",
)


_IMAGE = lazy_pattern(r"(?i)\.(?:png|jpe?g|svg|pdf|tiff?|gif)$")
_ENDINGS = {"save": ".npy", "savez": ".npz", "savez_compressed": ".npz", "savefig": ".png"}
"""What NumPy and matplotlib add to a name that does not end with it."""
_LONGEST_CHAIN = 6


@dataclass(frozen=True)
class MissingFile:
    """One path of one program that leads to no file.

    ``ignored``: git ignores it, so that it may be on the author's disk. ``nearest`` is a file of the tree that may be
    meant, ``maker`` a program that would write it and stops before; ``accesses`` are the reads,
    the first to fail in front. ``described``: a document names it, or says how to get the data.
    """

    program: str
    path: str
    place: str
    ignored: bool
    outside: bool
    nearest: str | None
    maker: str | None
    confidence: Confidence
    accesses: tuple[Access, ...]
    described: bool = False

    @property
    def certain(self) -> bool:
        """Whether every run of the program fails."""
        return self.accesses[0].certain


class MissingFiles(ProjectFact):
    """Every missing file of every program."""

    def __init__(self, found: Iterable[MissingFile]) -> None:
        every = tuple(found)
        self.found = tuple(one for one in every if not one.described)
        self.described = tuple(one for one in every if one.described)
        """Those of which a document tells something; ``found`` are the others."""

    @classmethod
    def compute(cls, project: Project) -> MissingFiles:
        """Compare what is read with what there is, what is made, and what is said.

        A program that stops for lack of a file makes nothing after that, so that others may miss what it would make.
        """
        comparison = _Comparison(project)
        found = list(comparison.missing())
        for _ in range(_LONGEST_CHAIN):
            stops = {
                one.program: min(one.accesses[0].order, comparison.stops.get(one.program, one.accesses[0].order))
                for one in found
                if one.certain
                and one.confidence is Confidence.HIGH
                and one.program.endswith(".ipynb")
                and not one.described
            }
            if stops == comparison.stops:
                break
            comparison.stops = stops
            found = list(comparison.missing())
        return cls(found)


class _Comparison:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.places = project.fact(DataPlaces)
        self.uses: Mapping[str, FileUse] = project.file_facts(FileAccesses)
        self.written: dict[str, list[tuple[str, Access]]] = {}
        self.patterns: set[str] = set()
        self.named: set[str] = set()
        self.stops: dict[str, int] = {}
        """Where programs stop for lack of a file, by their path."""
        self.probed: dict[str, list[tuple[str, Access]]] = {}
        for program, use in self.uses.items():
            self.named |= use.named
            for access in use.accesses:
                if access.mode in ("write", "make", "probe"):
                    self._made(program, access)

    def _made(self, program: str, access: Access) -> None:
        into = self.probed if access.mode == "probe" else self.written
        ending = _ENDINGS.get(access.call.rpartition(".")[2], "")
        for place in self.places.candidates(program, access.path):
            if UNKNOWN not in place:
                into.setdefault(place, []).append((program, access))
                if ending and not place.endswith(ending):
                    into.setdefault(place + ending, []).append((program, access))
            elif access.mode != "probe":
                self.patterns.add(_pattern(place))

    def missing(self) -> Iterator[MissingFile]:
        for program, use in self.uses.items():
            if _NOT_JUDGED.search(program):
                continue
            found: dict[str, list[Access]] = {}
            for access in use.accesses:
                if access.mode not in ("read", "list") or UNKNOWN in access.path or access.guarded:
                    continue
                if not _HOSTED.match(access.path):
                    found.setdefault(access.path, []).append(access)
            for path, accesses in found.items():
                if (missing := self._judge(program, use, path, accesses)) is not None:
                    yield missing

    def _judge(self, program: str, use: FileUse, path: str, accesses: list[Access]) -> MissingFile | None:
        candidates = self.places.candidates(program, path)
        if any(self.places.exists(place) or self._is_made(place, program, accesses) for place in candidates):
            return None
        elsewhere = self.places.ending_with(path.removeprefix(HERE).lstrip("/"))
        runs_anywhere = not program.endswith(".ipynb") or use.moves
        if elsewhere and runs_anywhere and not path.startswith(HERE):
            exact = [place for place in elsewhere if place.endswith(path.lstrip("./"))]
            if exact:
                return None
        name = posixpath.basename(path)
        is_data = accesses[0].call != "%run"
        described = self.places.mentions(name) or name in use.described
        if is_data and not described:
            described = use.instructs or (not elsewhere and self.places.instructs(program))
        accesses = sorted(accesses, key=lambda access: (not access.certain, access.order))
        return MissingFile(
            program,
            path.removeprefix(HERE).lstrip("/") if path.startswith(HERE) else path,
            candidates[0] if candidates else path,
            any(self.project.view.ignored(place) for place in candidates),
            not candidates,
            next(iter(elsewhere or self.places.namesakes(path)), None),
            next((writer for place in candidates for writer, _ in self.written.get(place, ())), None),
            self._confidence(program, use, candidates, name, accesses[0]),
            tuple(accesses),
            described,
        )

    def _is_made(self, place: str, program: str, reads: list[Access]) -> bool:
        """Whether a program writes the file or the folder that it lies in; the reading notebook must do so before."""
        if any(place.startswith(f"{folder}/") for folder in self._filled):
            return True
        earliest = min(read.order for read in reads)
        return any(
            self._is_reached(writer, write)
            and (writer != program or not program.endswith(".ipynb") or not write.certain or write.order < earliest)
            for writer, write in self.written.get(place, ())
        )

    def _is_reached(self, program: str, access: Access) -> bool:
        return access.order < self.stops.get(program, access.order + 1)

    @cached_property
    def _filled(self) -> list[str]:
        """The folders that a program writes as a whole, or makes and fills."""
        return [place for place in self.written if "." not in place and place not in self.places.folders]

    @cached_property
    def _compiled(self) -> list[re.Pattern[str]]:
        """The patterns, of which there can be more than ``re`` keeps."""
        return [re.compile(pattern) for pattern in self.patterns]

    def _confidence(self, program: str, use: FileUse, candidates: list[str], name: str, access: Access) -> Confidence:
        doubtful = (
            use.producer is not None
            or use.moves
            or name in self.named
            or any(place in self.probed for place in candidates)
            or any(pattern.fullmatch(place) for pattern in self._compiled for place in candidates)
            or any(order < access.order and _corresponds(call, access) for call, order in use.unknown_writes)
            or (_DOUBTFUL.search(access.path) is not None and self.written.keys().isdisjoint(candidates))
            or not posixpath.splitext(name)[1]
        )
        if doubtful or not access.sure:
            return Confidence.LOW
        return Confidence.HIGH if access.certain else Confidence.MEDIUM


def _pattern(path: str) -> str:
    """A regular expression for a path with unknown parts: a whole folder may be many, a part of a name is in one."""
    pieces = [re.escape(piece) for piece in path.split(UNKNOWN)]
    first = ".*" if not pieces[0] and pieces[1].startswith("/") else "[^/]*"
    return first.join(pieces[:2]) + "".join(f"[^/]*{piece}" for piece in pieces[2:])


def _corresponds(writing: str, read: Access) -> bool:
    """Whether a call may have written what is read: ``to_csv`` for ``read_csv``, ``savefig`` for images only."""
    if writing == "savefig":
        return _IMAGE.search(read.path) is not None
    kind = read.call.rpartition(".")[2].removeprefix("read_")
    if writing.startswith("to_"):
        return writing[3:] == kind
    return writing in ("open", "write_text", "save", "dump", "urlretrieve", "copy", "copyfile", "move")
