"""Programs that need each other's files, and whether anything says in which order they run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from repro_lint.api import Document, ImportGraph, Project, Tasks, dataclass, lazy_pattern, read_text
from repro_lint_rules.data.accesses import Access, FileAccesses
from repro_lint_rules.data.path_values import UNKNOWN
from repro_lint_rules.data.places_of_data import DataPlaces
from repro_lint_rules.running.entry_points import EntryPoints

_TELLING = lazy_pattern(
    r"\.(?:sh|bash|bat|ps1|cmd|smk|nf|cwl|wdl|ya?ml|toml|json|cfg|ini|mk|R|jl|txt|rst|org)\Z"
    r"|(?:^|/)(?:[Mm]akefile|GNUmakefile|Snakefile|Dockerfile|[Jj]ustfile|Jenkinsfile|MLproject|Procfile)\Z"
)
_ENCODED = lazy_pattern(
    r"(?:^|[_. -])(?:\d+|[ivx]+|[a-h])(?=[_. )-])|^\d"
    r"|(?:step|part|stage|chapter|ch|lesson|week|day|nb)[_-]?\d|\d(?=\.\w+\Z)",
    re.I,
)
_LARGEST = 200_000  # bytes of a file that may name programs; longer ones are data


@dataclass(frozen=True)
class Dependence:
    """``reader`` opens at ``read`` what ``writer`` leaves at ``write``; ``path`` is the file, from the root."""

    writer: str
    reader: str
    path: str
    write: Access
    read: Access


def untold(project: Project) -> Iterator[Dependence]:
    """The dependences between programs whose order nothing tells, sorted by reader and file."""
    order = _Order(project)
    for dependence in order.dependences():
        if order.are_programs(dependence) and not order.is_told(dependence):
            yield dependence


class _Order:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.places = project.fact(DataPlaces)

    def are_programs(self, dependence: Dependence) -> bool:
        """Whether both are started by people rather than imported; asked late, since it looks into every file."""
        found = {e.path for e in self.project.fact(EntryPoints).found if e.kind in ("script", "notebook")}
        return dependence.writer in found and dependence.reader in found

    def dependences(self) -> Iterator[Dependence]:
        """What one program surely writes and only another one reads, if git does not bring it."""
        uses = self.project.file_facts(FileAccesses)
        written: dict[str, list[tuple[str, Access]]] = {}
        for program, use in uses.items():
            for access in use.accesses:
                if access.mode == "write" and access.sure and UNKNOWN not in access.path:
                    written.setdefault(self._place(program, access), []).append((program, access))
        for reader, use in uses.items():
            own = {self._place(reader, a) for a in use.accesses if a.mode == "write"}
            seen: set[str] = set()
            for access in use.accesses:
                path = self._place(reader, access)
                if access.mode != "read" or access.guarded or not access.sure or path in own or path in seen:
                    continue
                writers = {program for program, _ in written.get(path, ())}
                places = self.places.candidates(reader, access.path)
                if len(writers) == 1 and not any(map(self.places.exists, places)):
                    seen.add(path)
                    writer, write = written[path][0]
                    yield Dependence(writer, reader, path, write, access)

    def _place(self, program: str, access: Access) -> str:
        found = self.places.candidates(program, access.path)
        return found[0] if found else ""

    def is_told(self, dependence: Dependence) -> bool:
        """Whether names, a task, a workflow, a document, an import or the reader itself tells the order."""
        writer, reader = dependence.writer, dependence.reader
        if _ENCODED.search(posixpath.basename(writer)) and _ENCODED.search(posixpath.basename(reader)):
            return True
        importers = self.project.fact(ImportGraph).importers
        if importers.get(writer) or importers.get(reader):
            return True
        names = [_mention(writer), _mention(reader)]
        if any(all(name.search(text) for name in names) for text in self._texts):
            return True
        if any(posixpath.basename(writer) in text for text in self._documents):  # what it is for is told there
            return True
        return bool(names[0].search(read_text(self.project, reader)))

    @cached_property
    def _documents(self) -> list[str]:
        return [read_text(self.project, path) for path in self.project.files if Document.accepts(path)]

    @cached_property
    def _texts(self) -> list[str]:
        """What may name programs: documents, scripts that start others, workflows and configuration."""
        task_files = set(self.project.fact(Tasks).paths)
        found = []
        for path in self.project.files:
            if Document.accepts(path) or _TELLING.search(path) or path in task_files:
                try:
                    small = self.project.view.size(path) <= _LARGEST
                except OSError:
                    continue
                if small:
                    found.append(read_text(self.project, path))
        # A program that names two others may well run them.
        found += [read_text(self.project, path) for path in self.project.files if path.endswith(".py")]
        return found


def _mention(path: str) -> re.Pattern[str]:
    """A program by the name of its file, with or without the suffix, but not with another one."""
    stem, suffix = map(re.escape, posixpath.splitext(posixpath.basename(path)))
    return re.compile(rf"(?<![\w-]){stem}(?:{suffix})?(?![\w-]|\.\w)")
