"""Every character of a cell is found where the file stores it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro_lint.finding import Span
from repro_lint.sources.positions import Positions

pytestmark = pytest.mark.untraced

_text = st.text(
    alphabet=st.sampled_from('ab\n\t"\\/é\u2028\U0001f600\r\x00\x7f ') | st.characters(codec="utf-8"), max_size=30
)


def _split(draw: st.DrawFn, source: str) -> str | list[str]:
    """One string, or a list cut anywhere."""
    if draw(st.booleans()):
        return source
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=4)))
    return [source[a:b] for a, b in zip([0, *cuts], [*cuts, len(source)], strict=True)]


@st.composite
def _stored(draw: st.DrawFn) -> tuple[str, list[str]]:
    sources = draw(st.lists(_text, max_size=4))
    old = draw(st.booleans())
    key = "input" if old else "source"
    decoy = {
        "output_type": "stream",
        "source": ["decoy"],
        "text": '{"cells": [{"source": "decoy"}]}',
        "n": [1.5, -2, None],
    }
    cells: list[Any] = []
    for source in sources:
        cell = {"cell_type": "code", "outputs": [decoy], key: _split(draw, source), "metadata": {"source": "decoy"}}
        order = draw(st.permutations(list(cell)))
        cells.append({name: cell[name] for name in order})
    if old:
        cut = draw(st.integers(0, len(cells)))
        root: dict[str, Any] = {"nbformat": 3, "worksheets": [{"cells": cells[:cut]}, {"x": 1, "cells": cells[cut:]}]}
    else:
        root = {"metadata": {"cells": [{"source": "decoy"}]}, "cells": cells, "nbformat": 4}
    text = json.dumps(
        root,
        ensure_ascii=draw(st.booleans()),
        indent=draw(st.sampled_from([None, 0, 1, 4, "\t"])),
        separators=draw(st.sampled_from([None, (",", ":"), (" ,\t", "  :\n")])),
    )
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text, sources


def _physical(text: str, span: Span) -> str:
    lines = text.split("\n")
    assert span.end_line is not None
    assert span.end_column is not None
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    middle = lines[span.line : span.end_line - 1]
    return "\n".join(
        [lines[span.line - 1][span.column - 1 :], *middle, lines[span.end_line - 1][: span.end_column - 1]]
    )


@settings(max_examples=300, deadline=None)
@given(_stored())
def test_every_character_decodes_back(stored: tuple[str, list[str]]) -> None:
    text, sources = stored
    positions = Positions(text)
    assert len(positions.cells) == len(sources)
    for index, source in enumerate(sources, 1):
        for offset, character in enumerate(source):
            span = positions.source_span(index, offset, offset + 1)
            assert json.loads(f'"{_physical(text, span)}"') == character
            point = positions.source_span(index, offset, None)
            assert (point.line, point.column) == (span.line, span.column)


@settings(max_examples=100, deadline=None)
@given(_stored(), st.data())
def test_ends_are_behind_the_last_character(stored: tuple[str, list[str]], data: st.DataObject) -> None:
    text, sources = stored
    positions = Positions(text)
    for index, source in enumerate(sources, 1):
        if not source:
            continue
        start = data.draw(st.integers(0, len(source) - 1))
        end = data.draw(st.integers(start + 1, len(source)))
        span = positions.source_span(index, start, end)
        first, last = positions.source_span(index, start, start + 1), positions.source_span(index, end - 1, end)
        assert span == Span(first.line, first.column, last.end_line, last.end_column)
        behind = positions.source_span(index, len(source), None)
        final = positions.source_span(index, len(source) - 1, len(source))
        assert (behind.line, behind.column) == (final.end_line, final.end_column)


@pytest.mark.parametrize(
    ("text", "character", "expected"),
    [
        ('{"cells":[{"source":"ab"}]}', 1, Span(1, 23, 1, 24)),
        ('{"cells":[{"source":"a\\nb"}]}', 1, Span(1, 23, 1, 25)),
        ('{"cells":[{"source":"a\\nb"}]}', 2, Span(1, 25, 1, 26)),
        ('{"cells":[{"source":"\\u00e9b"}]}', 1, Span(1, 28, 1, 29)),
        ('{"cells":[{"source":"\\ud83d\\ude00b"}]}', 0, Span(1, 22, 1, 34)),
        ('{"cells":[{"source":"\\ud83d\\ude00b"}]}', 1, Span(1, 34, 1, 35)),
        ('{"cells":[{"source":["a\\n",\r\n"\\"b"]}]}', 2, Span(2, 2, 2, 4)),
        ('{"cells":[{"source":["a\\n",\r\n"\\"b"]}]}', 3, Span(2, 4, 2, 5)),
        ('{"cells":[\n{"source":["","","a"]}]}', 0, Span(2, 19, 2, 20)),
        ('{"cells":[1,2,{"source":"a"}],\n"cells":[\n{"source":["x"],"source":"a"}]}', 0, Span(3, 27, 3, 28)),
        ('{"worksheets":[3,{"cells":5},{"cells":[{"input":"a"}]}]}', 0, Span(1, 50, 1, 51)),
        ('{"c\\u0065lls":[{"\\u0073ource":"a"}]}', 0, Span(1, 32, 1, 33)),
    ],
)
def test_storage_forms(text: str, character: int, expected: Span) -> None:
    assert Positions(text).source_span(1, character, character + 1) == expected


def test_cells_without_source_have_their_start() -> None:
    positions = Positions('{"cells": [{"id": "k"}, {"source": []}, 3]}')
    assert positions.source_span(1, 0, 0) == Span(1, 12, 1, 12)
    assert positions.id_span(1) == Span(1, 20, 1, 21)
    assert positions.id_span(2) == positions.cell_span(2) == Span(1, 25, 1, 39)
    assert positions.cell_span(3) == Span(1, 41, 1, 42)
