"""Notebooks with all their faults, and text files with all their encodings."""

from __future__ import annotations

import codecs
import json
import time
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro_lint.finding import CellRef, Place, Span
from repro_lint.sources.notebook import Notebook
from repro_lint.sources.text import LineMap, TextFile, decode, decode_python


@dataclass
class File:
    path: str
    data: bytes


def notebook(data: bytes | str | dict[str, Any]) -> Notebook:
    if isinstance(data, dict):
        data = json.dumps(data)
    raw = data if isinstance(data, bytes) else data.encode()
    return Notebook(File("a/b.ipynb", raw), None)  # type: ignore[arg-type]


def with_cells(*cells: Any, **rest: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **rest}


def code(source: Any, **rest: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **rest}


def kinds(found: Notebook) -> list[str]:
    return [problem.kind for problem in found.problems]


def text_file(path: str, data: bytes) -> TextFile:
    return TextFile(File(path, data), None)  # type: ignore[arg-type]


class TestCells:
    def test_reads_a_notebook(self) -> None:
        output = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
        found = notebook(
            with_cells(
                {"cell_type": "markdown", "id": "m", "source": ["# T\n", "x"], "metadata": {}},
                code(["a = 1\n", "b"], id="c", execution_count=7, metadata={"tags": ["t", 3]}, outputs=[output, 1, {}]),
                {"cell_type": "raw", "source": "r"},
                code("é"),
            )
        )
        assert found.problems == ()
        assert [cell.type for cell in found.cells] == ["markdown", "code", "raw", "code"]
        assert [cell.source for cell in found.cells] == ["# T\nx", "a = 1\nb", "r", "é"]
        second = found.cells[1]
        assert second.ref == CellRef(2, "c", 1)
        assert (second.execution_count, second.tags, second.outputs) == (7, ("t",), (output,))
        assert found.cells[3].ref == CellRef(4, None, 2)
        assert found.code_cells == (found.cells[1], found.cells[3])
        assert (found.nbformat, found.nbformat_minor) == (4, 5)

    def test_reads_format_3(self) -> None:
        cell = {"cell_type": "code", "input": ["x\n", "y"], "prompt_number": 3, "language": "python", "outputs": []}
        heading = {"cell_type": "heading", "source": "T", "level": 1}
        found = notebook({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [heading]}, {"cells": [cell]}]})
        assert [c.source for c in found.cells] == ["T", "x\ny"]
        assert found.cells[1].execution_count == 3
        assert found.cells[1].ref == CellRef(2, None, 1)
        assert found.language == "python"
        assert found.problems == ()

    @pytest.mark.parametrize(
        ("metadata", "language"),
        [
            ({}, None),
            ({"kernelspec": {"name": "python3", "language": "python"}}, "python"),
            ({"kernelspec": {"name": "ir", "language": "R"}, "language_info": {"name": "R"}}, "r"),
            ({"kernelspec": {"name": "conda-env-x-py"}}, "python"),
            ({"kernelspec": {"name": "conda-env-x-r"}}, "r"),
            ({"kernelspec": {"name": "julia-1.9"}}, "julia"),
            ({"kernelspec": {"name": "rust"}}, None),
            ({"kernelspec": {"name": "pysparkkernel", "language": "python"}}, "python"),
            ({"kernelspec": {"name": "sagemath", "language": "sage"}, "language_info": {"name": "python"}}, "sage"),
            ({"language_info": {"name": "ipython", "version": "3.8"}}, "python"),
            ({"colab": {"name": "x"}}, "python"),
            ({"kernelspec": 3, "language_info": [], "vscode": {}}, "python"),
            ({"kernelspec": {"language": "scala"}}, "scala"),
        ],
    )
    def test_language(self, metadata: dict[str, Any], language: str | None) -> None:
        assert notebook(with_cells(metadata=metadata)).language == language

    def test_kernel(self) -> None:
        metadata = {"kernelspec": {"name": "k"}, "language_info": {"name": "python", "version": "3.11.4"}}
        found = notebook(with_cells(metadata=metadata))
        assert (found.kernel_name, found.language_version) == ("k", "3.11.4")


