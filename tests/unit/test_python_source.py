"""Programs in every form: their statements, and the way back to the place in the file."""

from __future__ import annotations

import ast
import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from repro_lint.finding import CellRef, Place, Span
from repro_lint.sources.magics import Magic
from repro_lint.sources.notebook import Notebook
from repro_lint.sources.python import PythonSource


@dataclass
class File:
    path: str
    data: bytes


class Tree:
    """A project of one file."""

    def __init__(self, file: File) -> None:
        self.file = file

    def load(self, subject: type[Any], path: str) -> Any:
        assert path == self.file.path
        return subject.from_file(self.file, self)


def script(data: bytes | str) -> PythonSource:
    file = File("a/b.py", data if isinstance(data, bytes) else data.encode())
    found = PythonSource.from_file(file, Tree(file))  # type: ignore[arg-type]
    assert found is not None
    return found


def notebook(*sources: Any, indent: int | None = None, **metadata: Any) -> PythonSource:
    cells = [
        source if isinstance(source, dict) else {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
        for source in sources
    ]
    return stored(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}, indent=indent))


def stored(text: str) -> PythonSource:
    file = File("n.ipynb", text.encode())
    found = PythonSource.from_file(file, Tree(file))  # type: ignore[arg-type]
    assert found is not None
    return found


def names(source: PythonSource) -> dict[str, ast.Name]:
    return {node.id: node for node in ast.walk(source.tree) if isinstance(node, ast.Name)}


def shown(source: PythonSource, node: ast.AST) -> str:
    """The text at the node's place, read from the file as stored."""
    place = source.place(node)
    span = place.physical or place.span
    assert span is not None
    assert span.end_line == span.line
    assert span.end_column is not None
    text = source.file.data.decode("utf-8-sig")
    text = text if place.physical else text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


