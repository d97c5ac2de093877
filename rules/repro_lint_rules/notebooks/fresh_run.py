"""What "Restart & Run All" would do to the names of a notebook, told without running it."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from repro_lint.api import (
    CodeCell,
    Magic,
    NotebookCell,
    Project,
    PythonSource,
    SourceFile,
    Subject,
    last_name,
    lazy_pattern,
)
from repro_lint_rules.notebooks.calls import MisfitCall, Stop
from repro_lint_rules.notebooks.evaluation import Context, Use
from repro_lint_rules.notebooks.imported_names import (
    Runners,
    find_program,
    program_names,
    run_target,
    star_import_names,
)
from repro_lint_rules.notebooks.namespace import DATABRICKS_NAMES, SPARK_NAMES, Namespace
from repro_lint_rules.notebooks.star_names import Star, find_star, star_names
from repro_lint_rules.notebooks.statements import Runner
from repro_lint_rules.notebooks.stored_run import StoredRun

if TYPE_CHECKING:
    from typing_extensions import Self

_SCRIPT_SIGNS = (b"%%", b"# databricks notebook source")

# Magics that run code which is not in the notebook, or that changes its names in ways which the text does not tell.
_UNKNOWN_MAGICS = frozenset({"macro", "rerun", "recall", "rep", "paste", "cpaste", "edit", "ed", "loadpy", "pycat"})
_UNKNOWN_SHELL = frozenset({"run_cell", "run_cell_magic", "ex", "push", "safe_execfile", "safe_execfile_ipy"})
_SKIPPING_MAGICS = frozenset({"skip", "skip_if"})  # their cells may not run
_FOREIGN = frozenset(
    {"html", "HTML", "javascript", "js", "bash", "sh", "script", "latex", "svg", "SVG", "markdown", "sql", "R", "ruby"}
    | {"perl", "writefile", "file", "bigquery", "cmd", "powershell", "system", "sx", "!", "julia", "octave", "md"}
)
# What a line defines, in Python that does not parse or in Cython: after ``def`` or ``class``, before ``=``, in imports.
_DEFINITION = lazy_pattern(r"[ \t]*(?:async[ \t]+)?c?p?(?:def|class)\b[^(:=]*?([^\W\d]\w*)[ \t]*(?=[(:])")
_TARGETS = lazy_pattern(r"[ \t]*(?:for[ \t]+([\w, \t()]+?)[ \t]+in\b|([\w, \t]+?)[ \t]*[-+*/|&]?=(?!=))")
_IMPORTED = lazy_pattern(r"[ \t]*(?:from[ \t]+\S+[ \t]+)?import[ \t]+(.+)|.*\bas[ \t]+(\w+)")
_VERSION = lazy_pattern(r"3\.(\d+)")
_WORD = lazy_pattern(r"[^\W\d]\w*")


class FreshRun(Subject):
    """A notebook or a script in cells, run from top to bottom in a kernel that has just been started.

    ``undefined`` are the uses of names that nothing has bound by then, ``misfits`` the calls of its own functions that
    cannot be made, ``stops`` where the run waits for a person. ``gone`` tells for names which star import brought them
    with older releases only; ``unknown`` what may have bound any name, after which none is reported.
    """

    title = "notebook, run from the top"

    def __init__(self, file: SourceFile, project: Project, source: PythonSource) -> None:
        super().__init__(file, project)
        self.source = source
        self.gone: dict[str, tuple[str, Star]] = {}

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name is that of a notebook or a Python file."""
        return PythonSource.accepts(path)

    @classmethod
    def from_file(cls, file: SourceFile, project: Project) -> Self | None:
        """The run, or None for what is no Python in cells; marimo orders its cells itself."""
        if not (file.path.endswith(".ipynb") or file.contains_any(_SCRIPT_SIGNS)):
            return None
        source = project.load(PythonSource, file.path)
        if source is None or source.form not in ("notebook", "percent", "databricks"):
            return None
        return cls(file, project, source)

    @cached_property
    def undefined(self) -> list[Use]:
        """The uses of undefined names, in the order of the run; not of those that a file which runs this one has."""
        found = self._outcome.undefined
        given = self.project.fact(Runners).names(self.project, self.path) if found else ()
        return [use for use in found if use.name not in given]

    @property
    def misfits(self) -> list[MisfitCall]:
        """The calls that their functions cannot accept, in the order of the run."""
        return self._outcome.misfits

    @property
    def stops(self) -> list[Stop]:
        """The places where the run inevitably waits for a person, in its order, outside of cells meant to fail."""
        return self._outcome.stops

    @property
    def unknown(self) -> ast.AST | str | None:
        """What may have bound any name, or None."""
        return self._outcome.namespace.unknown

    @cached_property
    def stored_cells(self) -> dict[int, NotebookCell]:
        """The code cells of a notebook with what the file keeps of their last run, by index."""
        notebook = self.source.notebook
        return {cell.index: cell for cell in notebook.code_cells} if notebook is not None else {}

    @cached_property
    def _outcome(self) -> _CellRunner:
        runner = _CellRunner(self)
        for cell in self.source.cells if self._is_python else ():
            runner.run(cell)
        return runner

    @property
    def _is_python(self) -> bool:
        """Whether the code is known to be Python: many a line of R or Julia parses as Python too."""
        notebook = self.source.notebook
        if notebook is None or notebook.language is not None:
            return True
        return any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in self.source.tree.body)


