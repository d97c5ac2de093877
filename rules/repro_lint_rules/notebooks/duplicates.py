"""Definitions that stand in several files, and notebooks that are copies of one another."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from repro_lint.api import Project, PythonSource, dataclass, lazy_pattern
from repro_lint_rules.notebooks.definitions import Definition, NotebookContent, module_definitions

_DEFINED = lazy_pattern(rb"^(?:async[ \t]+)?(?:def|class)[ \t]+([A-Za-z_]\w*)", re.M)
_ENTRY = "main"
"""What a program runs; nobody imports it from another."""
_ALIKE = 2 / 3
"""The share of equal cells from which on one notebook is a copy of another."""


@dataclass(frozen=True)
class Shared:
    """Definitions that the same files hold, the notebooks first: for each file its own occurrence of each."""

    files: tuple[str, ...]
    definitions: Mapping[str, tuple[Definition, ...]]

    @property
    def module(self) -> str | None:
        """The module among the files, if there is one."""
        return next((path for path in self.files if path.endswith(".py")), None)

    @property
    def excess(self) -> int:
        """The lines of code that would be gone if one file held the definitions."""
        return lines_together(self.definitions[self.files[0]]) * (len(self.files) - 1)


@dataclass(frozen=True)
class Copies:
    """A notebook, and those that are copies of it with the number of cells that are the same."""

    path: str
    others: Mapping[str, int]


def copies_among(contents: Mapping[str, NotebookContent]) -> tuple[Copies, ...]:
    """The notebooks, each with its copies; of several the one with the shortest path counts as the original."""
    by_digest: dict[bytes, list[str]] = defaultdict(list)
    found: dict[str, dict[str, int]] = {}
    for path in sorted(contents, key=lambda path: (len(path), path)):
        content = contents[path]
        digests = {definition.digest for definition in content.definitions}
        candidates = sorted({other for digest in digests for other in by_digest.get(digest, ())})
        for other in candidates:
            common = len(content.cells & contents[other].cells)
            if common >= _ALIKE * max(len(content.cells), len(contents[other].cells)):
                found[other][path] = common
                break
        else:
            found[path] = {}
            for digest in digests:
                by_digest[digest].append(path)
    return tuple(Copies(path, others) for path, others in sorted(found.items()))


def shared_definitions(project: Project, contents: Mapping[str, NotebookContent], min_lines: int) -> tuple[Shared, ...]:
    """The definitions of at least so many lines that several notebooks hold, or a notebook and a module."""
    places: dict[bytes, dict[str, Definition]] = defaultdict(dict)
    for path, content in sorted(contents.items()):
        for definition in content.definitions:
            if definition.lines >= min_lines and definition.name != _ENTRY:
                places[definition.digest][path] = definition
    _add_modules(project, places)
    groups: dict[tuple[str, ...], list[bytes]] = defaultdict(list)
    for digest, files in places.items():
        if len(files) > 1:
            groups[tuple(files)].append(digest)
    return tuple(
        Shared(files, {path: tuple(places[digest][path] for digest in digests) for path in files})
        for files, digests in sorted(groups.items())
    )


def _add_modules(project: Project, places: Mapping[bytes, dict[str, Definition]]) -> None:
    """Look for the definitions in those modules that have one of the same name."""
    names = {next(iter(files.values())).name.encode() for files in places.values()}
    if not names:
        return
    for path, file in project.files.items():
        if not path.endswith(".py") or not posixpath.basename(path)[:-3].isidentifier():
            continue
        try:
            found = names.intersection(_DEFINED.findall(file.data))
        except OSError:
            continue
        finally:
            file.release()
        source = project.load(PythonSource, path) if found else None
        # A notebook that was exported, or is kept as a script with cells, is no module to import from.
        if source is None or source.form != "script" or b"# In[" in source.file.data:
            continue
        for definition in module_definitions(source, (name.decode() for name in found)):
            if definition.digest in places and path[:-3] + ".ipynb" not in places[definition.digest]:
                places[definition.digest].setdefault(path, definition)


def lines_together(definitions: Sequence[Definition]) -> int:
    """The lines of code of the definitions."""
    return sum(definition.lines for definition in definitions)
