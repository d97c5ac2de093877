"""What the file of a notebook tells of its last run: which cells ran, in which order, and what was not meant to run."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Literal

from repro_lint.api import Notebook, NotebookCell, lazy_pattern

Directive = Literal["skip", "raise"]

_TAGS: dict[str, Directive] = {
    # nbclient, nbmake, MyST-NB and Jupyter Book; nbval
    "skip-execution": "skip",
    "nbval-skip": "skip",
    "skip": "skip",
    "raises-exception": "raise",
    "nbval-raises-exception": "raise",
}
_COMMENTS: dict[str, Directive] = {"NBVAL_SKIP": "skip", "NBVAL_RAISES_EXCEPTION": "raise"}
_OPTION = lazy_pattern(r"\s*(?:#|//|--)\s*\|\s*(eval|error)\s*:\s*(\w+)\s*$")
"""A cell option of Quarto or nbdev: ``#| eval: false``."""
_OPTIONS: dict[tuple[str, str], Directive] = {("eval", "false"): "skip", ("error", "true"): "raise"}
_RAISING_MAGIC = lazy_pattern(r"\s*%%(?:expect|raises)\w*\b")
"""Cell magics that demand an exception: ``%%expect_exception`` of the package expectexception, and others like it."""
_FRONT_MATTER = lazy_pattern(r"(?m)^[ \t-]*(?:(skip_exec:\s*true|eval:\s*false)|(error:\s*true))[ \t]*$")
_ALLOW_ERRORS = (("execution", "allow_errors"), ("nbsphinx", "allow_errors"), ("mystnb", "execution_allow_errors"))
"""Where the metadata of a notebook permits errors: nbmake and Jupyter Book, nbsphinx, MyST-NB."""
_LINE_COMMENTS = dict.fromkeys(
    ("c", "c++", "c#", "f#", "java", "javascript", "typescript", "scala", "kotlin", "rust", "go", "groovy"), "//"
) | {"sql": "--", "haskell": "--", "lua": "--", "octave": "%", "matlab": "%"}
_QUOTED = lazy_pattern(r"""\s*(\"""|''')(?:(?!\1).)*\1;?\s*""", re.DOTALL)


class StoredRun:
    """The counts and outputs that a notebook keeps, with the author's directives about running it."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook

    @cached_property
    def counted(self) -> tuple[NotebookCell, ...]:
        """The code cells that keep a count of their run, in the order of the file, but for those to be skipped.

        A runner that skips a cell leaves it the count of another session.
        """
        cells = self.notebook.code_cells
        return tuple(cell for cell in cells if count_of(cell) is not None and "skip" not in self.directives(cell))

    @property
    def counts_are_kept(self) -> bool:
        """False where a cell keeps results and no count: then no cell without a count is known not to have run."""
        return all(count_of(cell) is not None or not cell.outputs for cell in self.notebook.code_cells)

    def directives(self, cell: NotebookCell) -> frozenset[Directive]:
        """What the author says of running the cell, by tags, comments or settings of the whole notebook.

        ``skip``: tools that run the notebook leave it out. ``raise``: it may end in an error.
        """
        return self._settings | frozenset(_cell_directives(cell))

    @cached_property
    def _settings(self) -> frozenset[Directive]:
        found: set[Directive] = set()
        metadata = self.notebook.metadata
        if any(_is_true(_mapping(metadata.get(section)).get(key)) for section, key in _ALLOW_ERRORS):
            found.add("raise")
        if self.notebook.cells and (first := self.notebook.cells[0]).type != "code":
            for match in _FRONT_MATTER.finditer(first.source):
                found.add("skip" if match[1] else "raise")
        return frozenset(found)


def count_of(cell: NotebookCell) -> int | None:
    """The place of the cell in the order of execution, or None; Colab writes 0 for a cell that did not run."""
    count = cell.execution_count
    return count if count is not None and count > 0 else None


def is_error(output: dict[str, Any]) -> bool:
    """Whether the output is the exception that ended its cell; nbformat 3 calls it ``pyerr``."""
    return output["output_type"] in ("error", "pyerr")


def shows_result(cell: NotebookCell) -> bool:
    """Whether the cell keeps a result: something else than messages on stderr, and no error."""
    kinds = {"stderr" if output.get("name", output.get("stream")) == "stderr" else "result" for output in cell.outputs}
    return "result" in kinds and not any(is_error(output) for output in cell.outputs)


def holds_code(cell: NotebookCell, language: str | None) -> bool:
    """Whether there is something to run in the cell: neither blank, nor comments, nor code put into a string."""
    language = cell.language or language
    comment = _LINE_COMMENTS.get(language or "", "#")
    lines = (line.strip() for line in cell.source.splitlines())
    if all(not line or line.startswith(comment) for line in lines):
        return False
    return not (language in ("python", None) and _QUOTED.fullmatch(cell.source))


def text_of(value: Any) -> str:
    """The text of a field that notebooks store as one string or as a list of lines."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _cell_directives(cell: NotebookCell) -> set[Directive]:
    found = {_TAGS[tag] for tag in (tag.lower().replace("_", "-") for tag in cell.tags) if tag in _TAGS}
    if _is_true(_mapping(cell.metadata.get("run_control")).get("frozen")):  # the extension Freeze
        found.add("skip")
    for line in cell.source.splitlines():
        comment = line.strip()
        if comment.startswith("#") and (name := comment.strip("# \t")) in _COMMENTS:
            found.add(_COMMENTS[name])
        elif "|" in comment and (match := _OPTION.match(line)) and (option := (match[1], match[2].lower())) in _OPTIONS:
            found.add(_OPTIONS[option])
    if _RAISING_MAGIC.match(cell.source):
        found.add("raise")
    return found


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