class TestScripts:
    def test_plain(self) -> None:
        found = script("import a\nx = f('é', yy)\n")
        assert found.form == "script"
        (cell,) = found.cells
        assert (cell.index, cell.first_line, cell.code_index, len(cell.body)) == (1, 1, None, 2)
        node = names(found)["yy"]
        assert found.span(node) == Span(2, 12, 2, 14)
        place = Place("a/b.py", Span(2, 12, 2, 14), excerpt=("x = f('é', yy)",), scope="s")
        assert found.place(node, "s") == place
        assert found.place_in(cell, Span(2, 12, 2, 14), "s") == place
        assert found.file_place() == Place("a/b.py")
        assert found.notebook is None

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends(self, end: str) -> None:
        found = script("\ufeffx = 1\n\x0cé = '\u2028'; bb\n".replace("\n", end))
        assert found.lines == ("x = 1", "\x0cé = '\u2028'; bb", "")
        assert found.span(names(found)["bb"]) == Span(2, 11, 2, 13)
        assert shown(found, names(found)["bb"]) == "bb"

    def test_long_nodes_have_short_excerpts(self) -> None:
        found = script("def f():\n" + "    x\n" * 40)
        place = found.place(found.tree.body[0])
        assert place.span == Span(1, 1, 41, 6)
        assert len(place.excerpt) == 12

    def test_nodes_without_position(self) -> None:
        found = script("def f(a, b): x\n")
        function = found.tree.body[0]
        assert isinstance(function, ast.FunctionDef)
        assert found.span(function.args) == Span(1, 7, 1, 8)
        assert found.span(found.tree) == Span(1, 1, 1, 15)
        assert script("").place(script("").tree).span == Span(1, 1, 1, 1)

    @pytest.mark.parametrize(
        ("source", "line", "python2"),
        [
            ("x = 1\nx = (\n", 2, False),
            ("print 'a'", 1, True),
            ("print x", 1, True),
            ("print >>f, x", 1, False),
            ("x = 1\ntry:\n  a\nexcept E, e:\n  b\n", 4, True),
            ("raise E, 'x'", 1, True),
            ("exec 'a'", 1, True),
            ("if a <> b: pass", 1, True),
            ("x = 0777", 1, True),
            ("x = 10L", 1, True),
            ("x = ur'a'", 1, True),
            ("f = lambda (a, b): a", 1, True),
            ("f = lambda a, (b, c): a", 1, True),
            ("f = lambda a: (a, b) c", 1, False),
            ("x = 'print y' 3", 1, False),
            ("%cd a", 1, False),
            ("x\0", 1, False),
            ("(" * 500, 1, False),
            ("-" * 100_000 + "1", 1, False),
        ],
    )
    def test_syntax_errors(self, source: str, line: int, python2: bool) -> None:
        found = script(source)
        if source.startswith("print >>"):  # Python 3 takes this for a shift
            assert found.syntax_errors == ()
            return
        (problem,) = found.syntax_errors
        assert (problem.span.line, problem.python2, problem.cell) == (line, python2, CellRef(1))
        assert problem.message
        assert found.tree.body == []
        assert found.cells[0].error == problem
        assert found.problem_place(problem).span == problem.span

    @pytest.mark.skipif(sys.version_info >= (3, 12), reason="the syntax is known")
    @pytest.mark.parametrize("source", ["x = f'{y['z']}'", "type A = int", "def f[T](x: T): pass", "class A[T]: pass"])
    def test_later_syntax_is_told_apart(self, source: str) -> None:
        (problem,) = script(source).syntax_errors
        assert problem.newer
        assert not script("type = (").syntax_errors[0].newer

    def test_lines_in_messages_count_in_the_cell(self) -> None:
        (problem,) = notebook("a\nb", "x\nif x:\ny = 1").syntax_errors
        assert problem.message == "expected an indented block after 'if' statement on line 2"
        assert problem.span.line == 3

    def test_warnings_are_silent(self, recwarn: pytest.WarningsRecorder) -> None:
        assert script("'\\d' is 1").syntax_errors == ()
        assert len(recwarn) == 0

    def test_encoding(self) -> None:
        found = script(b"x = 1\ny = '\xe9'; bb\n")
        (problem,) = found.syntax_errors
        assert (problem.encoding, problem.span.line) == (True, 2)
        assert problem.message == "byte 0xe9 is not valid UTF-8"
        assert len(found.tree.body) == 3
        assert script(b"# coding: latin-1\ny = '\xe9'; bb\n").span(names(found)["bb"]) == Span(2, 10, 2, 12)

    def test_offsets_in_strings(self) -> None:
        found = script("x = f(r'/home/me', \"a\\tbcdef\", '''p\nqrs''', 'ab' 'cdefg', f'{x}tail!')\n")
        strings = [n for n in ast.walk(found.tree) if isinstance(n, ast.Constant)]
        by_value = {n.value: n for n in strings}
        assert found.offset_span(by_value["/home/me"], 0, 5) == Span(1, 9, 1, 14)
        assert found.offset_span(by_value["a\tbcdef"], 2, 7) == Span(1, 24, 1, 29)
        assert found.offset_span(by_value["a\tbcdef"], 0, 2) == found.span(by_value["a\tbcdef"])
        assert found.offset_span(by_value["p\nqrs"], 3, 5) == Span(2, 2, 2, 4)
        assert found.offset_span(by_value["abcdefg"], 3, 7) == Span(2, 16, 2, 20)
        assert found.offset_span(by_value["abcdefg"], 1, 3) == found.span(by_value["abcdefg"])
        assert found.offset_span(by_value["tail!"], 0, 5) == Span(2, 28, 2, 33)