class TestProblems:
    @pytest.mark.parametrize(
        ("data", "kind", "span"),
        [
            (b"", "empty", None),
            (b" \n\n", "empty", None),
            (b"\0\0", "empty", None),
            (b"[1, 2]", "not-a-notebook", None),
            (b"null", "not-a-notebook", None),
            (b'{"a": 1}', "not-a-notebook", None),
            (b'{"nbformat": 4}', "invalid-structure", None),
            (b'{"cells": {}, "nbformat": 4}', "invalid-structure", None),
            (b'{"cells": [\n  1,,\n]}', "invalid-json", Span(2, 5)),
            (b'{"cells": ["\0"]}', "invalid-json", Span(1, 13)),
            (b"[" * 200_000, "invalid-json", None),
            (b'{\n<<<<<<< HEAD\n "cells": []\n=======\n>>>>>>> b\n}', "conflict-markers", Span(2)),
            (b"{\r\n<<<<<<< HEAD\r\n", "conflict-markers", Span(2)),
        ],
    )
    def test_one_problem(self, data: bytes, kind: str, span: Span | None) -> None:
        found = notebook(data)
        assert kinds(found) == [kind]
        assert found.problems[0].span == span
        assert found.cells == ()
        assert found.problem_place(found.problems[0]).physical == span

    def test_markers_in_a_sound_notebook_are_text(self) -> None:
        assert notebook(with_cells(code("<<<<<<< HEAD\n"))).problems == ()

    def test_duplicate_ids(self) -> None:
        text = json.dumps(with_cells(code("a", id="x"), code("b", id="x"), code("c", id="x")), indent=1)
        found = notebook(text)
        assert kinds(found) == ["duplicate-cell-id"] * 2
        problem = found.problems[0]
        assert problem.cell == CellRef(2, "x", 2)
        assert problem.span is not None
        line = text.split("\n")[problem.span.line - 1]
        assert line[problem.span.column - 1 : (problem.span.end_column or 0) - 1] == "x"
        assert problem.span.line != found.problems[1].span.line  # type: ignore[union-attr]
        assert found.problem_place(problem) == Place("a/b.ipynb", None, problem.cell, problem.span)

    @pytest.mark.parametrize("source", [None, 3, {"a": 1}, ["x", 2], [None]])
    def test_bad_source(self, source: Any) -> None:
        found = notebook(with_cells(code(source), code("ok")))
        assert kinds(found) == ["invalid-structure"]
        assert found.problems[0].cell == CellRef(1, None, 1)
        assert [cell.source for cell in found.cells] == ["x" if source == ["x", 2] else "", "ok"]

    def test_missing_source_and_odd_cells(self) -> None:
        found = notebook(with_cells({"cell_type": "code"}, 7, {"source": "x"}, code("y")))
        assert kinds(found) == ["invalid-structure"] * 3
        assert [(cell.index, cell.code_index) for cell in found.cells] == [(1, 1), (3, None), (4, 2)]
        place = found.place(found.cells[2], Span(1, 1, 1, 2))
        assert place.excerpt == ("y",)

    def test_hostile_numbers(self) -> None:
        data = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "execution_count": %s, "n": NaN}]}'
        found = notebook(data % ("9" * 5000))
        assert found.problems == ()
        assert found.cells[0].execution_count is None
        assert found.place(found.cells[0], Span(1, 1, 1, 2)).physical == Span(1, 60, 1, 61)

    def test_lone_surrogates_become_replacement_characters(self) -> None:
        source = r"\ud800x\\ud800\ud83d\ude00\udc00\ud800\ud83d\ude00"
        data = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "' + source + '"}]}'
        found = notebook(data)
        assert found.cells[0].source == "\ufffdx\\ud800\U0001f600\ufffd\ufffd\U0001f600"
        offset = data.index("x\\")
        assert found.physical(found.cells[0], Span(1, 2, 1, 3)) == Span(1, offset + 1, 1, offset + 2)

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be-bom", "latin-1"])
    def test_encodings(self, encoding: str) -> None:
        text = json.dumps(with_cells(code("x = 'é'")), ensure_ascii=False)
        data = codecs.BOM_UTF16_BE + text.encode("utf-16-be") if encoding.endswith("bom") else text.encode(encoding)
        found = notebook(data)
        assert kinds(found) == ["encoding"]
        assert found.cells[0].source == "x = 'é'"
        start = text.index("x = ") + 1
        assert found.physical(found.cells[0], Span(1, 1, 1, 2)) == Span(1, start, 1, start + 1)

    def test_duplicate_keys_count_last(self) -> None:
        data = '{"cells": [{"cell_type": "code", "source": "lost"}], "nbformat": 4, '
        data += '"cells": [{"cell_type": "code", "source": ["first"], "source": ["kept"]}]}'
        found = notebook(data)
        assert [cell.source for cell in found.cells] == ["kept"]
        start = data.index("kept") + 1
        assert found.physical(found.cells[0], Span(1, 1, 1, 5)) == Span(1, start, 1, start + 4)


