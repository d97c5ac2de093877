"""The files that a program reads, writes and asks for, by the paths in its text."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property

from repro_lint.api import FileFact, Place, PythonSource, dataclass, last_name, lazy_pattern
from repro_lint_rules.data.descriptions import described_names, instructs
from repro_lint_rules.data.file_calls import FileCall, FileCalls, Mode, file_calls
from repro_lint_rules.data.path_values import HERE, UNKNOWN, PathText, PathValues
from repro_lint_rules.data.shell_texts import named_files, producer, shell_texts
from repro_lint_rules.data.sites import Site, Sites

_FILE_NAME = lazy_pattern(r"[^\\/:*?\"<>|\n{}]{0,80}[^\\/:*?\"<>|\n{}. ]\.[A-Za-z]\w{0,9}$")
_SUFFIX = lazy_pattern(r"\.[A-Za-z]\w{0,9}$")
_LONGEST_SUFFIX = 12  # with the dot before it and the end of a line after it
_LONGEST_NAME = 93  # with the suffix
_LONGEST_TEXT = 300
_ELSEWHERE = lazy_pattern(r"[a-zA-Z][\w+.-]*:|[/~\\$%<]|//")
_CHANGES_DIRECTORY = frozenset({"os.chdir", "os.fchdir", "contextlib.chdir", "path.chdir", "setwd"})
_RUN_OPTIONS = lazy_pattern(r"(?:-\w+(?:\s+[\d.]+)?\s+)*")
_FETCHERS = frozenset({"urllib.request.urlretrieve", "urllib.urlretrieve", "wget.download", "gdown.download"})


@dataclass(frozen=True)
class Access:
    """One use of one path.

    ``path`` has forward slashes, is relative, holds ``UNKNOWN`` for what the text does not tell, and begins with
    ``HERE`` where it counts from the folder of the file. ``certain``: it happens in every run, with this very path.
    ``sure``: whenever it happens, it is with this path.
    ``guarded``: the program goes on if the file is not there. ``order`` is its position in the program.
    """

    mode: Mode
    path: str
    call: str
    certain: bool
    sure: bool
    guarded: bool
    place: Place
    order: int
    inner: Place | None = None
    """Where the call stands, if ``place`` is that of a call of the function that holds it."""


@dataclass(frozen=True)
class FileUse:
    """What one program does with files.

    ``named`` are the names of files in its other texts, which may be made under them; ``producer`` is a call or command
    after which any file may be there, or None; ``moves``: it changes its working directory.
    """

    accesses: tuple[Access, ...]
    named: frozenset[str]
    producer: str | None
    moves: bool
    unknown_writes: frozenset[tuple[str, int]]
    """The calls that write files whose names the text does not tell, with their order."""
    described: frozenset[str]
    """The names of files in its comments and in its Markdown, without the suffixes of compression."""
    instructs: bool
    """Whether its Markdown tells where to get the data."""


class FileAccesses(FileFact[FileUse]):
    """The accesses of every program that could have any."""

    subject = PythonSource
    triggers = (
        *(b"read", b"open", b"load", b"save", b"to_", b"write", b"dump", b"image", b"listdir", b"copy", b"download"),
        *(b"Folder", b"retrieve", b"File", b"iterdir", b"%run", b"sink_", b"Dataset", b"document("),
    )

    @classmethod
    def collect(cls, source: PythonSource) -> FileUse | None:
        """The accesses in the order of the text."""
        reader = _Reader(source)
        found = tuple(reader.accesses())
        if not found and not reader.named and reader.producer is None:
            return None
        return FileUse(
            found,
            frozenset(reader.named),
            reader.producer,
            reader.moves,
            frozenset(reader.unknown_writes),
            frozenset(described_names(source)) if found else frozenset(),
            bool(found) and instructs(source),
        )


class _Reader:
    def __init__(self, source: PythonSource) -> None:
        self.source = source
        self.semantics = source.semantics
        self.values = PathValues(source)
        self.sites = Sites(source)
        self.named: set[str] = set()
        self.producer: str | None = None
        self.moves = False
        self.unknown_writes: set[tuple[str, int]] = set()

    def accesses(self) -> Iterator[Access]:
        """Every access; when they have been taken, the other attributes are complete."""
        table = file_calls()
        for call in self.semantics.calls_named(table.telling(self.semantics.calls_by_last_name)):
            for known in table.of(self.semantics, call):
                yield from self._of_call(call, known, table)
            self._note(call, table)
        yield from self._of_magics()
        self._texts()

    def _of_call(self, call: ast.Call, known: FileCall, table: FileCalls) -> Iterator[Access]:
        argument = table.argument(call, known.position)
        if argument is None:
            return
        mode = _opened(call, known) if known.mode == "open" else known.mode
        sites = self.sites.of(call)
        values = self.values.of(argument, {})
        if mode == "write" and any(value.value == UNKNOWN for value in values):
            self.unknown_writes.add((last_name(call.func) or "", self.semantics.index.position[call]))
        if self.values.parameters:
            for site in sites:
                yield from self._of_site(call, mode, self.values.of(argument, site.env), site)
            return
        site = next((site for site in sites if site.certain), sites[0])
        if self.source.notebook is None or not site.certain:  # a cell fails where it calls, a script where it reads
            guarded = all(site.guarded for site in sites)
            site = Site(call, {}, site.certain, guarded)
        yield from self._of_site(call, mode, values, site)

    def _of_site(self, call: ast.Call, mode: Mode, values: Iterable[PathText], site: Site) -> Iterator[Access]:
        for value in values:
            if (path := _relative(value)) is not None:
                yield self._access(call, mode, path, value, site)

    def _access(self, call: ast.Call, mode: Mode, path: str, value: PathText, site: Site) -> Access:
        place = self.source.place(site.node, self.semantics.scope_of(site.node).qualname)
        inner = None if site.node is call else self.source.place(call)
        order = self.semantics.index.position[site.node]
        name = _shown(call)
        certain = site.certain and value.sure
        return Access(mode, path, name, certain, value.sure, site.guarded, place, order, inner)

    def _of_magics(self) -> Iterator[Access]:
        for cell, magic in self.source.magics:
            place = self.source.place_in(cell, magic.span)
            order = self._order(cell.first_line + magic.line - 1)
            if magic.name in ("writefile", "file") and magic.kind == "cell" and magic.argument.split():
                path = _relative(PathText(magic.argument.split()[-1].strip("\"'")))
                if path is not None:
                    yield Access("write", path, f"%%{magic.name}", True, True, False, place, order)
            elif magic.name == "run" and magic.kind == "line" and self.source.form == "notebook":
                target = _run_target(magic.argument)
                path = _relative(PathText(target)) if target else None
                if path is not None:
                    yield Access("read", path, "%run", magic.column == 1, True, magic.column > 1, place, order)
            elif magic.name in ("cd", "pushd"):
                self.moves = True
        for text in shell_texts(self.source):
            self.named.update(named_files(text.text))
            self.producer = self.producer or producer(text.text)

    def _order(self, line: int) -> int:
        before = [node for node in self.source.tree.body if node.lineno <= line]
        return self.semantics.index.position[before[-1]] if before else 0

    def _note(self, call: ast.Call, table: FileCalls) -> None:
        """Keep what a call says about files that it may make, or about the working directory."""
        last = last_name(call.func) or ""
        if last in ("chdir", "fchdir") and self.semantics.resolve(call.func) in _CHANGES_DIRECTORY:
            self.moves = True
        makes = self.producer is None and table.may_produce(last)
        if makes and self.semantics.resolve(call.func) not in _FETCHERS:
            self.producer = f"{_shown(call)}()"

    def _texts(self) -> None:
        """The names of files in texts that are no part of a path read here: something may make them by that name."""
        for node in self.semantics.strings:
            text = str(node.value)
            name = _file_name(text) if "." in text[-_LONGEST_SUFFIX:] else None  # most have no suffix
            if name and node not in self.values.used and not self._is_unused(node):
                self.named.add(name)

    def _is_unused(self, text: ast.Constant) -> bool:
        """Whether it is bound to a name of a notebook that no cell asks for: one that does not parse does not run."""
        binding = self.semantics.parent(text)
        if self.source.notebook is None or not isinstance(binding, ast.Assign) or len(binding.targets) != 1:
            return False
        target = binding.targets[0]
        if not isinstance(target, ast.Name) or not isinstance(self.semantics.parent(binding), ast.Module):
            return False
        return target.id not in self._asked_for and not any(target.id in said for said in self._said_elsewhere)

    @cached_property
    def _asked_for(self) -> frozenset[str]:
        return frozenset(node.id for node in self.semantics.nodes(ast.Name) if isinstance(node.ctx, ast.Load))

    @cached_property
    def _said_elsewhere(self) -> list[str]:
        """What cells in other languages and magics say, which may use the names of the notebook."""
        cells = [cell.source for cell in self.source.cells if cell.opaque]
        return [*cells, *(magic.argument for _, magic in self.source.magics)]


def _file_name(text: str) -> str | None:
    """The name of the file that the text ends in, or None."""
    end = text[-_LONGEST_SUFFIX:]
    if len(text) > _LONGEST_TEXT or not _SUFFIX.search(end):
        return None
    match = _FILE_NAME.search(text, max(len(text) - _LONGEST_NAME, 0))
    return match[0].strip() if match else None


def _opened(call: ast.Call, known: FileCall) -> Mode:
    """Whether the file is read or written, as the mode says."""
    mode = next((keyword.value for keyword in call.keywords if keyword.arg == "mode"), None)
    if mode is None and known.mode_position is not None and known.mode_position < len(call.args):
        mode = call.args[known.mode_position]
    if mode is None:
        return "read"
    text = mode.value if isinstance(mode, ast.Constant) else None
    return "read" if isinstance(text, str) and not set(text) & set("wax+") else "write"


def _relative(value: PathText) -> str | None:
    """The path of a value if it is a relative one of which anything is known."""
    if not isinstance(value.value, str) or not value.value.strip() or "\n" in value.value or len(value.value) > 300:
        return None
    text = value.value.replace("\\", "/")
    if text.startswith(HERE):
        return f"{HERE}/{posixpath.normpath(text[len(HERE) :].lstrip('/') or '.')}"
    if _ELSEWHERE.match(text) or "://" in text or not text.strip(UNKNOWN + "/."):
        return None
    return posixpath.normpath(text)


def _run_target(argument: str) -> str | None:
    """The file that ``%run`` runs, with its suffix; None where a name or option decides."""
    text = _RUN_OPTIONS.sub("", argument.strip(), count=1)
    text = text[1:].partition(text[0])[0] if text[:1] in ("'", '"') else text.partition(" ")[0].rstrip(";")
    if not text or any(sign in text for sign in "${}~*?"):
        return None
    return text if text.endswith((".py", ".ipynb", ".ipy")) else f"{text}.py"


def _shown(call: ast.Call) -> str:
    """How to quote the call: the last two parts of its name."""
    func = call.func
    last = last_name(func) or "call"
    owner = func.value if isinstance(func, ast.Attribute) else None
    return f"{owner.id}.{last}" if isinstance(owner, ast.Name) else last