class TestNotebooks:
    def test_one_line_space(self) -> None:
        markdown = {"cell_type": "markdown", "source": "x"}
        found = notebook("a = 1\nb", markdown, "", "é = cc")
        assert found.form == "notebook"
        assert [(c.index, c.code_index, c.first_line) for c in found.cells] == [(1, 1, 1), (3, 2, 3), (4, 3, 4)]
        assert found.lines == ("a = 1", "b", "", "é = cc")
        assert [node.lineno for node in found.tree.body] == [1, 2, 4]
        node = names(found)["cc"]
        assert (node.lineno, node.col_offset) == (4, 5)
        assert found.cell_of(node) is found.cells[2] is found.cell_of(4)
        place = found.place(node, "f")
        assert (place.span, place.cell, place.excerpt) == (Span(1, 5, 1, 7), CellRef(4, None, 3), ("é = cc",))
        assert shown(found, node) == "cc"
        assert found.place_in(found.cells[2], Span(1, 5, 1, 7), "f") == place

    @pytest.mark.parametrize("indent", [None, 1])
    @pytest.mark.parametrize("as_list", [True, False])
    @pytest.mark.parametrize(
        "source",
        [
            "x = 1\n\t\nif x:\n\tf('\"é\\\\', nnn)\n",
            ">>> y = 3\n>>> f(nnn)",
            "    é = 3\n    f(nnn)",
            "%time f('é', nnn)",
            "%%time\n%timeit -n 3 f('é', nnn)",
            "r = %time f(nnn)",
            "if 1:\n   %prun -s cumulative é(nnn)",
            "%%timeit -n 3 f(nnn)\nx",
            "time f(nnn)",
        ],
    )
    def test_every_form_leads_back(self, source: str, as_list: bool, indent: int | None) -> None:
        lines = source.split("\n")
        parts: Any = [line + "\n" for line in lines[:-1]] + lines[-1:] if as_list else source
        found = notebook("first = 1", parts, indent=indent)
        assert found.syntax_errors == ()
        assert shown(found, names(found)["nnn"]) == "nnn"

    def test_values_of_magics(self) -> None:
        found = notebook("vv = !ls -la\nw = %m")
        first, second = found.tree.body
        assert isinstance(first, ast.Assign)
        assert isinstance(second, ast.Assign)
        assert shown(found, first.value) == "!ls -la"
        assert found.span(second.value) == Span(2, 5, 2, 7)
        assert found.magics == (
            (found.cells[0], Magic("shell", "!", "ls -la", 1, 6, 1, 13, ("vv",))),
            (found.cells[0], Magic("line", "m", "", 2, 5, 2, 7, ("w",))),
        )

    def test_a_broken_cell_leaves_the_others_alone(self) -> None:
        found = notebook("a = 1", "b = (\nc", "print 'x'", "%%bash\nfi", "%time x =", "d = 4")
        assert [(p.cell.index, p.span.line, p.python2) for p in found.syntax_errors] == [
            (2, 1, False),
            (3, 1, True),
            (5, 1, False),
        ]
        assert list(names(found)) == ["a", "d"]
        assert found.cells[3].opaque
        assert found.cells[3].magics[0].body == "fi"
        place = found.problem_place(found.syntax_errors[0])
        assert place.cell == CellRef(2, None, 2)
        assert place.physical is not None
        assert found.syntax_errors[2].span.column == 10

    def test_signless_magics(self) -> None:
        assert [m.name for _, m in notebook("pip install x", "ls", "x y z").magics] == ["pip", "ls"]
        assert notebook("ls = 3", "ls").magics == ()
        assert notebook("cells = 3", "ls").magics[0][1].name == "ls"
        found = notebook("%sql\nSELECT 1 FROM x")
        assert (found.syntax_errors, found.cells[0].opaque) == ((), True)

    def test_other_languages(self) -> None:
        def form(metadata: dict[str, Any]) -> PythonSource | None:
            file = File("n.ipynb", json.dumps({"cells": [], "metadata": metadata, "nbformat": 4}).encode())
            return PythonSource.from_file(file, Tree(file))  # type: ignore[arg-type]

        assert form({"kernelspec": {"language": "R"}}) is None
        assert form({}) is not None
        assert form({"kernelspec": {"language": "python"}}) is not None
        broken = File("n.ipynb", b"{")
        assert PythonSource.from_file(broken, Tree(broken)) is None  # type: ignore[arg-type]
        cell = {"cell_type": "code", "source": "SELECT 1 2", "metadata": {"vscode": {"languageId": "sql"}}}
        mixed = notebook(cell, "x")
        assert (mixed.syntax_errors, mixed.cells[0].opaque, len(mixed.tree.body)) == ((), True, 1)

    def test_without_code(self) -> None:
        found = notebook()
        assert (found.cells, found.tree.body, found.syntax_errors) == ((), [], ())
        assert found.place(found.tree) == found.file_place() == Place("n.ipynb")

    def test_cell_facts(self) -> None:
        cell = {"cell_type": "code", "source": "x", "id": "i", "execution_count": 4, "metadata": {"tags": ["t"]}}
        (found,) = notebook(cell).cells
        assert (found.ref, found.execution_count, found.tags) == (CellRef(1, "i", 1), 4, ("t",))

    def test_strings(self) -> None:
        found = notebook("y", "x = f('é/home/me/x')", indent=1)
        string = next(n for n in ast.walk(found.tree) if isinstance(n, ast.Constant))
        assert found.offset_span(string, 1, 6) == Span(1, 9, 1, 14)


