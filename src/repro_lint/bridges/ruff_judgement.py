"""Which of ruff's findings are worth saying: true of how the file is used, told once, and by nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from repro_lint.bridges.comments import in_header, joined
from repro_lint.bridges.copies import hidden_words, stored_place, words
from repro_lint.bridges.ruff_rules import ruff_code, ruff_name
from repro_lint.bridges.ruff_settings import RuffSettings
from repro_lint.finding import Finding, Place, Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.project import Project
from repro_lint.rule import RuleMeta
from repro_lint.sources.cells import CodeCell
from repro_lint.sources.python import PythonSource

# Where both speak of the same place, the second code says it all.
_WEAKER = {"PLR0915": "C901", "NPY003": "NPY201", "PLW0127": "PLW0128"}
_ABOUT_NAMES = frozenset({"F401", "F402", "F811", "F821", "F822", "F841"})
_ABOUT_VALUES = frozenset({"B015", "B018"})
# A random variable of a probabilistic model is registered by being made: its name need not be used.
_MODEL = lazy_pattern(r"\s*with\b|.*=\s*(?:pm|pymc3?|mc|pyro|numpyro|tfd|ed)\.\w")
_CONFIG = lazy_pattern(r"(?:^|/)(?:jupyter|ipython)\w*_config\.py$")  # run with `c` and get_config() at hand
_SHARED = lazy_pattern(rb"%run\s+(?:-\w\s+)*[\\\"']*([^\s\"'\\]+)|\bfrom\s+([\w.]+)\s+import\s+\*")


@dataclass(frozen=True)
class Said:
    """One finding of ruff. The span counts in the cell, if there is one; columns count characters."""

    code: str | None
    message: str
    cell: int | None
    span: Span

    @property
    def is_syntax(self) -> bool:
        """Whether it says that the code cannot be parsed."""
        return self.code in ("invalid-syntax", None)


class Judgement:
    """Decides about the findings in the files of one project."""

    def __init__(self, project: Project, rules: Mapping[str, RuleMeta]) -> None:
        self._project = project
        self._rules = rules
        self._settings = RuffSettings(project.view)

    def findings(self, source: PythonSource, items: Iterable[Said]) -> Iterator[tuple[RuleMeta, Finding]]:
        """The findings about one file that remain, with their places."""
        known = [item for item in items if item.code in self._rules]
        places = {(item.code, item.cell, item.span.line) for item in known}
        for item in joined(source, known):
            meta = self._rules[item.code or ""]
            if (_WEAKER.get(item.code or ""), item.cell, item.span.line) in places:
                continue
            if self._settings.decides(source.path, ruff_code(meta), ruff_name(meta)):
                continue
            cell = _cell(source, item)
            place = None if cell is None else _place(source, cell, item)
            if place is not None and place.span is not None and self._applies(_Case(source, item, place)):
                yield meta, Finding(place, _sentence(item.message))

    def _applies(self, case: _Case) -> bool:
        """Whether what ruff says is true where the file is a notebook, a package, or run by another one."""
        code, path, form, text = case.item.code, case.source.path, case.source.form, case.text
        if code == "F401" and (path.rpartition("/")[2] == "__init__.py" or _stem(path) in self._shared):
            return False  # imported for others to use
        if code == "F811" and form == "notebook" and text.lstrip().startswith(("import ", "from ")):
            return False  # a section that can be run alone
        if code == "F821" and (form == "notebook" or case.runs_others or _CONFIG.search(path)):
            return False  # in notebooks a rule of our own tells it
        if code == "F841" and _MODEL.match(text):
            return False
        if code in _ABOUT_VALUES and (form not in ("script", "notebook") or case.is_shown or case.is_probe):
            return False
        if code == "F822" and case.is_filled_later(self._project):
            return False
        return code not in _ABOUT_NAMES or case.hidden.isdisjoint(words(case.named))

    @cached_property
    def _shared(self) -> frozenset[str]:
        """The names, without folder and suffix, of files that another one runs or imports all names from."""
        found: set[str] = set()
        for path in self._project.accepted(PythonSource):
            file = self._project.files[path]
            try:
                for notebook, module in _SHARED.findall(file.data):
                    found.add(_stem(notebook.decode("utf-8", "replace")) or module.decode().rpartition(".")[2])
            except OSError:
                continue
            file.release()
        return frozenset(found)


class _Case:
    """One finding in its file."""

    def __init__(self, source: PythonSource, item: Said, place: Place) -> None:
        self.source = source
        self.item = item
        self.span = place.span or Span(1)
        self.text = place.excerpt[0] if place.excerpt else ""

    @property
    def named(self) -> str:
        """The text that ruff points at, or the line where that goes over several."""
        span = self.span
        whole = span.last_line != span.line or span.end_column is None
        return self.text if whole else self.text[span.column - 1 : (span.end_column or 1) - 1]

    @property
    def hidden(self) -> set[str]:
        """The words in what ruff did not see."""
        return hidden_words(self.source)

    @property
    def runs_others(self) -> bool:
        """Whether other files are run into the namespace of this one."""
        return any(magic.name == "run" for _, magic in self.source.magics)

    def is_filled_later(self, project: Project) -> bool:
        """Whether the name comes when it is asked for, or is a module that a star import of its package imports.

        See "The import system" of the Python reference and PEP 562.
        """
        path, text = self.source.path, self.source.decoded.text
        if "\ndef __getattr__(" in text or "globals()" in text:
            return True
        folder, _, file = path.rpartition("/")
        names = words(self.named)
        return file == "__init__.py" and any(
            beside.removeprefix(f"{folder}/").split("/")[0].partition(".")[0] in names
            for beside in project.files
            if beside.startswith(f"{folder}/") and beside != path
        )

    @property
    def is_shown(self) -> bool:
        """Whether IPython is told to show the value of every line, not only of the last one in a cell."""
        return any("ast_node_interactivity" in cell.source for cell in self.source.cells)

    @property
    def is_probe(self) -> bool:
        """Whether the line tries if a name exists: it stands directly below `try:`."""
        line = self.item.span.line
        lines = self.source.lines
        if self.source.notebook is not None:
            cell = _cell(self.source, self.item)
            lines = lines[cell.first_line - 1 :] if cell else ()
        return line >= 2 and lines[line - 2].strip() == "try:"


def _cell(source: PythonSource, item: Said) -> CodeCell | None:
    if source.notebook is None:
        return source.cell_of(item.span.line)
    return next((cell for cell in source.cells if cell.index == item.cell), None)


def _place(source: PythonSource, cell: CodeCell, item: Said) -> Place | None:
    if source.notebook is not None:
        return stored_place(source, cell, item.span)
    before = cell.first_line - 1
    span = Span(item.span.line - before, item.span.column, item.span.last_line - before, item.span.end_column)
    place = stored_place(source, cell, span)
    if item.code == "ERA001":  # what lies between the cells of a script is prose
        return None if in_header(source, item.span.line) else place
    return place or source.place_in(cell, span)  # such as the frame of a marimo app


def _stem(path: str) -> str:
    return re.sub(r"\.(?:ipynb|py)$", "", path.rpartition("/")[2])


def _sentence(message: str) -> str:
    """Ruff's words as we would begin and end them."""
    first = re.match(r"[A-Z][a-z]", message)
    return (message[0].lower() + message[1:] if first else message).removesuffix(".")
