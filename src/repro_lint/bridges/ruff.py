"""The bridge to ruff: its rules that a reviewer would speak of, over scripts and notebooks, at their exact place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from repro_lint.bridges.bridge import BridgeError, run_linter
from repro_lint.bridges.copies import faulty_cells, hidden_words, notebook_copy, script_copy, stored_place, words
from repro_lint.bridges.ruff_rules import ruff_code, ruff_name
from repro_lint.bridges.ruff_settings import RuffSettings
from repro_lint.finding import Finding, Place, Span
from repro_lint.project import Project
from repro_lint.rule import RuleMeta
from repro_lint.sources.cells import CodeCell
from repro_lint.sources.python import PythonSource

_BATCH = 500  # files in one call: the command lines of Windows end at 32,767 characters
# What the hosts of notebooks and workflows define for the code that they run.
_BUILTINS = ("get_ipython", "display", "spark", "sc", "sqlContext", "dbutils", "snakemake", "__file__")
_ABOUT_NAMES = frozenset({"F401", "F402", "F811", "F821", "F822", "F841"})
_ABOUT_VALUES = frozenset({"B015", "B018"})


@dataclass(frozen=True)
class _Said:
    """One finding of ruff. The span counts in the cell, if there is one, as columns count characters."""

    code: str | None
    message: str
    cell: int | None
    span: Span

    @property
    def is_syntax(self) -> bool:
        """Whether it says that the code cannot be parsed."""
        return self.code in ("invalid-syntax", None)


def review(project: Project, paths: Iterable[str], metas: Iterable[RuleMeta]) -> Iterator[tuple[RuleMeta, Finding]]:
    """What ruff says of the Python files and notebooks. Raises ``BridgeError`` where ruff does not work.

    Ruff sees copies, in a directory of their own: whatever the tree is a view of, however a file is encoded and a
    notebook stored, it reads UTF-8 and plain notebooks, and none of the repository's settings.
    """
    rules = {ruff_code(meta): meta for meta in metas}
    with TemporaryDirectory(prefix="repro-lint-ruff-") as folder:
        said = _Copies(project, Path(folder).resolve(), sorted(rules)).ask(paths)
    settings = RuffSettings(project.view)
    for path, items in said.items():
        source = project.load(PythonSource, path) if items else None
        if source is not None:
            yield from _Judge(source, rules, settings).findings(items)
            source.file.release()


class _Copies:
    """Copies of the files, each in a folder of its own whose name is a number, and what ruff says of them."""

    def __init__(self, project: Project, folder: Path, codes: Sequence[str]) -> None:
        self._project = project
        self._folder = folder
        self._command = [
            _ruff(), "check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json", "--quiet",
            # The latest version that all ruffs of the window know: syntax is judged elsewhere.
            "--target-version", "py314", "--select", ",".join(codes), "--config", f"builtins = {json.dumps(_BUILTINS)}",
        ]  # fmt: skip

    def ask(self, paths: Iterable[str]) -> dict[str, list[_Said]]:
        """What ruff says, by path."""
        numbered: dict[str, str] = {}  # by the name of the copy
        for path in paths:
            source = self._project.load(PythonSource, path)
            if source is not None:
                numbered[self._write_first(len(numbered), source)] = path
                source.file.release()
        said = self._run(list(numbered))
        # Where there is wrong syntax ruff says nothing else, and without the cells that hold it, it does.
        again = {}
        for name, items in said.items():
            if items and all(item.is_syntax for item in items) and self._write_again(name, numbered[name], items):
                again[name] = numbered[name]
        said |= self._run(list(again))
        return {path: [item for item in said.get(name, ()) if not item.is_syntax] for name, path in numbered.items()}

    def _write_first(self, number: int, source: PythonSource) -> str:
        if source.notebook is not None:
            return self._write(f"{number}/notebook.ipynb", notebook_copy(source, faulty_cells(source)))
        # The text as it is: few scripts need to be parsed here to be read by ruff.
        return self._write(f"{number}/script.py", source.decoded.text)

    def _write_again(self, name: str, path: str, items: Sequence[_Said]) -> bool:
        """Write the copy without the cells that do not parse; False where that leaves nothing."""
        source = self._project.load(PythonSource, path)
        if source is None or len(source.cells) < 2:
            return False
        without = faulty_cells(source)
        if source.notebook is not None:
            without |= {item.cell for item in items if item.cell is not None}
            self._write(name, notebook_copy(source, without))
        elif source.form == "marimo":
            return False
        else:
            if not without:  # our Python reads what ruff does not
                without = {source.cell_of(item.span.line).index for item in items}
            self._write(name, script_copy(source, without))
        return True

    def _write(self, name: str, text: str) -> str:
        target = self._folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(text.encode("utf-8", "replace"))
        return name

    def _run(self, names: Sequence[str]) -> dict[str, list[_Said]]:
        found: dict[str, list[_Said]] = {}
        for start in range(0, len(names), _BATCH):
            output = run_linter([*self._command, *names[start : start + _BATCH]], self._folder, accepted=(0,))
            try:
                for item in json.loads(output):
                    name = "/".join(Path(item["filename"]).parts[-2:])
                    found.setdefault(name, []).append(_read(item))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise BridgeError(f"ruff's answer cannot be read: {type(error).__name__}: {error}") from error
        return found


def _ruff() -> str:
    """The program that belongs to the installed distribution. Raises ``BridgeError`` if there is none."""
    try:
        from ruff.__main__ import find_ruff_bin
    except ImportError as error:
        raise BridgeError("ruff is not installed") from error
    try:
        return str(find_ruff_bin())
    except OSError as error:
        raise BridgeError("ruff is installed without its program") from error


def _read(item: Mapping[str, Any]) -> _Said:
    """A finding of ruff's JSON, whatever else later versions put into it."""
    start = item["location"]
    end = item.get("end_location") or start
    span = Span(start["row"], start["column"], end["row"], end["column"])
    return _Said(item["code"], item["message"], item.get("cell"), span)