class TestCellScripts:
    def test_percent(self) -> None:
        text = (
            "# ---\n# jupyter: x\n# ---\n# %% [markdown]\n# # T\n\n"
            '# %% load tags=["parameters"]\nx = 1\n# %%time\n#%%\ny = 2\n'
        )
        found = script(text)
        assert found.form == "percent"
        assert [(c.index, c.first_line, c.tags, len(c.body)) for c in found.cells] == [
            (2, 7, ("parameters",), 1),
            (3, 10, (), 1),
        ]
        assert found.cells[0].source == '# %% load tags=["parameters"]\nx = 1\n# %%time'
        assert found.place(names(found)["y"]) == Place("a/b.py", Span(11, 1, 11, 2), excerpt=("y = 2",))
        assert found.place_in(found.cells[1], Span(2, 1, 2, 2)) == found.place(names(found)["y"])

    def test_percent_with_magics(self) -> None:
        found = script("import a\n# %%\n%matplotlib inline\nx = 1\n# %%\n%time f(nnn)\n# %%\ny = (\n# %%\nz\n")
        assert [m.name for _, m in found.magics] == ["matplotlib", "time"]
        assert [(p.cell.index, p.span.line) for p in found.syntax_errors] == [(4, 2)]
        assert found.problem_place(found.syntax_errors[0]).span == Span(8, 5, 8, 6)
        assert shown(found, names(found)["nnn"]) == "nnn"
        assert names(found)["z"].lineno == 10

    def test_exported_notebooks_are_scripts(self) -> None:
        assert script("# In[3]:\nx = 1\n# In[4]:\ny\n").form == "script"

    def test_only_text_cells(self) -> None:
        found = script("# %% [markdown]\n# x\n")
        assert (found.form, len(found.cells)) == ("percent", 1)

    def test_databricks(self) -> None:
        text = (
            "# Databricks notebook source\n# MAGIC %md\n# MAGIC # T\n\n# COMMAND ----------\n\n"
            "# MAGIC %pip install x\n\n# COMMAND ----------\n\nimport os\ny = 1\n"
        )
        found = script(text)
        assert found.form == "databricks"
        assert [(c.index, c.first_line, len(c.body)) for c in found.cells] == [(2, 6, 0), (3, 10, 2)]
        ((cell, magic),) = found.magics
        assert magic == Magic("line", "pip", "install x", 2, 9, 2, 23)
        assert found.place_in(cell, magic.span).span == Span(7, 9, 7, 23)

    def test_marimo(self) -> None:
        text = '''import marimo

__generated_with = "0.9"
app = marimo.App()

with app.setup:
    import os


@app.cell(hide_code=True)
def _(a, mo):
    b = a + 1
    return (b,)


@app.cell
def load():
    import marimo as mo
    a = 1
    return a, mo


@app.function
def helper(x):
    return x


app._unparsable_cell(
    r"""
    x = (
    """,
    name="_"
)

if __name__ == "__main__":
    app.run()
'''
        found = script(text)
        assert found.form == "marimo"
        lines = [node.lineno for node in found.tree.body]
        assert lines == [1, 3, 4, 7, 18, 19, 12, 24, 35]
        assert [(c.index, c.id, c.first_line) for c in found.cells] == [
            (1, "setup", 6),
            (2, None, 10),
            (3, "load", 16),
            (4, "helper", 23),
            (5, None, 28),
        ]
        (problem,) = found.syntax_errors
        assert problem.cell == CellRef(5)
        assert found.problem_place(problem).span == Span(28, 1, 33, None)
        assert found.cell_of(found.tree.body[4]).id == "load"

    def test_cyclic_marimo(self) -> None:
        text = "import marimo\napp = marimo.App()\n"
        text += "@app.cell\ndef _(b):\n    a = b\n    return a,\n@app.cell\ndef _(a):\n    b = a\n    return b,\n"
        assert [node.lineno for node in script(text).tree.body] == [1, 2, 5, 9]

    def test_broken_marimo(self) -> None:
        found = script("import marimo\napp = marimo.App()\n@app.cell\ndef _(:\n")
        assert (found.form, len(found.cells), len(found.syntax_errors), found.tree.body) == ("marimo", 1, 1, [])


