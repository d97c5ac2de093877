"""The bridge to linters that cannot read notebooks: they get a script, and every line of it knows its cell.

nbQA is not asked to do this: it reformats the script before it runs the linter, so that lines behind a function are
off by the blank lines that it puts in.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from repro_lint.bridges.bridge import BridgeError, run_linter
from repro_lint.bridges.copies import hidden_words, script_copy, stored_place, words
from repro_lint.finding import Finding, Span
from repro_lint.lazy import dataclass
from repro_lint.project import Project
from repro_lint.sources.notebook import Notebook
from repro_lint.sources.python import PythonSource

_BATCH = 100
_NO_SETTINGS = "no-settings.toml"


@dataclass(frozen=True)
class _Said:
    """One finding of a linter about a script; columns count from 1, as the linter counts them."""

    script: str
    line: int
    column: int
    end_line: int | None
    end_column: int | None
    code: str
    message: str


@dataclass(frozen=True)
class _Linter:
    """How a linter is called without any settings of the repository, and what its answers are.

    ``unfit`` are codes that are wrong about notebooks, or told better by a rule of ours (undefined names);
    ``about_names`` those of names that are not used, which a magic or a cell in another language may use.
    """

    arguments: tuple[str, ...]
    accepted: tuple[int, ...]
    read: Callable[[str], Iterator[_Said]]
    unfit: frozenset[str]
    about_names: frozenset[str] = frozenset()


def lint_notebooks(project: Project, paths: Iterable[str], linter: str) -> Iterator[Finding]:
    """What the linter says of the Python notebooks among the paths. Raises ``BridgeError`` where it does not work."""
    try:
        metadata.version(linter)
    except metadata.PackageNotFoundError as error:
        raise BridgeError(f"{linter} is not installed") from error
    notebooks = [path for path in paths if Notebook.accepts(path)]
    for start in range(0, len(notebooks), _BATCH):
        yield from _lint_batch(project, notebooks[start : start + _BATCH], linter)


def _lint_batch(project: Project, paths: Sequence[str], name: str) -> Iterator[Finding]:
    linter = _LINTERS[name]
    scripts: dict[str, str] = {}
    with TemporaryDirectory(prefix="repro-lint-notebooks-") as directory:
        folder = Path(directory).resolve()
        (folder / _NO_SETTINGS).touch()
        for path in paths:
            source = project.load(PythonSource, path)
            if source is not None and source.cells:
                script = f"notebook_{len(scripts) + 1}.py"
                text = script_copy(source, {cell.index for cell in source.cells if cell.error is not None})
                (folder / script).write_text(text, encoding="utf-8", errors="replace", newline="\n")
                scripts[script] = path
                source.file.release()
        if not scripts:
            return
        output = run_linter([sys.executable, "-m", name, *linter.arguments, *scripts], folder, linter.accepted)
    try:
        said = list(linter.read(output))
    except (ValueError, TypeError, KeyError) as error:
        raise BridgeError(f"{name}'s answer cannot be read: {type(error).__name__}: {error}") from error
    for item in said:
        path = scripts.get(Path(item.script).name, "")
        source = project.load(PythonSource, path)
        if source is not None and item.code not in linter.unfit:
            yield from _finding(source, item, item.code in linter.about_names)


def _finding(source: PythonSource, item: _Said, about_name: bool) -> Iterator[Finding]:
    cell = source.cell_of(item.line)
    before = cell.first_line - 1
    line = item.line - before
    place = stored_place(source, cell, Span(line, *_columns(source, item, before)))
    if place is None or (about_name and not hidden_words(source).isdisjoint(words(item.message))):
        return
    text = "".join(place.excerpt[:1]).strip()
    yield Finding(place, f"{item.code} {item.message}", subject=f"{item.code} {text}")


def _columns(source: PythonSource, item: _Said, before: int) -> tuple[int, int | None, int | None]:
    """First column, last line and last column: the whole of the first line where columns cannot be trusted.

    That is so beyond ASCII: pycodestyle counts characters, the others bytes, and mypy neither.
    """
    code = source.lines[item.line - 1] if 1 <= item.line <= len(source.lines) else ""
    if code.isascii() and item.column >= 1:
        if item.end_line == item.line and item.end_column is not None and item.end_column >= item.column:
            return item.column, item.end_line - before, item.end_column
        return item.column, None, None
    return len(code) - len(code.lstrip()) + 1, item.line - before, len(code) + 1


def _read_flake8(output: str) -> Iterator[_Said]:
    for line in output.splitlines():
        script, row, column, code, text = line.split("\t", 4)
        yield _Said(script, int(row), int(column), None, None, code, text)


def _read_pylint(output: str) -> Iterator[_Said]:
    for item in json.loads(output)["messages"]:
        end = item["endColumn"]
        message = " ".join(item["message"].split())
        yield _Said(
            item["path"], item["line"], item["column"] + 1, item["endLine"], None if end is None else end + 1,
            item["messageId"], f"({item['symbol']}) {message}",
        )  # fmt: skip


def _read_mypy(output: str) -> Iterator[_Said]:
    for line in output.splitlines():
        item = json.loads(line)
        if item["severity"] == "error":
            yield _Said(
                item["file"], item["line"], item["column"] + 1, item["end_line"], item["end_column"] + 1,
                item["code"] or "error", item["message"],
            )  # fmt: skip


def _read_bandit(output: str) -> Iterator[_Said]:
    for item in json.loads(output)["results"]:
        yield _Said(
            item["filename"], item["line_number"], item["col_offset"] + 1, None, None, item["test_id"],
            item["issue_text"],
        )  # fmt: skip


_FLAKE8_FORMAT = "%(path)s\t%(row)d\t%(col)d\t%(code)s\t%(text)s"
_HOST_NAMES = "get_ipython,display"
_NO_RCFILE = f"--rcfile={_NO_SETTINGS}"
_BUILTINS = f"--additional-builtins={_HOST_NAMES}"
_NO_CACHE = f"--cache-dir={os.devnull}"

# Blank lines between cells, the end of the file, lengths that the repository may allow, imports in later cells, a
# semicolon that hides a result, await at the top.
_UNFIT_FLAKE8 = "E301 E302 E303 E305 E306 E402 E501 E703 F704 F821 W291 W391 W292"
# As above; names of variables in cells, values that are shown, names shared by cells and functions, likeness to other
# notebooks, and what depends on packages that are installed where we are, not where the notebook runs.
_UNFIT_PYLINT = """
    C0103 C0114 C0301 C0303 C0304 C0305 C0411 C0412 C0413 E0401 E0602 E0611 E1101 E1142 R0801 W0104 W0106 W0301 W0404
    W0621
"""
_LINTERS = {
    "flake8": _Linter(
        ("--isolated", f"--builtins={_HOST_NAMES}", f"--format={_FLAKE8_FORMAT}"),
        (0, 1),
        _read_flake8,
        frozenset(_UNFIT_FLAKE8.split()),
        frozenset({"F401", "F811", "F841"}),
    ),
    "pylint": _Linter(
        (_NO_RCFILE, "--output-format=json2", "--persistent=n", _BUILTINS),
        tuple(range(32)),
        _read_pylint,
        frozenset(_UNFIT_PYLINT.split()),
        frozenset({"W0611", "W0612", "W0614"}),
    ),
    "mypy": _Linter(
        # A later cell may give a name another type, as may the same cell when it runs again.
        (
            "--config-file=",
            _NO_CACHE,
            "--output=json",
            "--no-error-summary",
            "--ignore-missing-imports",
            "--allow-redefinition",
        ),
        (0, 1),
        _read_mypy,
        frozenset({"name-defined", "no-redef", "top-level-await", "import-untyped", "import-not-found"}),
    ),
    "bandit": _Linter(("--quiet", "--format=json", "--exit-zero"), (0,), _read_bandit, frozenset()),
}