class TestPlaces:
    def test_places(self) -> None:
        text = json.dumps(with_cells(code(["a = 1\n", "b = 2\n", "c"], id="i")), indent=1)
        found = notebook(text)
        cell = found.cells[0]
        lines = text.split("\n")
        row = lines.index('    "b = 2\\n",') + 1
        assert found.place(cell, Span(2, 5, 2, 6), "f") == Place(
            "a/b.ipynb", Span(2, 5, 2, 6), CellRef(1, "i", 1), Span(row, 10, row, 11), ("b = 2",), "f"
        )
        assert found.physical(cell, Span(2, 1)) == Span(row, 6)
        assert found.physical(cell, Span(2, 1, 2)) == Span(row, 6, row, 11)
        assert found.physical(cell, Span(1, 1, 3, 2)) == Span(row - 1, 6, row + 1, 7)
        assert found.place() == Place("a/b.ipynb")
        whole = found.cell_place(cell)
        assert whole.span is None
        assert whole.physical == Span(3, 3, lines.index("  }") + 1, 4)

    def test_far_outside_is_the_nearest_end(self) -> None:
        found = notebook(with_cells(code(""), code("ab")))
        assert found.physical(found.cells[0], Span(9, 9, 99, 99)) == found.physical(found.cells[0], Span(1, 1, 1, 1))
        end = found.physical(found.cells[1], Span(9, 9))
        assert end == found.physical(found.cells[1], Span(1, 3))

    def test_large_notebooks_are_fast(self) -> None:
        image = {"output_type": "display_data", "data": {"image/png": "iVBOR" * 40_000}, "metadata": {}}
        cells = [code([f"x{n} = {n}\n" for n in range(50)], outputs=[image]) for _ in range(60)]
        data = json.dumps(with_cells(*cells), indent=1).encode()
        found = notebook(data)
        start = time.perf_counter()
        found.place(found.cells[-1], Span(50, 1, 50, 2))
        assert time.perf_counter() - start < 1.0


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "source", "input", "id", "metadata", "worksheets", "cell_type", "outputs", "tags", "x"]
            ),
            children,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@pytest.mark.untraced
class TestNeverRaises:
    @given(st.binary(max_size=200))
    def test_bytes(self, data: bytes) -> None:
        self._use(notebook(data))
        self._use_text(data)

    @settings(max_examples=200)
    @given(_json, st.sampled_from(["cells", "worksheets"]))
    def test_structures(self, value: Any, key: str) -> None:
        self._use(notebook(json.dumps({key: value, "metadata": value, "nbformat": 4})))
        self._use(notebook(json.dumps({key: [value, {"cell_type": "code", "source": "x", "id": "a"}], "nbformat": 3})))

    def _use(self, found: Notebook) -> None:
        for cell in found.cells:
            assert found.place(cell, Span(1, 1, 2, 3)).physical is not None
            assert found.cell_place(cell).physical is not None
        for problem in found.problems:
            found.problem_place(problem)
        assert found.language is None or isinstance(found.language, str)

    def _use_text(self, data: bytes) -> None:
        decode_python(data).text.encode()
        found = text_file("a.txt", data)
        found.place(found.span(0, len(found.text)))