class _Judge:
    """Decides which of ruff's findings about one file are worth saying, and finds their places."""

    def __init__(self, source: PythonSource, rules: Mapping[str, RuleMeta], settings: RuffSettings) -> None:
        self._source = source
        self._rules = rules
        self._settings = settings

    def findings(self, items: Sequence[_Said]) -> Iterator[tuple[RuleMeta, Finding]]:
        """The findings that remain."""
        complex_ones = {(item.cell, item.span) for item in items if item.code == "C901"}
        for item in items:
            meta = self._rules.get(item.code or "")
            if meta is None or self._settings.decides(self._source.path, ruff_code(meta), ruff_name(meta)):
                continue
            if item.code == "PLR0915" and (item.cell, item.span) in complex_ones:  # one cause, told once
                continue
            cell = self._cell(item)
            place = None if cell is None else self._place(cell, item)
            if cell is not None and place is not None and self._applies(item, cell, place):
                yield meta, Finding(place, _sentence(item.message))

    def _cell(self, item: _Said) -> CodeCell | None:
        if self._source.notebook is None:
            return self._source.cell_of(item.span.line)
        return next((cell for cell in self._source.cells if cell.index == item.cell), None)

    def _place(self, cell: CodeCell, item: _Said) -> Place | None:
        if self._source.notebook is not None:
            return stored_place(self._source, cell, item.span)
        before = cell.first_line - 1
        span = Span(item.span.line - before, item.span.column, item.span.last_line - before, item.span.end_column)
        # What lies between the cells of a script is prose, a header or the frame of a marimo app.
        return stored_place(self._source, cell, span) or (
            None if item.code == "ERA001" else self._source.place_in(cell, span)
        )

    def _applies(self, item: _Said, cell: CodeCell, place: Place) -> bool:
        """Whether the finding is true of how this file is used, and not told by a rule of our own."""
        form, text = self._source.form, "\n".join(place.excerpt)
        span = place.span
        if item.code == "F401" and self._source.path.rpartition("/")[2] == "__init__.py":
            return False  # a package's way to say what it offers
        if item.code == "F821" and (form == "notebook" or self._runs_others):
            return False
        if item.code in _ABOUT_VALUES and form not in ("script", "notebook"):
            return False  # the last value of a cell is shown
        if item.code == "ERA001" and text.lstrip().startswith("# MAGIC"):
            return False
        if item.code in _ABOUT_NAMES and (hidden := self._hidden):
            if span is not None and span.last_line == span.line and span.end_column is not None:
                text = text[span.column - 1 : span.end_column - 1]
            return hidden.isdisjoint(words(text))
        return True

    @cached_property
    def _runs_others(self) -> bool:
        """Whether other files are run into the namespace of this one."""
        return any(magic.name == "run" for _, magic in self._source.magics)

    @cached_property
    def _hidden(self) -> set[str]:
        return hidden_words(self._source)


def _sentence(message: str) -> str:
    """Ruff's words as we would begin and end them."""
    first = re.match(r"[A-Z][a-z]", message)
    return (message[0].lower() + message[1:] if first else message).removesuffix(".")
