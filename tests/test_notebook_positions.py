"""Whatever the form in which a notebook is stored, what a finding points at is what its message speaks of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import memory_project

from repro_lint.api import Notebook, Place, Span
from repro_lint.engine import run
from repro_lint.registry import load_registry

pytestmark = pytest.mark.untraced

_CELLS = (
    "import numpy as np\nimport pandas as pd\ndef one(x): return x\none()\n",
    "frame = pd.read_csv('/home/anna/data/größe.csv')",
    "%pip install pandas scikit-learn\nvalue = input('Größe? ')",
    "def scale(x, by):\n    return x * by + offset\n\nprint('é\U0001f600', scale(2))",
    "print('\\t\"', frame.head(missing_rows))\nnp.random.rand(3)",
    "if frame is None:\n    from google.colab import drive\n    drive.mount('/content/drive')",
    "'''two\nlines''' + later_name\r\nlater_name = 1",
    "password = 'aZ3$k' + 'q9!LmN'\n",
    "x = !cat /Users/ben/notes.txt\n%cd /Users/ben/work",
    "print 'Python 2'",
    "",
)
_ERROR = {
    "output_type": "error",
    "ename": "KeyError",
    "evalue": "'x'",
    "traceback": ["\u001b[0;31mKeyError\u001b[0m  Traceback", "----> 1 \u001b[0mframe = pd", "KeyError: 'x'"],
}


def _cut(draw: st.DrawFn, source: str) -> str | list[str]:
    """One string, or a list of its lines, or of any pieces."""
    form = draw(st.sampled_from(["text", "lines", "pieces"]))
    if form == "text":
        return source
    if form == "lines":
        return source.splitlines(keepends=True)
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=3)))
    return [source[a:b] for a, b in zip([0, *cuts], [*cuts, len(source)], strict=True)]


@st.composite
def stored_notebooks(draw: st.DrawFn) -> str:
    """A notebook in one of the forms in which editors and tools store them: formats 3 and 4.0 to 4.5."""
    old = draw(st.booleans())
    sources: list[str] = draw(st.lists(st.sampled_from(_CELLS), min_size=1, max_size=5))
    minor: int = draw(st.integers(0, 5))
    cells: list[Any] = []
    for number, source in enumerate(sources):
        count: int | None = draw(st.sampled_from([None, 3, 7]))
        cell: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [_ERROR] if count == 7 else []}
        cell["prompt_number" if old else "execution_count"] = count
        cell["input" if old else "source"] = _cut(draw, source)
        if minor == 5 and not old:
            cell["id"] = f"cell-{number}"
        cells.append({name: cell[name] for name in draw(st.permutations(list(cell)))})
        if draw(st.booleans()):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": _cut(draw, 'Text \\ "é"\n')})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    root = (
        {"metadata": kernel, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}
        if old
        else {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": minor}
    )
    separators: tuple[str, str] | None = draw(st.sampled_from([None, (",", ":"), (" ,", " : ")]))
    text = json.dumps(
        root, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1, "\t"])), separators=separators
    )
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def _between(lines: list[str], span: Span) -> str:
    """The text of a span, whose end may be behind the last line."""
    end_line, end_column = span.last_line, span.end_column
    if span.line == end_line:
        return lines[span.line - 1][span.column - 1 : end_column - 1 if end_column else None]
    inner = lines[span.line : end_line - 1]
    last = lines[end_line - 1][: end_column - 1 if end_column else None]
    return "\n".join([lines[span.line - 1][span.column - 1 :], *inner, last])


def _decoded(stored: str) -> str:
    """The text that a stretch of JSON stands for: strings, with what lies between those of a list left out."""
    pieces, at, inside = [], 0, True
    text = stored
    start = 0
    while at < len(text):
        if inside and text[at] == "\\":
            at += 2
            continue
        if text[at] == '"':
            if inside:
                pieces.append(text[start:at])
            else:
                start = at + 1
            inside = not inside
        at += 1
    if inside:
        pieces.append(text[start:])
    return "".join(json.loads(f'"{piece}"') for piece in pieces)


def _check(place: Place, notebook: Notebook, lines: list[str]) -> bool:
    """Compare the text at the physical span with that at the span in the cell; False where there is no such span."""
    if place.cell is None or place.span is None or place.span.end_line is None or place.span.end_column is None:
        return False
    cell = next(cell for cell in notebook.cells if cell.index == place.cell.index)
    assert place.physical is not None
    source = _between(list(cell.line_map.lines), place.span)
    # Python ends lines at a carriage return too, and where they end does not tell how.
    found = _decoded(_between(lines, place.physical)).replace("\r\n", "\n").replace("\r", "\n")
    assert found == source
    return True


@settings(max_examples=100, deadline=None)
@given(stored_notebooks())
def test_the_physical_span_holds_the_reported_text(text: str) -> None:
    """For every finding of every rule in a notebook, related places included."""
    project = memory_project({"n.ipynb": text, "requirements.txt": "pandas\n"})
    outcome = run(project, [entry.rule() for entry in load_registry()])
    notebook = project.load(Notebook, "n.ipynb")
    assert notebook is not None
    assert [meta.name for meta, _ in outcome.findings if meta.name == "internal-error"] == []
    lines = notebook.text.replace("\r\n", "\n").split("\n")
    for _, finding in outcome.findings:
        for place in (finding.place, *(related.place for related in finding.related)):
            if place.path == "n.ipynb":
                _check(place, notebook, lines)


def test_the_cells_give_rise_to_findings_in_all_of_them() -> None:
    """The property above is about something: in one plain form, many findings have a span in a cell."""
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [_ERROR], "execution_count": 1, "source": source}
        for source in _CELLS
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1)
    project = memory_project({"n.ipynb": text})
    outcome = run(project, [entry.rule() for entry in load_registry()])
    notebook = project.load(Notebook, "n.ipynb")
    assert notebook is not None
    checked = {meta.name for meta, finding in outcome.findings if _check(finding.place, notebook, text.split("\n"))}
    assert {"undefined-name", "absolute-path", "interactive-input", "stale-call"} <= checked