class TestText:
    @pytest.mark.parametrize(
        ("path", "accepted"),
        [
            ("a/README", True),
            ("README.md", True),
            (".env", True),
            (".env.local", True),
            ("prod.env", True),
            ("docker/Dockerfile.gpu", True),
            ("Makefile", True),
            ("requirements-dev.txt", True),
            ("x.R", True),
            ("x.yml", True),
            (".netrc", True),
            ("a.py", False),
            ("a.ipynb", False),
            ("uv.lock", False),
            ("package-lock.json", False),
            ("a/conda-lock.yml", False),
            ("jquery.min.js", False),
            ("a.png", False),
            ("data.csv", False),
            ("binary", False),
        ],
    )
    def test_accepts(self, path: str, accepted: bool) -> None:
        assert TextFile.accepts(path) is accepted

    def test_lines_and_places(self) -> None:
        found = text_file("x/a.txt", "\ufeffab\r\nc\u2028d\x0ce\rf\n".encode())
        assert found.lines == ("ab", "c\u2028d\x0ce\rf", "")
        span = found.span(4, 7)
        assert span == Span(2, 1, 2, 4)
        assert found.place(span, "s") == Place("x/a.txt", span, excerpt=("c\u2028d\x0ce\rf",), scope="s")
        assert found.place() == Place("x/a.txt")
        assert found.problem is None

    def test_python_lines_end_at_carriage_returns(self) -> None:
        assert LineMap("a\rb\r\nc\n\nd", python=True).lines == ("a", "b", "c", "", "d")
        assert LineMap("a\rb\r\nc\r", python=False).lines == ("a\rb", "c\r")

    @given(st.text(alphabet="ab\r\n\u2028é"), st.booleans())
    def test_offsets_and_positions_agree(self, text: str, python: bool) -> None:
        lines = LineMap(text, python=python)
        for offset in range(len(text) + 1):
            line, column = lines.position(offset)
            if column <= len(lines.line(line)) + 1:
                assert lines.offset(line, column) == offset
        assert len(lines.lines) == len(lines)

    def test_excerpts_are_short(self) -> None:
        found = text_file("a.txt", b"x\n" * 50)
        assert len(found.place(Span(3, 1, 40, 1)).excerpt) == 12

    def test_binary(self) -> None:
        assert text_file("a.txt", b"a\0b").problem == "is not text: it holds NUL bytes"
        assert text_file("a.txt", "a".encode("utf-16")).problem is None

    def test_decode(self) -> None:
        assert decode("é".encode()).text == "é"
        latin = decode("a\né".encode("latin-1"))
        assert (latin.text, latin.encoding, latin.line) == ("a\né", "latin-1", 2)
        assert latin.problem == "byte 0xe9 is not valid UTF-8"
        assert decode("é".encode("utf-16")).encoding == "utf-16-le"
        assert decode("é".encode("utf-32")).text == "é"
        assert decode(b"\xff\xfe\x00").problem is not None

    @pytest.mark.parametrize(
        ("data", "text", "problem"),
        [
            ("é".encode(), "é", None),
            (codecs.BOM_UTF8 + b"x", "x", None),
            (b"# -*- coding: latin-1 -*-\n\xe9", "# -*- coding: latin-1 -*-\né", None),
            (b"#!/bin/x\n# vim: fileencoding=cp1252\n\x80", "#!/bin/x\n# vim: fileencoding=cp1252\n€", None),
            (b"x\n# coding: latin-1\n\xe9", "x\n# coding: latin-1\né", "byte 0xe9 is not valid UTF-8"),
            (b"# coding: nonsense\nx", "# coding: nonsense\nx", "unknown encoding: nonsense"),
            (b"# coding: rot13\nx", "# coding: rot13\nx", "unknown encoding: rot13"),
            (
                b"# coding: ascii\n\xc3\xa9",
                "# coding: ascii\né",
                "byte 0xc3 is not valid in the declared encoding ascii",
            ),
            (
                codecs.BOM_UTF8 + b"# coding: latin-1\n",
                "# coding: latin-1\n",
                "the encoding latin-1 contradicts the byte order mark",
            ),
            ("x".encode("utf-16"), "x", "the file is UTF-16-LE, which Python cannot read"),
        ],
    )
    def test_decode_python(self, data: bytes, text: str, problem: str | None) -> None:
        found = decode_python(data)
        assert (found.text, found.problem) == (text, problem)