class _CellRunner(Runner):
    """Runs the cells, with their magics."""

    def __init__(self, run: FreshRun) -> None:
        source = run.source
        notebook = source.notebook
        data = source.file.written
        extra = SPARK_NAMES if b"spark" in data else frozenset()
        if source.form == "databricks" or b"application/vnd.databricks" in data:
            extra = DATABRICKS_NAMES
        if source.form != "notebook":
            extra |= {"__file__"}
        super().__init__(source, Namespace(frozenset(extra)))
        self.run_ = run
        self.project = run.project
        stored = StoredRun(notebook) if notebook is not None else None
        self._exempt = {n for n, cell in run.stored_cells.items() if stored is not None and stored.directives(cell)}
        self._magics: dict[int, list[Magic]] = {}
        self._written: dict[str, str] = {}
        self._statements: list[ast.stmt] = []
        version = _VERSION.match((notebook.language_version if notebook is not None else None) or "3.0")
        future = any(node.module == "__future__" for node in source.semantics.nodes(ast.ImportFrom))
        self.evaluates_annotations = not future and (version is None or int(version[1]) < 14)

    def run(self, cell: CodeCell) -> None:
        """Run one cell."""
        self.cell = cell.index
        self._statements = cell.body
        wrappers = {magic.name for magic in cell.magics if magic.kind == "cell"}
        exempt = cell.index in self._exempt or not wrappers.isdisjoint(_SKIPPING_MAGICS)
        context = Context(guarded=exempt, inevitable=self.prompts.possible and not exempt)
        timed = "timeit" in wrappers
        known = self.namespace.names() if timed else frozenset[str]()
        self._magics = {}
        for magic in cell.magics:
            if magic.kind in ("cell", "line") and (magic.kind == "cell" or self.source.form == "databricks"):
                self._apply(magic, context)
            else:
                self._magics.setdefault(cell.first_line + magic.line - 1, []).append(magic)
        if cell.error is not None:
            self._recover(cell.code)
            return
        remaining = list(cell.body)
        while remaining:
            statement = remaining.pop(0)
            if self.statement(statement, context) == "away":
                context = context.caught().avoidable()
        if timed:
            self.namespace.keep_only(known)  # the cell runs as the body of a function

    def magic(self, node: ast.Pass, context: Context) -> None:
        """Apply the magics of the line."""
        for magic in self._magics.pop(node.lineno, ()):
            self._apply(magic, context)

    def star_import(self, node: ast.ImportFrom, context: Context) -> None:
        """Bind what a star import brings; one that could bring anything ends the knowledge of names."""
        module = node.module or ""
        body = self._written.get(module.rpartition(".")[2] + ".py")
        if body is not None:
            self._recover(body)
            return
        self._bring(star_import_names(self.project, self.source.path, node), f"from {module} import *", module)

    def effect(self, node: ast.Call, name: str, context: Context) -> None:
        """Calls that put names into the namespace behind the program's back."""
        func, last = node.func, last_name(node)
        if name == "builtins.exec" or (name == "builtins.globals" and self._is_changed(node)):
            self._forget(node)
        elif name in ("builtins.locals", "builtins.vars") and not node.args and self._is_changed(node):
            if self.semantics.scope_of(node).kind == "module":
                self._forget(node)
        elif name == "sympy.var" and node.args:
            text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            for word in _WORD.findall(text) if isinstance(text, str) else ():
                self.namespace.bind(word)
        elif name in ("sympy.init_session", "sympy.interactive.init_session"):
            self._forget(node)
        elif last in ("run_line_magic", "magic") and node.args:
            words = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
            if not all(isinstance(word, str) for word in words):
                self._forget(node)
                return
            magic_name, _, argument = " ".join(str(word) for word in words).partition(" ")
            self._apply_line(magic_name.lstrip("%"), argument, node)
        elif last in _UNKNOWN_SHELL and isinstance(func, ast.Attribute) and "get_ipython" in ast.dump(func.value):
            self._forget(node)

    def _is_changed(self, node: ast.AST) -> bool:
        """Whether the dictionary of names may be changed through what this expression gives."""
        parent = self.semantics.parent(node)
        if isinstance(parent, ast.Subscript):
            return isinstance(parent.ctx, ast.Store)
        if isinstance(parent, ast.Attribute):
            return parent.attr in ("update", "setdefault", "__setitem__")
        return isinstance(parent, (ast.Call, ast.Assign, ast.keyword)) and not isinstance(
            getattr(parent, "func", None), ast.Name
        )

    def _forget(self, cause: ast.AST | str) -> None:
        if self.namespace.unknown is None:
            self.namespace.unknown = cause

    def _bring(self, names: frozenset[str] | None, what: str, module: str | None = None) -> None:
        if names is None:
            self._forget(what)
            return
        for name in names:
            self.namespace.bind(name)
        star = find_star(module) if module else None
        if star is not None:
            self.run_.gone.update(dict.fromkeys(star.gone - names, (what, star)))

    # Magics.

    def _apply(self, magic: Magic, context: Context) -> None:
        for target in magic.targets:
            self.namespace.bind(target)
        if magic.kind == "cell":
            self._apply_cell(magic)
        elif magic.kind == "line":
            self._apply_line(magic.name, magic.argument, magic.name, context.certain)

    def _apply_cell(self, magic: Magic) -> None:
        if magic.name in ("writefile", "file"):
            name = magic.argument.split()[-1].strip("\"'") if magic.argument.split() else ""
            self._written[name.replace("\\", "/").rpartition("/")[2]] = magic.body
        elif magic.name == "run" and self.source.form == "databricks":
            self._run_file(magic.argument)
        elif magic.name not in _FOREIGN and not self._statements:  # if Python, then run by the magic
            self._recover(magic.body)

    def _apply_line(self, name: str, argument: str, cause: ast.AST | str, certain: bool = True) -> None:
        words = argument.split()
        if name == "run":
            self._run_file(argument)
        elif name == "pylab":
            self._bring(star_names(self.project, "%pylab"), "%pylab", "%pylab")
        elif name == "store" and words == ["-r"]:
            self._forget("%store -r")
        elif name == "reset" and "-f" in words and certain:
            self.namespace.clear(self.source.tree)
        elif name == "xdel" and words:
            self.namespace.unbind(words[-1], self.source.tree)
        elif name == "aimport":
            for word in argument.replace(",", " ").split():
                self.namespace.bind(word.lstrip("-").partition(".")[0])
        elif name == "Rpull":
            for word in words:
                self.namespace.bind(word)
        elif name in _UNKNOWN_MAGICS:
            self._forget(f"%{name}")

    def _run_file(self, argument: str) -> None:
        target = run_target(argument)
        body = self._written.get(target.rpartition("/")[2])
        path = find_program(self.project, self.source.path, target) if target else None
        if body is not None:
            self._recover(body)
        elif path == self.source.path:
            return
        else:
            self._bring(program_names(self.project, path) if path else None, f"%run {target}")

    def _recover(self, text: str) -> None:
        """Bind what a text that does not parse, or is run elsewhere, looks to define: it is not accused of that."""
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            for line in text.split("\n"):
                for pattern in (_DEFINITION, _TARGETS, _IMPORTED):
                    if match := pattern.match(line):
                        for word in _WORD.findall(" ".join(group or "" for group in match.groups())):
                            self.namespace.bind(word)
            return
        for node in (inner for statement in body for inner in ast.walk(statement)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.namespace.bind(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.namespace.bind(node.id)
            elif isinstance(node, ast.alias):
                if node.name == "*":
                    self._forget("import *")
                self.namespace.bind((node.asname or node.name).partition(".")[0])
