"""What the stored run of a notebook tells: directives, failures, and which result is older than what it reads."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from tests.conftest import memory_project

from repro_lint.api import Confidence, Finding, NotApplicable, Notebook, PythonSource, Severity
from repro_lint_rules.notebooks.cell_names import Worth, cell_reads
from repro_lint_rules.notebooks.error_in_output.failure import failure_of
from repro_lint_rules.notebooks.error_in_output.rule import ErrorInOutput
from repro_lint_rules.notebooks.out_of_order_execution.rule import OutOfOrderExecution
from repro_lint_rules.notebooks.partly_executed.rule import PartlyExecuted
from repro_lint_rules.notebooks.stale_result.rule import StaleResult
from repro_lint_rules.notebooks.stored_run import StoredRun, holds_code, shows_result

SHOWN = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}


def code(source: str, count: int | None = None, *outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": list(outputs),
        "execution_count": count,
    }


def stored(*cells: dict[str, Any], **metadata: Any) -> str:
    metadata.setdefault("language_info", {"name": "python"})
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def notebook(*cells: dict[str, Any], **metadata: Any) -> Notebook:
    found = memory_project({"a.ipynb": stored(*cells, **metadata)}).load(Notebook, "a.ipynb")
    assert found is not None
    return found


def program(*cells: dict[str, Any]) -> PythonSource:
    found = memory_project({"a.ipynb": stored(*cells)}).load(PythonSource, "a.ipynb")
    assert found is not None
    return found


def stale(*cells: tuple[str, int | None]) -> list[tuple[int, Confidence | None]]:
    """The cells with a stale result where every cell shows one, with the confidence."""
    source = program(*(code(text, count, SHOWN) for text, count in cells))
    found = [finding for finding in StaleResult().check(source) if isinstance(finding, Finding)]
    return [(f.place.cell.index, f.confidence) for f in found if f.place.cell is not None]


class TestDirectives:
    @pytest.mark.parametrize(
        ("cell", "expected"),
        [
            (code("x", tags=["raises-exception"]), {"raise"}),
            (code("x", tags=["Raises_Exception"]), {"raise"}),
            (code("x", tags=["hide-input"]), set()),
            (code("x", tags=["skip-execution"]), {"skip"}),
            (code("# NBVAL_RAISES_EXCEPTION\nx"), {"raise"}),
            (code("## NBVAL_SKIP\nx"), {"skip"}),
            (code("# see NBVAL_SKIP\nx"), set()),
            (code("#| eval: false\nx"), {"skip"}),
            (code("#|eval:False\nx"), {"skip"}),
            (code("#| eval: true\nx"), set()),
            (code("#| error: true\nx"), {"raise"}),
            (code("%%expect_exception TypeError\nx"), {"raise"}),
            (code("x", run_control={"frozen": True}), {"skip"}),
            (code("x", run_control={"read_only": True}), set()),
            (code("x", run_control=7, tags="raises-exception"), set()),
        ],
    )
    def test_of_a_cell(self, cell: dict[str, Any], expected: set[str]) -> None:
        found = notebook(cell)
        assert StoredRun(found).directives(found.cells[0]) == expected

    @pytest.mark.parametrize(
        ("metadata", "expected"),
        [
            ({"execution": {"allow_errors": True}}, {"raise"}),
            ({"execution": {"allow_errors": False}}, set()),
            ({"nbsphinx": {"allow_errors": True}}, {"raise"}),
            ({"mystnb": {"execution_allow_errors": True}}, {"raise"}),
            ({"execution": []}, set()),
        ],
    )
    def test_of_a_notebook(self, metadata: dict[str, Any], expected: set[str]) -> None:
        found = notebook(code("x"), **metadata)
        assert StoredRun(found).directives(found.cells[0]) == expected

    @pytest.mark.parametrize(
        ("front", "expected"),
        [
            ("---\ntitle: x\nskip_exec: true\n---", {"skip"}),
            ("---\nexecute:\n  eval: false\n---", {"skip"}),
            ("---\nexecute:\n  error: true\n---", {"raise"}),
            ("---\nformat: html\n---", set()),
        ],
    )
    def test_of_the_front_matter(self, front: str, expected: set[str]) -> None:
        found = notebook({"cell_type": "raw", "source": front, "metadata": {}}, code("x"))
        assert StoredRun(found).directives(found.cells[1]) == expected


class TestCells:
    @pytest.mark.parametrize(
        ("source", "language", "expected"),
        [
            ("x = 1", "python", True),
            ("", "python", False),
            ("\n  # later\n", "python", False),
            ('"""\nx = 1\n"""', "python", False),
            ("'''a'''; x = '''b'''", "python", True),
            ("%matplotlib inline", "python", True),
            ("// later", "c++", False),
            ("#include <vector>", "c++", True),
        ],
    )
    def test_holds_code(self, source: str, language: str, expected: bool) -> None:
        assert holds_code(notebook(code(source)).cells[0], language) is expected

    def test_a_result_is_neither_a_warning_nor_an_error(self) -> None:
        warning = {"output_type": "stream", "name": "stderr", "text": "slow"}
        cells = notebook(code("x", 1), code("x", 2, warning), code("x", 3, SHOWN, ERROR), code("x", 4, warning, SHOWN))
        assert [shows_result(cell) for cell in cells.cells] == [False, False, False, True]

    def test_counts_of_zero_and_of_skipped_cells_are_none(self) -> None:
        found = notebook(code("x", 0), code("x", 3), code("x", 1, tags=["skip-execution"]), code("x", 4))
        assert [cell.index for cell in StoredRun(found).counted] == [2, 4]


class TestFailures:
    def failure(self, source: str, *frames: str, name: str = "KeyError", value: str = "'a'") -> Any:
        error = {"output_type": "error", "ename": name, "evalue": value, "traceback": list(frames)}
        return failure_of(notebook(code(source, 1, error)).cells[0])

    @pytest.mark.parametrize(
        "frame",
        [
            "\x1b[0;32m<ipython-input-1-ab>\x1b[0m in \x1b[0;36m<module>\x1b[0;34m()\x1b[0m\n"
            "\x1b[1;32m      1\x1b[0m \x1b[0md = {}\x1b[0m\n\x1b[0;32m----> 2\x1b[0;31m \x1b[0md\x1b[0m['a']\n",
            "Cell In[1], line 2\n      1 d = {}\n----> 2 d['a']\n",
            "c:\\n.ipynb Cell 1 in <cell line: 2>()\n----> 2 d['a']\n",
        ],
    )
    def test_line_of_the_cells_own_frame(self, frame: str) -> None:
        span = self.failure("d = {}\nd['a']", "-----", frame, "lib.py in get(k)\n--> 80 raise KeyError\n").span
        assert (span.line, span.column, span.end_column) == (2, 1, 7)

    def test_the_last_of_chained_exceptions(self) -> None:
        frames = (
            "----> 2 d['a']",
            "\nDuring handling of the above exception, another exception occurred:\n",
            "----> 4 f()",
        )
        assert self.failure("try:\n    d['a']\nexcept KeyError:\n    f()", *frames).span.line == 4

    @pytest.mark.parametrize("frame", ["----> 9 d['a']", "----> 1 d['a']", "----> 2 d['b']", "", "----> 0 d"])
    def test_no_line_where_the_text_differs(self, frame: str) -> None:
        assert self.failure("d = {}\nd['a']", frame).span is None

    @pytest.mark.parametrize(
        ("name", "value", "text"),
        [
            ("KeyError", "'a'", "KeyError: 'a'"),
            ("ValueError", "\n  first\nsecond", "ValueError: first"),
            ("StopIteration", "", "StopIteration"),
            ("ERROR", "Error in f(): no\n", "Error in f(): no"),
            ("", "", "an error"),
            ("E", "\x1b[31mred\x1b[0m", "E: red"),
            ("E", "https://me:key@host/x", "E: https://***@host/x"),
            ("E", "x" * 300, "E: " + "x" * 100 + "..."),
        ],
    )
    def test_text(self, name: str, value: str, text: str) -> None:
        assert self.failure("x", name=name, value=value).text == text

    def test_interrupted_on_stderr(self) -> None:
        for text, interrupted in (("\nKeyboardInterrupt\n", True), ("KeyboardInterrupt was caught\n", False)):
            cell = notebook(code("x", 1, {"output_type": "stream", "name": "stderr", "text": text})).cells[0]
            assert (failure_of(cell) is not None) is interrupted

    def test_nothing_is_left_that_can_fail(self) -> None:
        assert list(ErrorInOutput().check(notebook(code("", 1, ERROR), code("# 1 / 0", 2, ERROR)))) == []

    def test_a_syntax_error_that_was_mended_since_is_a_warning(self) -> None:
        error = {"output_type": "error", "ename": "SyntaxError", "evalue": "invalid syntax", "traceback": []}
        cells = code("def f():\n    pass", 1, error), code("def f()", 2, error)
        mended, broken = (f for f in ErrorInOutput().check(notebook(*cells)) if isinstance(f, Finding))
        assert (mended.severity, broken.severity) == (Severity.WARNING, None)
        assert mended.message.endswith("was mended since without being run")

    def test_malformed_outputs(self) -> None:
        broken: list[dict[str, Any]] = [
            {"output_type": "error"},
            {"output_type": "error", "ename": 3, "evalue": None, "traceback": [1, "x"]},
        ]
        for output in broken:
            (finding,) = ErrorInOutput().check(notebook(code("x", 1, output)))
            assert isinstance(finding, Finding)
            assert finding.message.endswith("an error")


class TestOrder:
    def check(self, *counts: int | None) -> list[Finding | NotApplicable]:
        return list(OutOfOrderExecution().check(notebook(*(code("x", count) for count in counts))))

    def test_names_the_first_break_and_lists_the_others(self) -> None:
        (finding,) = self.check(1, 9, 2, 3, 8, 4)
        assert isinstance(finding, Finding)
        assert finding.place.cell is not None
        assert finding.place.cell.index == 3
        assert "cell 3 ran as [2], before cell 2 above it, which ran as [9]" in finding.message
        assert "2 cells" in finding.message
        assert "restarted" not in finding.message
        assert [related.place.cell.index for related in finding.related if related.place.cell] == [2, 6]

    def test_repeated_counts_are_explained(self) -> None:
        (finding,) = self.check(1, 2, 1, 3)
        assert isinstance(finding, Finding)
        assert "restarted" in finding.message

    @pytest.mark.parametrize("counts", [(), (None, None), (5,), (3, 9, 27, None), (None, 2, None, 3), (0, 4, 0, 5)])
    def test_silent(self, counts: tuple[int | None, ...]) -> None:
        assert self.check(*counts) == []

    def test_tools_that_do_not_count(self) -> None:
        (outcome,) = self.check(1, 1, 1)
        assert isinstance(outcome, NotApplicable)


class TestPartly:
    def test_results_without_counts_decide_nothing(self) -> None:
        (outcome,) = PartlyExecuted().check(notebook(code("a", 1), code("b"), code("c", None, SHOWN), code("d", 2)))
        assert isinstance(outcome, NotApplicable)

    def test_installations_change_nothing(self) -> None:
        installs = "# once\n!pip install pandas\n%conda install -y numpy"
        assert list(PartlyExecuted().check(notebook(code("a", 1), code(installs), code("b", 2)))) == []
        mixed = "!pip install pandas\nimport pandas"
        assert len(list(PartlyExecuted().check(notebook(code("a", 1), code(mixed), code("b", 2))))) == 1

    def test_other_languages(self) -> None:
        cells = (code("x <- 1", 1), code("# later"), code("y <- 2"), code("x", 2))
        (finding,) = PartlyExecuted().check(notebook(*cells, language_info={"name": "R"}))
        assert isinstance(finding, Finding)
        assert finding.place.cell is not None
        assert finding.place.cell.index == 3


class TestStale:
    LOAD = "df = load()"

    def test_a_result_older_than_its_data(self) -> None:
        assert stale((self.LOAD, 9), ("df", 3)) == [(2, Confidence.MEDIUM)]

    @pytest.mark.parametrize(
        "cells",
        [
            pytest.param((("df = load()", 3), ("df", 9)), id="in order"),
            pytest.param((("import math", 9), ("math.pi", 3)), id="import"),
            pytest.param(
                (("try:\n    import m\nexcept ImportError:\n    m = None", 9), ("m", 3)), id="optional import"
            ),
            pytest.param((("df = load()", 9), ("df = other()\ndf", 3)), id="binds it itself"),
            pytest.param((("df = load()", 9), ("for df in frames(): print(df)", 3)), id="loop variable"),
            pytest.param((("df = load()", 9), ("print([df for df in range(3)])", 3)), id="comprehension"),
            pytest.param((("df = load()", 9), ("df = other()", 2), ("df", 3)), id="rebound between"),
            pytest.param((("df = load()", 9), ("if late: df = other()", 2), ("df", 3)), id="perhaps rebound"),
            pytest.param((("df = load()", 9), ("%run prepare.py", 2), ("df", 3)), id="%run between"),
            pytest.param((("df = load()", 9), ("%%capture df\nx()", 2), ("df", 3)), id="bound by a magic"),
            pytest.param((("df = load()", 9), ("del df", 2), ("df", 3)), id="deleted"),
            pytest.param((("df = load()", 9), ("df = (", 2), ("df", 3)), id="unreadable cell between"),
            pytest.param((("df = load()", 9), ("def f(df): return df\nf(1)", 3)), id="parameter"),
            pytest.param((("df = load()", 9), ("def f(): return df", 3)), id="not called"),
            pytest.param((("df = load()", 9), ("df", None)), id="no count"),
            pytest.param((("df = load()", None), ("df", 3), ("1", 2)), id="definer without count"),
            pytest.param((("df", 3), ("df = load()", 9), ("1", 2)), id="defined below"),
        ],
    )
    def test_silent(self, cells: tuple[tuple[str, int | None], ...]) -> None:
        assert stale(*cells) == []

    @pytest.mark.parametrize(
        ("reader", "cell"),
        [
            ("df = df.dropna()\ndf", 2),
            ("df += 1", 2),
            ("print(*(row for row in df))", 2),
            ("list(map(lambda x: x + df, y))", 2),
            ("def f():\n    return df\nf()", 2),
            ("%time df.sum()", 2),
        ],
    )
    def test_reads(self, reader: str, cell: int) -> None:
        assert stale((self.LOAD, 9), (reader, 3)) == [(cell, Confidence.MEDIUM)]

    def test_through_functions_of_other_cells(self) -> None:
        cells = ((self.LOAD, 9), ("def inner():\n    return df", 1), ("outer = lambda: inner()", 2), ("outer()", 3))
        assert stale(*cells) == [(4, Confidence.MEDIUM)]

    def test_through_a_cell_that_shows_nothing(self) -> None:
        cells = (code(self.LOAD, 9), code("clean = df.dropna()", 3), code("clean", 10, SHOWN))
        (finding,) = StaleResult().check(program(*cells))
        assert isinstance(finding, Finding)
        assert finding.place.cell is not None
        assert finding.place.cell.index == 3
        assert "comes from clean of cell 2" in finding.message

    def test_not_through_a_cell_that_is_reported_itself(self) -> None:
        assert stale((self.LOAD, 9), ("clean = df.dropna()\nclean", 3), ("clean", 10)) == [(2, Confidence.MEDIUM)]

    def test_failed_and_empty_cells_have_no_result(self) -> None:
        assert list(StaleResult().check(program(code(self.LOAD, 9), code("df", 3, ERROR), code("df", 4)))) == []

    @pytest.mark.parametrize(
        ("cells", "confidence"),
        [
            ((("limit = 3", 9), ("limit", 3)), Confidence.MEDIUM),
            ((("x = 1", 8), ("limit = 3", 9), ("limit", 3)), Confidence.LOW),
            ((("limit = 3\nprint(limit)", 9), ("limit", 3)), Confidence.LOW),
            ((("def f(): return 1", 9), ("f()", 3)), Confidence.LOW),
            ((("join = ''.join", 9), ("join('ab')", 3)), Confidence.LOW),
            ((("import pandas as pd", 1), ("s = pd.Series([1])\ns", 9), ("s", 3)), Confidence.LOW),
            ((("import pandas as pd", 1), ("s = pd.read_csv('s')\ns", 9), ("s", 3)), Confidence.MEDIUM),
        ],
    )
    def test_confidence(self, cells: tuple[tuple[str, int], ...], confidence: Confidence) -> None:
        assert stale(*cells) == [(len(cells), confidence)]


class TestNames:
    def test_worth_of_definitions(self) -> None:
        texts = {
            "import a": Worth.IMPORT,
            "def a(): ...": Worth.DEFINITION,
            "a = lambda: 1": Worth.DEFINITION,
            "a = [1, -2, {'b': 3}]": Worth.LITERAL,
            "b = 2\na = [b] * b": Worth.LITERAL,
            "class B: ...\na = B(3)": Worth.LITERAL,
            "a = list('abc')": Worth.LITERAL,
            "a = 'x y'.split()": Worth.LITERAL,
            "a = unknown()": Worth.RESULT,
            "a = 0\nfor i in x: a += i": Worth.RESULT,
            "with open('f') as a: pass": Worth.RESULT,
            "import pandas as pd\na = pd.Series([1]).sample(1)": Worth.RESULT,
            "a = list(b)": Worth.RESULT,
        }
        for text, worth in texts.items():
            (_, reader) = cell_reads(program(code(text), code("a")))
            assert [read.definition.worth for read in reader.reads] == [worth], text

    def test_many_cells_take_no_time(self) -> None:
        cells = [
            code(f"x{n} = f{n % 50}(x{max(n - 1, 0)})\ndef f{n % 50}(v): return v + x{n // 2}", n) for n in range(2000)
        ]
        source = program(*cells)
        source.semantics.scopes  # noqa: B018 what all rules share is not measured
        started = time.perf_counter()
        assert len(list(cell_reads(source))) == 2000
        assert time.perf_counter() - started < 5
