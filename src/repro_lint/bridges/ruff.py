"""The bridge to ruff: its rules that a reviewer would speak of, over scripts and notebooks, at their exact place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from repro_lint.bridges.bridge import BridgeError, LinterCrashError, run_linter
from repro_lint.bridges.copies import faulty_cells, notebook_copy, script_copy
from repro_lint.bridges.ruff_judgement import Judgement, Said
from repro_lint.bridges.ruff_rules import ruff_code
from repro_lint.files import display_path
from repro_lint.finding import Finding, Span
from repro_lint.project import Project
from repro_lint.rule import RuleMeta
from repro_lint.sources.python import PythonSource

_BATCH = 500  # files in one call: the command lines of Windows end at 32,767 characters
# Up to 15 is what McCabe's method allows where the paths are plain, such as one for each kind of node (NIST 500-235,
# 2.5); ruff's own limit is 10.
_MOST_PATHS = 15
# What the hosts of notebooks and workflows define for the code that they run.
_BUILTINS = ("get_ipython", "display", "spark", "sc", "sqlContext", "dbutils", "snakemake", "__file__")


def review(project: Project, paths: Iterable[str], metas: Iterable[RuleMeta]) -> Iterator[tuple[RuleMeta, Finding]]:
    """What ruff says of the Python files and notebooks. Raises ``BridgeError`` where ruff does not work.

    Ruff sees copies, in a directory of their own: whatever the tree is a view of, however a file is encoded and a
    notebook stored, it reads UTF-8 and plain notebooks, and none of the repository's settings.
    """
    rules = {ruff_code(meta): meta for meta in metas}
    with TemporaryDirectory(prefix="repro-lint-ruff-") as folder:
        copies = _Copies(project, Path(folder).resolve(), sorted(rules))
        said = copies.ask(paths)
    judgement = Judgement(project, rules)
    for path, items in said.items():
        source = project.load(PythonSource, path) if items else None
        if source is not None:
            yield from judgement.findings(source, items)
            source.file.release()
    if copies.crashes:
        raise BridgeError(f"ruff crashes on {', '.join(map(display_path, copies.crashes))}")


class _Copies:
    """Copies of the files, each in a folder of its own whose name is a number, and what ruff says of them."""

    def __init__(self, project: Project, folder: Path, codes: Sequence[str]) -> None:
        self._project = project
        self._folder = folder
        self._numbered: dict[str, str] = {}  # the paths, by the names of their copies
        self.crashes: list[str] = []
        """The paths of the files that ruff crashes on, but for those that our Python cannot parse either."""
        self._codes = frozenset(codes) - {"ERA001"}
        self._command = [
            _ruff(), "check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json", "--quiet",
            # The latest version that all ruffs of the window know: syntax is judged elsewhere.
            "--target-version", "py314", "--select", ",".join(codes), "--config", f"builtins = {json.dumps(_BUILTINS)}",
            "--config", f"lint.mccabe.max-complexity = {_MOST_PATHS}",
        ]  # fmt: skip

    def ask(self, paths: Iterable[str]) -> dict[str, list[Said]]:
        """What ruff says, by path."""
        numbered = self._numbered
        for path in paths:
            source = self._project.load(PythonSource, path)
            if source is not None:
                numbered[self._write_first(len(numbered), source)] = path
                source.file.release()
        said = self._run(list(numbered))
        # Where the syntax is wrong ruff speaks of comments only; without the cells that are wrong it says the rest.
        again = {}
        for name, items in said.items():
            if not any(item.is_syntax for item in items) or any(item.code in self._codes for item in items):
                continue
            if self._write_again(name, numbered[name], items):
                again[name] = numbered[name]
        said |= self._run(list(again))
        return {path: [item for item in said.get(name, ()) if not item.is_syntax] for name, path in numbered.items()}

    def _write_first(self, number: int, source: PythonSource) -> str:
        if source.notebook is not None:
            return self._write(f"{number}/notebook.ipynb", notebook_copy(source, faulty_cells(source)))
        # The text as it is: few scripts need to be parsed here to be read by ruff.
        return self._write(f"{number}/script.py", source.decoded.text)

    def _write_again(self, name: str, path: str, items: Sequence[Said]) -> bool:
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

    def _run(self, names: Sequence[str]) -> dict[str, list[Said]]:
        found: dict[str, list[Said]] = {}
        for start in range(0, len(names), _BATCH):
            for output in self._outputs(names[start : start + _BATCH]):
                try:
                    for item in json.loads(output):
                        name = "/".join(Path(item["filename"]).parts[-2:])
                        found.setdefault(name, []).append(_read(item))
                except (ValueError, TypeError, KeyError, AttributeError) as error:
                    raise BridgeError(f"ruff's answer cannot be read: {type(error).__name__}: {error}") from error
        return found

    def _outputs(self, names: Sequence[str]) -> Iterator[str]:
        """What ruff prints about the copies, in as many calls as keep one that it crashes on from the others."""
        try:
            yield run_linter([*self._command, *names], self._folder, accepted=(0,))
        except LinterCrashError:
            if len(names) > 1:
                yield from self._outputs(names[: len(names) // 2])
                yield from self._outputs(names[len(names) // 2 :])
            else:
                path = self._numbered[names[0]]
                source = self._project.load(PythonSource, path)
                if source is not None and not source.syntax_errors:
                    self.crashes.append(path)


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


def _read(item: Mapping[str, Any]) -> Said:
    """A finding of ruff's JSON, whatever else later versions put into it."""
    start = item["location"]
    end = item.get("end_location") or start
    span = Span(start["row"], start["column"], end["row"], end["column"])
    return Said(item["code"], item["message"], item.get("cell"), span)
