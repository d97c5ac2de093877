"""The tree under lint: its own files, and facts about them that are computed once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from repro_lint.facts import FileFact, ProjectFact, fact_key
from repro_lint.files import FileView, display_path
from repro_lint.finding import Finding, Place, Span
from repro_lint.source_file import MAX_FILE_SIZE, SourceFile
from repro_lint.sources.base import Subject, TreeSubject
from repro_lint.sources.text import decode

S = TypeVar("S", bound=Subject)
F = TypeVar("F", bound=ProjectFact)
T = TypeVar("T")

Question = tuple[type[ProjectFact], str, tuple[str, ...], object]
"""A fact, one of its ``questions`` with the arguments, and the answer."""

_BYTES_KEPT = 4 * 2**20
"""Source of the parsed files that are held at a time: an AST takes some fifty times the size of its source. The modules
of one program must fit in, for otherwise each of its walks parses all of them again."""

_ALWAYS_KEPT = 8
"""Parsed files that are held however large they are: rules look at one after the other."""


def _all(path: str) -> bool:
    return True


class Project(TreeSubject):
    """The repository as rules see it.

    ``files`` are the project's own: neither in vendored or environment directories nor excluded by the
    configuration (``explicit`` paths are always in). Rules about such directories themselves look at ``view.paths()``.
    """

    def __init__(
        self,
        view: FileView,
        *,
        excluded: Callable[[str], bool] = lambda path: False,
        explicit: frozenset[str] = frozenset(),
        max_file_size: int = MAX_FILE_SIZE,
    ) -> None:
        self._view = view
        self.max_file_size = max_file_size
        self._is_excluded = excluded
        self._explicit = explicit
        self._facts: dict[type[ProjectFact], ProjectFact | Exception] = {}
        self._file_facts: dict[str, Mapping[str, Any]] = {}
        self._subjects: OrderedDict[tuple[type[Subject], str], tuple[Subject | None, int]] = OrderedDict()
        self._bytes_kept = 0
        self.bytes_loaded = 0
        """How much has been parsed so far, each time that it was."""
        self._wanted: dict[tuple[type[Subject], Callable[[str], bool]], tuple[str, ...]] = {}
        self._current: str | None = None
        self.consulted = False
        """Whether anything but the current file was looked at since ``begin``."""
        self.asked: list[Question] = []
        """What was asked since then."""
        self.wants: Callable[[str], bool] = _all
        """Whether findings about the path are asked for: a subject need not be made for another."""

    @classmethod
    def from_project(cls, project: Project, triggers: tuple[bytes, ...]) -> Iterable[Project]:
        """The project itself."""
        return (project,)

    @property
    def root(self) -> Path:
        """The absolute directory that all paths are relative to."""
        return self._view.root

    @property
    def name(self) -> str:
        """The name of the root directory, which is usually that of the repository."""
        return self.root.name

    @property
    def view(self) -> FileView:
        """The tree with everything in it, other people's files included."""
        self.consulted = True
        return self._view

    @property
    def files(self) -> Mapping[str, SourceFile]:
        """The project's own files by path, sorted."""
        self.consulted = True
        return self.own_files

    @cached_property
    def own_files(self) -> Mapping[str, SourceFile]:
        """The same for the engine, which asks for one file after the other and remembers nothing of it."""
        view = self._view
        return {
            path: SourceFile(path, view, self.max_file_size)
            for path in sorted({*view.paths(), *filter(self._is_file, self._explicit)})
            if path in self._explicit or not (view.excluded(path) or self._is_excluded(path))
        }

    def begin(self, path: str) -> None:
        """From now on one file is looked at; ``consulted`` tells when that was not enough."""
        self._current, self.consulted, self.asked = path, False, []

    def _is_file(self, path: str) -> bool:
        """Whether the path, which git may ignore, is that of a file."""
        try:
            self._view.size(path)
        except OSError:
            return False
        return True

    @cached_property
    def directories(self) -> frozenset[str]:
        """Every directory that holds one of the project's files, "" for the root among them."""
        found = {""}
        for path in self.files:
            while (path := path.rpartition("/")[0]) and path not in found:
                found.add(path)
        return frozenset(found)

    def accepted(self, subject: type[Subject]) -> Iterator[str]:
        """The paths of the files that can become the subject."""
        return (path for path in self.files if subject.accepts(path))

    def wanted(self, subject: type[Subject]) -> tuple[str, ...]:
        """Those of them that findings are asked for, found once for all rules."""
        self.consulted = True
        key = subject, self.wants
        if key not in self._wanted:
            self._wanted[key] = tuple(p for p in self.own_files if self.wants(p) and subject.accepts(p))
        return self._wanted[key]

    def load(self, subject: type[S], path: str) -> S | None:
        """The file as the subject, or None where it is absent, unreadable or something else.

        The last few are kept, so that rules which look at the same file share one parse.
        """
        key = (subject, path)
        self.consulted = self.consulted or path != self._current
        if key in self._subjects:
            self._subjects.move_to_end(key)
            return cast("S | None", self._subjects[key][0])
        file = self.own_files.get(path)
        loaded: S | None = None
        size = 0
        if file is not None and subject.accepts(path):
            try:
                size = len(file.data)
                loaded = subject.from_file(file, self)
            except OSError:
                loaded = None
        self._subjects[key] = loaded, size
        self._bytes_kept += size
        self.bytes_loaded += size
        while self._bytes_kept > _BYTES_KEPT and len(self._subjects) > _ALWAYS_KEPT:
            (_, oldest), (_, dropped) = self._subjects.popitem(last=False)
            self._bytes_kept -= dropped
            if oldest != self._current and oldest in self.own_files:
                self.own_files[oldest].release()
        return loaded

    def release(self, path: str) -> None:
        """Forget the content of a file and what was made of it."""
        self.own_files[path].release()
        for key in [key for key in self._subjects if key[1] == path]:
            self._bytes_kept -= self._subjects.pop(key)[1]

    def fact(self, fact: type[F]) -> F:
        """The fact about this project. Raises what its computation raised, each time it is asked for."""
        self.consulted = True
        if fact not in self._facts:
            try:
                self._facts[fact] = fact.compute(self)
            except Exception as error:  # a failing fact fails the rules that need it, and only those
                self._facts[fact] = error
        found = self._facts[fact]
        if isinstance(found, Exception):
            raise found
        return cast(F, found)

    def ask(self, fact: type[ProjectFact], question: str, *arguments: str) -> Any:
        """What a fact answers to one of its ``questions``.

        What a rule finds in a file stays true as long as all that it asked is answered the same, whatever else
        changes in the tree. Raises what the computation of the fact raised.
        """
        consulted = self.consulted
        if question not in fact.questions:
            raise ValueError(f"{fact.__name__} has no question {question}")
        answer = getattr(self.fact(fact), question)(*arguments)
        self.consulted = consulted
        self.asked.append((fact, question, arguments, answer))
        return answer

    def still_answers(self, asked: Iterable[Question]) -> bool:
        """Whether all that was asked is answered the same today."""
        return all(self.ask(fact, question, *arguments) == answer for fact, question, arguments, answer in asked)

    def file_facts(self, fact: type[FileFact[T]]) -> Mapping[str, T]:
        """The fact for each file that has one: collected by the engine's pass, or now."""
        self.consulted = True
        key = fact_key(fact)
        if key not in self._file_facts:
            collected = {}
            for path in self.accepted(fact.subject):
                value = self.collect(fact, path)
                if value is not None:
                    collected[path] = value
            self._file_facts[key] = collected
        return self._file_facts[key]

    def collect(self, fact: type[FileFact[T]], path: str) -> T | None:
        """The fact for one file, or None where the file holds none of its triggers or cannot be read."""
        file = self.own_files[path]
        try:
            if not file.contains_any(fact.triggers):
                return None
        except OSError:
            return None
        subject = self.load(fact.subject, path)
        return None if subject is None else fact.collect(subject)

    def keep_file_facts(self, fact: type[FileFact[T]], values: Mapping[str, T]) -> None:
        """Hand over facts that were collected elsewhere."""
        self._file_facts[fact_key(fact)] = values

    def place(self, path: str = ".") -> Place:
        """A file as a whole, or the whole repository."""
        return Place(path=display_path(path))

    def line_place(self, path: str, line: int) -> Place:
        """A line of a text file, without its indentation; the file as a whole if it has no such line."""
        self.consulted = self.consulted or path != self._current
        try:
            lines = decode(self.own_files[path].data).text.split("\n")
            text = lines[line - 1].rstrip()
        except (OSError, KeyError, IndexError):
            return self.place(path)
        start = len(text) - len(text.lstrip()) + 1
        return Place(display_path(path), Span(line, start, line, max(len(text) + 1, start)), excerpt=(text,))

    def finding(self, message: str, *, path: str = ".", **details: Any) -> Finding:
        """A finding about a file as a whole or the repository; ``details`` are those of ``Finding``."""
        return Finding(place=self.place(path), message=message, **details)