_piece = st.sampled_from(
    [
        "x = 1\n",
        "def f(a):\n    return a\n",
        "# %%\n",
        "# %% [markdown]\n",
        "%time f(x)\n",
        "!ls\n",
        "é = 'ü'\n",
        "(\n",
        "\r",
        "# COMMAND ----------\n",
        "# MAGIC %sql\n",
        "'''\n",
        "\x0c",
        "\0",
        "@app.cell\n",
        "import marimo\n",
        "print 'x'\n",
        "\\\n",
        "v = !ls\n",
        ">>> x\n",
        "    y\n",
        "f'{x!r:>{w}} {é}'\n",
        "\ud800",
        "ls",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_piece, max_size=8).map("".join), st.booleans())
@example("# %% [markdown]\n\ud800x = 1\n# %%\n", False)
def test_never_raises(text: str, cells: bool) -> None:
    found = notebook(text, "y = 3", text) if cells else script(text.encode("utf-8", "surrogatepass"))
    for node in ast.walk(found.tree):
        place = found.place(node)
        assert place.span is not None
        assert place.excerpt or place.span.line == 1
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.offset_span(node, 0, 3)
    for problem in found.syntax_errors:
        assert found.problem_place(problem).span is not None
    for cell, magic in found.magics:
        assert found.place_in(cell, magic.span).excerpt
    for cell in found.cells:
        assert cell.code == cell.source or cell.code.count("\n") >= cell.source.count("\n")


def test_nodes_are_unique_places() -> None:
    found = notebook(*["a = b\nc = d"] * 20)
    places = {(n.lineno, n.col_offset) for n in ast.walk(found.tree) if isinstance(n, ast.Name)}
    assert len(places) == 80


def test_many_cells_are_fast() -> None:
    found = notebook(*["def f(x):\n    return x + 1\n" * 10] * 500)
    start = time.perf_counter()
    assert len(found.tree.body) == 5000
    assert time.perf_counter() - start < 3


def test_notebook_is_shared_with_the_project() -> None:
    file = File("n.ipynb", b'{"cells": [], "nbformat": 4}')
    tree = Tree(file)
    kept = Notebook(file, tree)  # type: ignore[arg-type]
    tree.load = lambda subject, path: kept  # type: ignore[method-assign]
    found = PythonSource(file, tree)  # type: ignore[arg-type]
    assert found.notebook is kept
